// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { coverWritten } from './cover-written.ts';

const MADE = `Ann Author (2):
  vsock: do a thing
  vsock: do another

 net/vmw_vsock/af_vsock.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)
`;
const two = { patches: [{}, {}] };

it('finds the template', async () => {
  const cover = `*** BLURB HERE ***\n\n${MADE}`;
  expect(await found(coverWritten, { ...two, cover, coverSubject: '*** SUBJECT HERE ***' })).toEqual([
    "0 subject the subject is the template's",
    '0 cover:1 the line is left from the template',
  ]);
});

it('finds a cover letter without a word', async () => {
  expect(await found(coverWritten, { ...two, cover: MADE })).toEqual([
    '0 cover the cover letter says nothing of its own',
  ]);
});

it('is silent on a short one', async () => {
  expect(await found(coverWritten, { ...two, cover: `Two fixes for the credit.\n\n${MADE}` })).toEqual([]);
  expect(await found(coverWritten, two)).toEqual(['not for this: no cover letter']);
});
