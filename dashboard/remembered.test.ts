// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('is made once for the same object and key, and anew for another', () => {
  const made: string[] = [];
  const make = remembered(
    (of: { name: string }, width: number) => {
      made.push(`${of.name} ${width}`);
      return [of.name, width];
    },
    (width) => String(width),
  );
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  expect(make(one, 80)).toBe(make(one, 80));
  make(one, 100);
  make(other, 80);
  expect(made).toEqual(['one 80', 'one 100', 'other 80']);
  // Not all that there ever were are kept.
  for (let width = 0; width < 20; width++) make(one, width);
  make(one, 80);
  expect(made.filter((text) => text === 'one 80')).toHaveLength(2);
});
