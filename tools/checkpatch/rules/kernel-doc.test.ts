// SPDX-License-Identifier: MIT
/** With a script in the place of kernel-doc that warns of what it reads; the real one runs in test/scenarios/kernels. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import type { CheckInput, CheckTree } from '../rule.ts';
import { kernelDoc } from './kernel-doc.ts';

const FILE = 'net/vmw_vsock/af_vsock.c';
let scripts: string;

beforeEach(() => {
  scripts = mkdtempSync(path.join(tmpdir(), 'respin-kernel-doc-'));
  mkdirSync(path.join(scripts, 'scripts'));
});

afterEach(() => rmSync(scripts, { recursive: true, force: true }));

/** A line `BAD words` of a file is warned of. */
const GREP = `grep -n '^BAD' "$@" /dev/null | sed 's/^\\(.*\\):\\([0-9]*\\):BAD/\\1:\\2: warning:/' >&2`;

function tree(
  before: string | null,
  after: string | null,
  script = GREP,
): Pick<CheckInput, 'tree' | 'scripts'> {
  const file = path.join(scripts, 'scripts/kernel-doc');
  writeFileSync(file, `#!/bin/sh\nshift\n${script}\n`);
  chmodSync(file, 0o755);
  const fake = {
    before: () => 'before',
    after: () => 'after',
    file: async (commit: string) => (commit === 'before' ? before : after),
  };
  return { tree: async () => fake as unknown as CheckTree, scripts: async () => scripts };
}

const lines = (at: number, text: string): string => `${'\n'.repeat(at - 1)}${text}\n`;
const patches = [{ diff: adds(FILE, ['BAD x not described']) }];

it('finds what a patch makes worse, at its line', async () => {
  const text = lines(11, 'BAD x not described');
  expect(await found(kernelDoc, { patches, ...tree('', text) })).toEqual([`1 ${FILE}:11 x not described`]);
});

it('is silent on what was there before and has moved', async () => {
  const [before, after] = [lines(30, 'BAD old'), lines(31, 'BAD old')];
  expect(await found(kernelDoc, { patches, ...tree(before, after) })).toEqual([]);
});

it('looks at a file that the patch brings', async () => {
  expect(await found(kernelDoc, { patches, ...tree(null, lines(11, 'BAD new')) })).toEqual([
    `1 ${FILE}:11 new`,
  ]);
});

it('is not for a series without C', async () => {
  const none = [{ diff: adds('Documentation/networking/af_vsock.rst', ['words']) }];
  expect(await found(kernelDoc, { patches: none })).toEqual([
    'not for this: it touches no C file and no header',
  ]);
});

it('cannot tell when the script fails without a word on a file', async () => {
  await expect(
    found(kernelDoc, { patches, ...tree('', 'x', 'echo no such option >&2; exit 2') }),
  ).rejects.toThrow(/ended with 2: no such option/);
});
