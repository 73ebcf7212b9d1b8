// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { fixesBlankLine } from './fixes-blank-line.ts';

const FIXES = 'Fixes: 123456789abc ("vsock: a thing")';
const check = async (message: string): Promise<string[]> =>
  await found(fixesBlankLine, { patches: [{ message }] });

it('finds a blank line below it', async () => {
  expect(await check(`Say why.\n\n${FIXES}\n\n${SIGNED}`)).toEqual([
    '1 message:3 the Fixes: line is apart from the trailers below',
  ]);
});

it('finds one that stands in the text', async () => {
  expect(await check(`${FIXES}\n\nSay why.\n\n${SIGNED}`)).toHaveLength(1);
});

it('is silent among trailers, also where a blank line is between others', async () => {
  expect(await check(`Say why.\n\n${FIXES}\n${SIGNED}`)).toEqual([]);
  expect(await check(`Say why.\n\nLink: https://example.org/\n\n${FIXES}\n${SIGNED}`)).toEqual([]);
  expect(await check(`Say why.\n\n${FIXES}\nLink: https://example.org/\n\n${SIGNED}`)).toEqual([]);
  expect(await check(`Say why.\n\n${FIXES}`)).toEqual([]);
});
