// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messageLine } from './message-line.ts';

const BEFORE = [
  'The limit counts what is queued for a peer, so that a',
  'guest cannot make the host queue more than that.',
  '',
  'No function changes yet.',
  '',
  'Signed-off-by: Ada Author <ada@example.org>',
];

const fate = (line: number, after: string[]) => {
  const { what, line: now } = messageLine(BEFORE, after, line);
  return [what, now];
};

it('a line that is there as it was', () => {
  expect(fate(4, BEFORE)).toEqual(['unchanged', 4]);
  expect(fate(4, ['A new first paragraph.', '', ...BEFORE])).toEqual(['unchanged', 6]);
});

it('is not changed when it is only wrapped in another way', () => {
  const after = [
    'The limit',
    'counts what is queued for a peer, so that a guest cannot make the',
    'host queue more than that.',
    ...BEFORE.slice(2),
  ];
  expect(fate(1, after)).toEqual(['unchanged', 1]);
  expect(fate(2, after)).toEqual(['unchanged', 2]);
});

it('changed where its words are others', () => {
  expect(fate(4, BEFORE.with(3, 'No functional change yet.'))).toEqual(['changed', 4]);
});

it('moved where it stands elsewhere', () => {
  const after = [BEFORE[3] ?? '', '', ...BEFORE.slice(0, 3), ...BEFORE.slice(5)];
  expect(fate(4, after)[0]).toMatch(/^(?:moved|unchanged)$/);
  expect(fate(4, after)[1]).toBe(1);
});

it('removed where nothing of it is left', () => {
  expect(fate(4, BEFORE.with(3, 'A lock of the queue protects the count.'))).toEqual(['removed', null]);
  expect(fate(4, [...BEFORE.slice(0, 3), ...BEFORE.slice(5)])).toEqual(['removed', null]);
  expect(fate(4, [])).toEqual(['removed', null]);
});

it('a line that was not there cannot be followed', () => {
  expect(fate(40, BEFORE)).toEqual(['unknown', null]);
});

it('takes any messages, and a line it finds is one of the later', () => {
  const text = fc.array(fc.string({ maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, fc.nat(12), (before, after, line) => {
      const { line: now } = messageLine(before, after, line);
      if (now !== null) expect(after[now - 1]).toBeDefined();
    }),
  );
});
