// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { trailerForm } from './trailer-form.ts';

const of = (...lines: string[]) =>
  found(trailerForm, { patches: [{ message: ['Say why.', '', ...lines, SIGNED].join('\n') }] });

it.each([
  ['Signed-of-by', 'Signed-off-by'],
  ['Singed-off-by', 'Signed-off-by'],
  ['Review-by', 'Reviewed-by'],
  ['Reviewd-by', 'Reviewed-by'],
  ['Reviewed by', 'Reviewed-by'],
  ['Acked-By', 'Acked-by'],
  ['Co-authored-by', 'Co-developed-by'],
  ['Co-developped-by', 'Co-developed-by'],
])('finds %s', async (written, kind) => {
  expect(await of(`${written}: Ben Berg <ben@example.org>`)).toEqual([
    `1 message:3 "${written}" is written ${kind}`,
  ]);
});

it.each([
  'Nacked-by',
  'Reviewed-and-tested-by',
  'Debugged-by',
  'Noticed-by',
  'Ported-by',
  'Posted-by',
  'Requested-by',
  'CC',
  'cc',
  'Acked-by',
])('leaves %s alone', async (kind) => {
  expect(await of(`${kind}: Ben Berg <ben@example.org>`)).toEqual([]);
});

it('reads only what stands among the trailers', async () => {
  const message = `Reviewed by: what Ben <ben@example.org> says\nSigned off: nothing\n\nMore.\n\n${SIGNED}`;
  expect(await found(trailerForm, { patches: [{ message }] })).toEqual([]);
  expect(await of('The test passes. Tested by:', 'nobody')).toEqual([]);
});

it.each([
  ['Signed-off-by: Ben Berg', 'the Signed-off-by of Ben Berg has no address'],
  ['Tested-by: Ben Berg <ben@example.org', 'the Tested-by of Ben Berg <ben@example.org has no address'],
  ['Reviewed-by: ben@example.org', 'the Reviewed-by of ben@example.org has no name'],
  ['Acked-by: Ben Berg ben@example.org', 'the address ben@example.org is not in < >'],
  ['Acked-by:', 'Acked-by names nobody'],
])('finds the form of "%s"', async (line, text) => {
  expect(await of(line)).toEqual([`1 message:3 ${text}`]);
});

it.each([
  'Acked-by: Ben Berg <ben@example.org> # for the docs',
  'Acked-by: Berg, Ben (Lab) <ben@example.org>',
  'Reported-by: syzbot+0123456789@example.org',
  'Cc: list@example.org',
  'Link: https://example.org/1 [1]',
])('is content with "%s"', async (line) => {
  expect(await of(line)).toEqual([]);
});

it.each([
  'Co-Authored-By: Model 1.0 <noreply@example.org>',
  'Co-developed-by: Model 1.0 <no-reply@example.org>',
])('wants no tool to be a co-developer: %s', async (line) => {
  expect(await of(line)).toEqual(['1 message:3 Model 1.0 is a tool, not a co-developer']);
  expect(await of('Co-developed-by: Ben Berg <1+ben@users.noreply.example.org>')).toEqual([]);
});

it('finds what is there twice', async () => {
  const ben = 'Reviewed-by: Ben Berg <ben@example.org>';
  expect(await of(ben, ben.replace('Berg', 'B. Berg'))).toEqual([
    '1 message:4 the Reviewed-by of Ben B. Berg is there already',
  ]);
  expect(await of('Link: https://example.org/1', 'Link: https://example.org/1')).toEqual([
    '1 message:4 the Link https://example.org/1 is there already',
  ]);
  expect(await of(SIGNED)).toEqual(['1 message:4 the Signed-off-by of Ann Author is there already']);
});

it('lets a patch come back to who signed it, and one person say two things', async () => {
  expect(await of(SIGNED, 'Signed-off-by: Ben Berg <ben@example.org>')).toEqual([]);
  expect(await of('Acked-by: Ben Berg <ben@example.org>', 'Tested-by: Ben Berg <ben@example.org>')).toEqual(
    [],
  );
});
