// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { built, SOURCE, said } from '../builds/fixture.ts';
import { versionOf } from '../builds/shop.ts';
import { found } from '../fixture.ts';
import { clangWarnings } from './clang-warnings.ts';

const there = (await versionOf('clang')) !== null;

it.skipIf(!there)("finds clang's new warnings at their lines", async () => {
  const clang = { warnings: [said(11, "variable 'a' is uninitialized when used here [-Wuninitialized]")] };
  expect(await found(clangWarnings, await built({ ways: { clang } }))).toEqual([
    `2 ${SOURCE}:11 variable 'a' is uninitialized when used here [-Wuninitialized]`,
  ]);
});

it.skipIf(there)('needs no clang', async () => {
  expect(await found(clangWarnings, await built({}))).toEqual([
    'not for this: clang is not installed, and not needed',
  ]);
});
