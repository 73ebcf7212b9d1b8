// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSize, sizeName } from './byte-size.ts';

it.each([
  ['64KB', 65_536],
  ['64k', 65_536],
  ['64 KiB', 65_536],
  ['16B', 16],
  ['16', 16],
  ['1MB', 1_048_576],
])('reads %s', (text, bytes) => {
  expect(readSize(text)).toBe(bytes);
});

it.each(['', '0', '-1', '64 Kb/s', '1.5K', 'K', '9'.repeat(20)])('does not read %j', (text) => {
  expect(readSize(text)).toBeNull();
});

it('reads what it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (bytes) => {
      expect(readSize(sizeName(bytes))).toBe(bytes);
    }),
  );
});
