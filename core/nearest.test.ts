// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['doctor', 'doctor', 0],
    ['docotr', 'doctor', 1],
    ['sries', 'series', 1],
    ['tree', 'runs', 4],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('nearest', () => {
  const names = ['run', 'runs', 'tree', 'series', 'doctor', 'config'];
  it('finds typos and beginnings, nearest first', () => {
    expect(nearest('docotr', names)).toEqual(['doctor']);
    expect(nearest('conf', names)).toEqual(['config']);
    expect(nearest('rnu', names)).toEqual(['run']);
  });
  it('finds nothing where nothing is near', () => {
    expect(nearest('elephant', names)).toEqual([]);
  });
});
