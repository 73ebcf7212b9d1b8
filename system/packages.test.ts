// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { parsePackages, readPackages } from './packages.ts';

describe('parsePackages', () => {
  it('reads a line and leaves comments out', () => {
    expect(parsePackages('# a\n\nrequired any gcc   compiles it\noptional 13 a-b+c what for\n')).toEqual([
      { name: 'gcc', required: true, since: null, purpose: 'compiles it' },
      { name: 'a-b+c', required: false, since: 13, purpose: 'what for' },
    ]);
  });

  it.each(['gcc', 'needed any gcc x', 'required any gcc', 'required any ../x y'])('refuses %j', (line) => {
    expect(() => parsePackages(line)).toThrow(/packages\.txt:1/);
  });
});

it('the list itself can be read and names no package twice', async () => {
  const names = (await readPackages()).map((need) => need.name);
  expect(names).toContain('gcc');
  expect(new Set(names).size).toBe(names.length);
});
