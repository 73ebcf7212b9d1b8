// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

it.each([
  [0, '0.0s'],
  [420, '0.4s'],
  [12_340, '12.3s'],
  [59_949, '59.9s'],
  [59_960, '1m00s'],
  [252_000, '4m12s'],
  [3_720_000, '1h02m'],
])('%i ms reads as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
