// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { built, SOURCE, said } from '../builds/fixture.ts';
import { versionOf } from '../builds/shop.ts';
import { found } from '../fixture.ts';
import { sparseWarnings } from './sparse-warnings.ts';

const there = (await versionOf('sparse')) !== null;
const SPARSE = "symbol 'a' was not declared. Should it be static?";

it.skipIf(!there)("finds sparse's new warnings at their lines, and leaves gcc's to their rule", async () => {
  const warnings = [said(11, SPARSE), said(12, "unused variable 'b' [-Wunused-variable]")];
  expect(await found(sparseWarnings, await built({ ways: { warnings: { warnings } } }))).toEqual([
    `2 ${SOURCE}:11 ${SPARSE}`,
  ]);
});

it.skipIf(there)('names the package when sparse is missing', async () => {
  await expect(found(sparseWarnings, await built({}))).rejects.toMatchObject({ hint: 'apt install sparse' });
});
