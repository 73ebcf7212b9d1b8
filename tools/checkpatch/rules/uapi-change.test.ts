// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { checkInput, found, newFile } from '../fixture.ts';
import { uapiChange } from './uapi-change.ts';

const PATH = 'include/uapi/linux/vm_sockets.h';
const diff = (lines: readonly string[], heading = '', path = PATH): string =>
  [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${lines.filter((one) => !one.startsWith('+')).length} +1,${lines.filter((one) => !one.startsWith('-')).length} @@ ${heading}`,
    ...lines,
    '',
  ].join('\n');
const of = async (lines: readonly string[], heading?: string): Promise<string[]> => {
  const all = await found(uapiChange, { patches: [{ diff: diff(lines, heading) }] });
  return all.map((text) => text.replace(`1 ${PATH}:`, ''));
};
const added = (count: string, line: number): string => `${line} ${count} added to the user-space interface`;

describe('finds', () => {
  it('what is changed or taken away', async () => {
    expect(await of(['-#define A 1', '-\t__u32 b[2];', '-\tC,', '+#define A 2'])).toEqual([
      '1 A is changed or taken away',
      '2 b is changed or taken away',
      '3 C is changed or taken away',
      added('a line is', 1),
    ]);
  });

  it('a value in the middle of an enum', async () => {
    expect(await of([' enum a {', ' \tA,', '+\tB, /* new */', '+', ' \tC,', ' };'])).toEqual([
      '3 B is put in front of C and gives it another value',
      added('a line is', 3),
    ]);
    expect(await of([' \tA,', '+\tB = 4,', ' \tC'], 'enum a {')).toHaveLength(2);
  });

  it('a member in the middle of a structure', async () => {
    expect(await of([' \t__u32 a;', '+\t__u32 b;', ' \t__u32 c;', ' };'], 'struct s {')).toEqual([
      '2 b is put in front of c in a structure',
      added('a line is', 2),
    ]);
  });

  it('a header that is taken away or gets another name', async () => {
    const gone = diff(['-#define A 1'])
      .replace(`+++ b/${PATH}`, '+++ /dev/null')
      .replace('--- a', 'deleted file mode 100644\n--- a');
    expect(await found(uapiChange, { patches: [{ diff: gone }] })).toEqual([
      `1 ${PATH} ${PATH} is taken away`,
    ]);
  });
});

describe('only notes', () => {
  it('what is added at the end, or with values of their own behind it', async () => {
    expect(await of([' \tA,', '+\tB,', '+\tC,', ' \t__A_MAX', ' };'], 'enum a {')).toEqual([
      added('2 lines are', 2),
    ]);
    expect(await of([' \tA,', '+\tB,', ' };'], 'enum a {')).toEqual([added('a line is', 2)]);
    expect(await of(['+\tB = 1,', ' \tC = 2,'], 'enum a {')).toEqual([added('a line is', 1)]);
    expect(await of([' \t__u32 a;', '+\t__u32 b;', ' };'], 'struct s {')).toEqual([added('a line is', 2)]);
  });

  it('a new header, and a new enum', async () => {
    expect(
      await found(uapiChange, { patches: [{ diff: newFile(PATH, ['enum a {', '\tA,', '\tB,', '};']) }] }),
    ).toHaveLength(1);
    expect(await of(['+enum a {', '+\tA,', '+\tB,', '+};', '+', ' enum c {', ' \tC,'])).toHaveLength(1);
  });

  it('the name of the last value', async () => {
    const result = await uapiChange.check(
      await checkInput({
        patches: [{ diff: diff(['-#define A_MAX 1', '+#define A_MAX 2']) }],
      }),
    );
    expect(result).toMatchObject([{ severity: 'note' }, { severity: 'note' }]);
  });
});

describe('is silent about', () => {
  it('lines that go with a definition', async () => {
    expect(await of(['-#ifdef A', '-#define B(a) \\', '-\tC(a)', '-#endif'])).toEqual([
      '2 B is changed or taken away',
    ]);
  });

  it('white space, comments, commas, includes and lines that move', async () => {
    expect(
      await of([
        '-#define A 1',
        '-\tB',
        '-#include <a.h>',
        '+#define\tA\t1 /* one */',
        '+/* words */',
        '+\tB,',
        '+#include <b.h>',
      ]),
    ).toEqual([]);
  });

  it('other headers', async () => {
    expect(
      await found(uapiChange, { patches: [{ diff: diff(['-#define A 1'], '', 'include/net/a.h') }] }),
    ).toEqual([]);
  });
});

it('takes a line in the place of another for a change, not for one in the middle', async () => {
  expect(await of([' \tA,', '-\tB,', '+\tC,', ' \tD,'], 'enum a {')).toEqual([
    '2 B is changed or taken away',
    added('a line is', 2),
  ]);
});
