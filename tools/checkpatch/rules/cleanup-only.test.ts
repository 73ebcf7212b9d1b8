// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { cleanupOnly } from './cleanup-only.ts';

const PATH = 'net/core/dev.c';
const diff = (lines: readonly string[], path = PATH): string =>
  [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${lines.filter((one) => !one.startsWith('+')).length} +1,${lines.filter((one) => !one.startsWith('-')).length} @@`,
    ...lines,
    '',
  ].join('\n');
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(cleanupOnly, { patches: [{ diff: diff(lines, path) }] });

describe('finds', () => {
  it('white space, also where a line is broken', async () => {
    expect(await of(['-\tif (a)  b( c,d );', '+\tif (a)', '+\t\tb(c, d);', '+'])).toEqual([
      '1 subject the patch changes white space alone',
    ]);
  });

  it('the order of declarations', async () => {
    expect(await of(['-\tint a;', ' \tu8 c;', '+\tint a;', ' '])).toEqual([
      '1 subject the patch changes the order of declarations alone',
    ]);
  });

  it('what its subject calls one', async () => {
    for (const subject of [
      'net: fix checkpatch warnings',
      'net: use devm_kzalloc()',
      'net: Reverse xmas tree',
    ]) {
      expect(await found(cleanupOnly, { patches: [{ subject }] })).toEqual([
        '1 subject the subject speaks of a clean-up',
      ]);
    }
  });
});

describe('is silent about', () => {
  it('changes of code, of comments, and of other languages', async () => {
    expect(await of(['-\ta = 1;', '+\ta = 2;'])).toEqual([]);
    expect(await of(['-\ta = 1; /* teh */', '+\ta = 1; /* the */'])).toEqual([]);
    expect(await of(['-\ta();', ' \tb();', '+\ta();'])).toEqual([]);
    expect(await of(['-  a', '+    a'], 'tools/net/a.py')).toEqual([]);
  });

  it('a fix', async () => {
    const message = `Mend it.\n\nFixes: 0123456789ab ("net: a")\n${SIGNED}`;
    const subject = 'net: fix white space in the output';
    expect(await found(cleanupOnly, { patches: [{ subject, message }] })).toEqual([]);
  });

  it('a clean-up beside other work', async () => {
    const patches = [{ diff: diff(['-a ;', '+a;']) }, {}];
    expect(await found(cleanupOnly, { patches })).toEqual([]);
  });
});
