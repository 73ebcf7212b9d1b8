// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { parseCheckpatch } from './checkpatch-output.ts';

const output = readFileSync(path.join(projectRoot, 'test/fixtures/checkpatch/bad.txt'), 'utf8');

it('reads what the script prints of a bad patch, and none of its notes', () => {
  const remarks = parseCheckpatch(output);
  expect(remarks.map(({ level, type, inputLine, line }) => [level, type, inputLine, line].join(' '))).toEqual(
    [
      'WARNING COMMIT_LOG_LONG_LINE 7 ',
      'ERROR GIT_COMMIT_ID 8 ',
      'WARNING TYPO_SPELLING 8 ',
      'WARNING UNKNOWN_COMMIT_ID 8 ',
      'ERROR TRAILING_WHITESPACE 22 11',
      'ERROR SPACING 22 11',
      'CHECK CAMELCASE 22 11',
      'WARNING LINE_SPACING 23 12',
      'ERROR SPACING 23 12',
      'ERROR TRAILING_STATEMENTS 23 12',
      'WARNING BRACES 23 12',
      'WARNING TYPO_SPELLING 24 13',
      'WARNING STRCPY 24 13',
      'WARNING FILE_PATH_CHANGES 27 ',
      'WARNING SPDX_LICENSE_TAG 32 1',
      'WARNING FROM_SIGN_OFF_MISMATCH  ',
    ],
  );
});

it('keeps file, words and the lines that are shown', () => {
  const spacing = parseCheckpatch(output).find(({ type }) => type === 'SPACING');
  expect(spacing).toEqual({
    level: 'ERROR',
    type: 'SPACING',
    text: "spaces required around that '=' (ctx:VxW)",
    inputLine: 22,
    file: 'net/vmw_vsock/af_vsock.c',
    line: 11,
    shown: ['+\tint fooBar= 3; ', ' \t          ^'],
  });
});

it('takes a remark about all of the patch for one without a place', () => {
  const last = parseCheckpatch(output).at(-1);
  expect(last).toMatchObject({ type: 'FROM_SIGN_OFF_MISMATCH', inputLine: null, file: null, shown: [] });
});

it('reads anything', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...output.split('\n')), fc.string())), (lines) => {
      for (const remark of parseCheckpatch(lines.join('\n'))) expect(remark.type).toMatch(/^[A-Z0-9_]+$/);
    }),
  );
});
