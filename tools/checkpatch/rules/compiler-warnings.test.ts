// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { built, SOURCE, said } from '../builds/fixture.ts';
import { found } from '../fixture.ts';
import { compilerWarnings } from './compiler-warnings.ts';

const GCC = "unused variable 'a' [-Wunused-variable]";

it("finds gcc's new warnings at their lines", async () => {
  const ways = { warnings: { warnings: [said(11, GCC)] } };
  expect(await found(compilerWarnings, await built({ ways }))).toEqual([`2 ${SOURCE}:11 ${GCC}`]);
});

it('leaves those of sparse to their rule', async () => {
  const ways = { warnings: { warnings: [said(11, "symbol 'a' was not declared. Should it be static?")] } };
  expect(await found(compilerWarnings, await built({ ways }))).toEqual([]);
});

it('says of which headers not every user was compiled', async () => {
  expect(await found(compilerWarnings, await built({ partly: ['include/linux/skbuff.h'] }))).toEqual([
    'left out: most of the objects that include include/linux/skbuff.h: some of them were compiled',
  ]);
});
