// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

it('gives the results in the order of the items, whoever ends first', async () => {
  const delays = [30, 1, 20, 1];
  const results = await inParallel(delays, 2, async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  });
  expect(results).toEqual(delays);
});

it('has no more than so many under way', async () => {
  let now = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4, 5], 2, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 1));
    now--;
  });
  expect(most).toBe(2);
});

it('begins nothing more once one has failed', async () => {
  const begun: number[] = [];
  const work = inParallel([1, 2, 3, 4], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('the second');
  });
  await expect(work).rejects.toThrow('the second');
  expect(begun).toEqual([1, 2]);
});
