// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { trailerBlock } from './trailer-block.ts';

const REVIEWED = 'Reviewed-by: Bob <bob@example.org>';
const check = async (message: string): Promise<string[]> =>
  await found(trailerBlock, { patches: [{}, { message }] });

it('finds a blank line between trailers', async () => {
  expect(await check(`Say why.\n\n${REVIEWED}\n\n${SIGNED}`)).toEqual([
    '2 message:4 a blank line stands between trailers',
  ]);
});

it('finds text behind them and between them', async () => {
  expect(await check(`Say why.\n\n${SIGNED}\n\nTested on x86.`)).toEqual([
    '2 message:5 text follows the trailers',
  ]);
  expect(await check(`Say why.\n\n${SIGNED}\n\nTested on x86.\n\n${REVIEWED}`)).toEqual([
    '2 message:5 text stands between the trailers',
  ]);
});

it('finds text that touches them', async () => {
  expect(await check(`Say why.\n\nAnd how.\n${REVIEWED}\n${SIGNED}`)).toEqual([
    '2 message:4 no blank line stands above the trailers',
  ]);
});

it.each([
  `Say why.\n\n${REVIEWED}\n[ann: took out a line,\n and another]\n${SIGNED}`,
  `Say why.\n\nFixes: 123456789abc ("vsock: a thing")\n\n${SIGNED}`,
  `Link: https://example.org/ says why.\n\nMore of it.\n\n${SIGNED}`,
  `See [1].\n\n[1] https://example.org/\n\n${SIGNED}\n(cherry picked from commit 123456789abc)`,
  'Say why.',
])('is silent on %j', async (message) => {
  expect(await check(message)).toEqual([]);
});
