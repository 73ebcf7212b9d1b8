// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { signedOffBy } from './signed-off-by.ts';

const BEN = 'Signed-off-by: Ben Berg <ben@example.org>';

/** Of one patch with these lines below its message. */
const of = (lines: readonly string[], more: { notes?: string; from?: string; to?: string } = {}) =>
  found(signedOffBy, { patches: [{ message: ['Say why.', '', ...lines].join('\n'), ...more }] });

it('finds a patch that nobody signs', async () => {
  expect(await of(['Reviewed-by: Ann Author <ann@example.org>'])).toEqual([
    '1 mail there is no Signed-off-by',
  ]);
});

it('finds a line that git am drops', async () => {
  expect(await of([], { notes: `Changes:\n${SIGNED}` })).toEqual([
    '1 notes:2 the Signed-off-by stands below ---, where git am drops it',
  ]);
});

it('finds that the author has not signed', async () => {
  expect(await of([BEN])).toEqual(['1 message:3 Ann Author is the author and has not signed off']);
});

it('takes the author by name or by address', async () => {
  expect(await of(['Signed-off-by: Ann Author <ann@work.example.org>'])).toEqual([]);
  expect(await of(['Signed-off-by: Ann B. Autor <ann@example.org>'])).toEqual([]);
  expect(await of(['signed-off-by: Ann Author <ann@example.org>', '', 'And some more words.'])).toEqual([]);
});

it('takes the author of the text for the author, and who sent it for the sender', async () => {
  const message = `From: Ann Author <ann@example.org>\n\nSay why.\n\n${SIGNED}`;
  const sent = { from: 'Ben Berg <ben@example.org>', to: 'list@example.org' };
  expect(await found(signedOffBy, { patches: [{ message, ...sent }] })).toEqual([
    '1 message:3 Ben Berg sent the patch and has not signed off',
  ]);
  expect(await found(signedOffBy, { patches: [{ message: `${message}\n${BEN}`, ...sent }] })).toEqual([]);
});

it('knows who is about to send what another has written', async () => {
  // As git format-patch --from writes it: the header has who sends, the text who wrote.
  const message = `From: Ann Author <ann@example.org>\n\nSay why.\n\n${SIGNED}`;
  const from = 'Ben Berg <ben@example.org>';
  expect(await found(signedOffBy, { patches: [{ message, from }] })).toEqual([
    '1 message:3 Ben Berg sends the patch and has not signed off',
  ]);
  expect(await found(signedOffBy, { patches: [{ message: `${message}\n${BEN}`, from }] })).toEqual([]);
});

it('knows who sent a patch through a relay', async () => {
  const from = 'Ann Author via B4 Relay <devnull+ann.example.org@example.org>';
  expect(await of([SIGNED], { from, to: 'list@example.org' })).toEqual([]);
});

it('finds a sender who is not the last', async () => {
  expect(await of([SIGNED, BEN], { to: 'list@example.org' })).toEqual([
    '1 message:4 Ann Author sent the patch, and the last Signed-off-by is that of Ben Berg',
  ]);
  expect(await of([SIGNED, BEN])).toEqual([]);
});

it('finds who signs before the author, unless they wrote it together', async () => {
  expect(await of([BEN, SIGNED])).toEqual(['1 message:3 Ben Berg signs off before the author Ann Author']);
  expect(await of(['Co-developed-by: Ben Berg <ben@example.org>', BEN, SIGNED])).toEqual([]);
});
