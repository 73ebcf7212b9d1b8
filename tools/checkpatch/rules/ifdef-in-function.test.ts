// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, newFile } from '../fixture.ts';
import { ifdefInFunction } from './ifdef-in-function.ts';

const PATH = 'net/core/dev.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(ifdefInFunction, { patches: [{ diff: newFile(path, lines) }] });

it('notes one in a function', async () => {
  expect(await of(['int f(void)', '{', '#ifdef CONFIG_NET', '\tg();', '#endif', '}'])).toEqual([
    `1 ${PATH}:3 a new #if on CONFIG_NET in a function`,
  ]);
  expect(await of(['int f(void)', '{', '#if defined(A) && IS_ENABLED(CONFIG_NET)', '}'])).toHaveLength(1);
});

it('is silent around functions, in types and tables, in headers, and about other symbols', async () => {
  expect(await of(['#ifdef CONFIG_NET', 'int f(void)', '{', '}', '#endif'])).toEqual([]);
  expect(await of(['static struct a b[] = {', '#ifdef CONFIG_NET', '\t{ 1 },', '#endif', '};'])).toEqual([]);
  expect(await of(['int f(void)', '{', '#ifdef CONFIG_NET'], 'include/net/a.h')).toEqual([]);
  expect(await of(['int f(void)', '{', '#ifdef DEBUG', '#endif /* CONFIG_NET */'])).toEqual([]);
});
