// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerformanceClaim } from '../../../core/review.ts';
import { checkInput, found, SIGNED } from '../fixture.ts';
import { performanceClaim } from './performance-claim.ts';

const of = (message: string, more: object = {}) =>
  found(performanceClaim, { patches: [{ message: `${message}\n\n${SIGNED}` }], ...more });

const ROW: PerformanceClaim = {
  ...{ test: '64KB', direction: 'g2h', before: 10, after: 12.5, unit: 'Gb/s' },
  ...{ change: 30, computedChange: 25, right: false, setup: null, base: null, patch: 1 },
};

it('finds a wrong percentage on its line', async () => {
  const message =
    'Measured:\n  32KB 8 Gb/s 12.5 Gb/s\n  64KB 10 Gb/s 11 Gb/s +30%\n  64KB 10 Gb/s 12.5 Gb/s +30%';
  expect(await of(message, { reviewed: { performance: [ROW] } })).toEqual([
    '1 message:4 64KB g2h: 10 to 12.5 Gb/s is +25%, and it says +30%',
  ]);
});

it('finds one in the cover letter and in the notes', async () => {
  const cover = 'Faster:\n64KB\nBefore: 10 Gb/s\nAfter: 12.5 Gb/s (-30%)';
  const performance = [{ ...ROW, direction: null, change: -30, patch: 0 }];
  expect(await of('Why.', { cover, reviewed: { performance } })).toEqual([
    '0 cover:4 64KB: 10 to 12.5 Gb/s is +25%, and it says -30%',
  ]);
  const patches = [{ notes: 'After: 12.5 Gb/s (+30%)' }];
  expect(await found(performanceClaim, { patches, reviewed: { performance: [ROW] } })).toEqual([
    '1 notes:1 64KB g2h: 10 to 12.5 Gb/s is +25%, and it says +30%',
  ]);
});

it('of one patch out of a series it finds the wrong percentage alone', async () => {
  const input = await checkInput({
    patches: [{}, { message: `It is faster.\n64KB 10 Gb/s 12.5 Gb/s +30%\n\n${SIGNED}` }],
    reviewed: { performance: [{ ...ROW, patch: 2 }] },
  });
  const alone = { ...input, series: { ...input.series, patches: input.series.patches.slice(1) } };
  expect(await performanceClaim.check(alone)).toMatchObject([{ place: { patch: 2, line: 2 } }]);
  expect(
    await performanceClaim.check({ ...alone, review: (await checkInput({ patches: [{}] })).review }),
  ).toEqual([]);
});

it('is content with right percentages, and none', async () => {
  const right = { ...ROW, change: 25, right: true };
  const none = { ...ROW, change: null, right: null };
  expect(await of('Faster.', { reviewed: { performance: [right, none] } })).toEqual([]);
});

it.each([
  ['This improves throughput.', 'improves throughput'],
  ['With it the copy is faster.', 'faster'],
  ['Larger buffers increase the\noverall throughput.', 'increase the overall throughput'],
  ['It reduces the CPU usage of the host.', 'reduces the CPU usage'],
  ['Speed up the copy.', 'Speed up'],
])('reads "%s"', async (message, words) => {
  expect(await of(message)).toEqual([`1 message:1 "${words}" is said without a figure`]);
});

it('finds a claim in a subject', async () => {
  expect(await found(performanceClaim, { patches: [{ subject: 'vsock: improve performance' }] })).toEqual([
    '1 subject "improve performance" is said without a figure',
  ]);
});

it.each([
  'It is faster: 3 % with 64 KiB buffers.',
  'It is faster: 21.6 Gb/s before, 25.6 Gb/s now.',
  'It is 2x faster.',
  'It is faster by 12 us.',
])('is content with a figure: %s', async (message) => {
  expect(await of(message)).toEqual([]);
  expect(await of('It is faster.', { cover: message })).toEqual([]);
});

it.each([
  'The performance counters are per CPU.',
  'Reduce the number of copies.',
  'Set the speed of the link.',
])('does not take for a claim: %s', async (message) => {
  expect(await of(message)).toEqual([]);
});
