// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { messageParts, trailersOf } from './message-parts.ts';

const MESSAGE = `Note: this is prose.
Link: https://example.org/ begins no trailers here.

[ann: took the comment out,
 as Bob asked]
Fixes: 123456789abc ("vsock: a subject that
 is folded")
Signed-off-by: Ann Author <ann@example.org>

Acked-by: Bob <bob@example.org> # for the test`;

it('takes the paragraphs of trailers off the end', () => {
  const { prose, tail } = messageParts(MESSAGE);
  expect(prose.map(({ start }) => start)).toEqual([1]);
  expect(tail.map(({ start, lines }) => [start, lines.length])).toEqual([
    [4, 5],
    [10, 1],
  ]);
});

it('gives each trailer with its line', () => {
  expect(trailersOf(messageParts(MESSAGE).tail).map(({ line, key, folded }) => [line, key, folded])).toEqual([
    [6, 'Fixes', true],
    [8, 'Signed-off-by', false],
    [10, 'Acked-by', false],
  ]);
});

it('has no tail where prose ends it', () => {
  const { prose, tail } = messageParts('Signed-off-by: Ann <ann@example.org>\n\nThe end.');
  expect([prose.length, tail.length]).toEqual([2, 0]);
});
