// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { coDevelopedBy } from './co-developed-by.ts';

const WITH = 'Co-developed-by: Ben Berg <ben@example.org>';
const BEN = 'Signed-off-by: Ben Berg <ben@example.org>';
const of = (...lines: string[]) =>
  found(coDevelopedBy, { patches: [{ message: ['Say why.', '', ...lines].join('\n') }] });

it('finds a co-developer who has not signed', async () => {
  expect(await of(WITH, SIGNED)).toEqual(['1 message:3 Ben Berg is a co-developer and has not signed off']);
  expect(await of(SIGNED, WITH)).toEqual(['1 message:4 Ben Berg is a co-developer and has not signed off']);
});

it('wants no sign-off of a tool', async () => {
  expect(await of('Co-developed-by: Model 1.0 <noreply@example.org>', SIGNED)).toEqual([]);
});

it('finds one whose sign-off stands elsewhere', async () => {
  expect(await of(WITH, SIGNED, BEN)).toEqual(['1 message:3 the Signed-off-by of Ben Berg does not follow']);
  expect(await of(BEN, WITH, SIGNED)).toEqual(['1 message:4 the Signed-off-by of Ben Berg does not follow']);
});

it('finds an author who is named beside', async () => {
  expect(await of('Co-developed-by: Ann Author <ann@example.org>', SIGNED)).toEqual([
    '1 message:3 Ann Author is the author, and no co-developer beside',
  ]);
});

it('is content with pairs, before and behind the author, wrapped or with another address', async () => {
  const cleo = [
    'Co-developed-by: Cleo Cook',
    ' <cleo@example.org>',
    'Signed-off-by: Cleo Cook <cleo@example.com>',
  ];
  expect(await of(WITH, BEN, SIGNED, ...cleo)).toEqual([]);
});
