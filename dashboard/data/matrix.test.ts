// SPDX-License-Identifier: MIT

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readWholeReview } from '../../review/store/read-review.ts';
import { patchMatrix } from './matrix.ts';

const ECHO = path.resolve(import.meta.dirname, '../../test/fixtures/review/echo-limit/mails');

it('a patch stays in its row from version to version, new ones get one, dropped ones end', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'matrix-'));
  try {
    mkdirSync(path.join(folder, 'mail'));
    for (const name of readdirSync(ECHO)) {
      writeFileSync(path.join(folder, 'mail', name), readFileSync(path.join(ECHO, name)));
    }
    const { versions, rows } = patchMatrix(await readWholeReview(folder));
    expect(versions).toEqual(['v1', 'v2', 'v3']);
    expect(
      rows.map(({ cells }) => cells.map((cell) => (cell === null ? '-' : `${cell.patch} ${cell.change}`))),
    ).toEqual([
      ['1 first', '1 both', '1 diff'],
      ['-', '-', '2 added'],
      ['2 first', '2 both', '3 diff'],
      ['4 first', '4 diff', '4 unchanged'],
      ['3 first', '3 diff', '-'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
