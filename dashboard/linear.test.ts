// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { Desk } from './fixture.ts';
import { linearLines } from './linear.ts';

/** What is heard of each key. */
function heard(desk: Desk, ...keys: string[]): string[][] {
  return keys.map((key) => {
    const before = desk.state;
    return linearLines(before, desk.press(key).state);
  });
}

it('a place is told with what it has, then only what a key has changed', () => {
  const desk = new Desk().opened().press('4');
  expect(linearLines(null, desk.state)).toEqual([
    'comments, comments: comments: 2 owed, 2 rows',
    expect.stringMatching(/^1: Rex Reviewer +v2 +open .*Why not a helper\?/),
  ]);
  expect(heard(desk, 'j', 'j', 'tab')).toEqual([
    [expect.stringMatching(/^2: Rex Reviewer/)],
    [],
    [
      expect.stringMatching(/^comments, details: thread of c2222222/),
      'c2222222',
      ...Array(9).fill(expect.any(String)),
    ],
  ]);
});

it('questions and answers are told', () => {
  const desk = new Desk().opened().press('4');
  expect(heard(desk, 'r', 'd', 'x')).toEqual([
    [expect.stringMatching(/^resolve c1111111 as: {2}a addressed/)],
    ['declined, why?'],
    ['declined, why? x'],
  ]);
});

it('an empty place says what it is', () => {
  expect(linearLines(null, new Desk().state)).toEqual(['series: series', 'reading patches/ …']);
});
