// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { built, SOURCE, said } from '../builds/fixture.ts';
import { found } from '../fixture.ts';
import { buildsOn32Bit } from './builds-on-32-bit.ts';

const SHIFT = 'left shift count >= width of type [-Wshift-count-overflow]';
const UNDECLARED = '‘b’ undeclared';

it('finds what goes wrong on 32 bits alone', async () => {
  const i386 = { warnings: [said(11, SHIFT)], errors: [said(12, UNDECLARED)] };
  expect(await found(buildsOn32Bit, await built({ ways: { i386 } }))).toEqual([
    `2 ${SOURCE}:12 ${UNDECLARED}`,
    `2 ${SOURCE}:11 ${SHIFT}`,
  ]);
});

it('is silent on what is wrong on 64 bits as well', async () => {
  const ways = {
    i386: { warnings: [said(11, SHIFT)], errors: [said(12, UNDECLARED)] },
    warnings: { warnings: [said(11, SHIFT)] },
  };
  const failures = [{ patch: 2, why: 'the kernel does not build', errors: [said(12, UNDECLARED)] }];
  expect(await found(buildsOn32Bit, await built({ ways, failures }))).toEqual([]);
});
