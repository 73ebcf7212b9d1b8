// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Review } from '../../../core/review.ts';
import { found, SIGNED } from '../fixture.ts';
import { changelog } from './changelog.ts';

const LINK = 'https://lore.kernel.org/netdev/20261101-vsock-v1-0@example.org/';

it('finds a v2 that does not say what changed', async () => {
  const patches = [{ notes: 'Tested on x86.' }, {}];
  expect(await found(changelog, { patches, version: 'v2' })).toEqual([
    '- series v2 does not say what changed since v1',
  ]);
  // What v2 had changed says nothing of v4.
  expect(await found(changelog, { patches: [{ notes: 'v2:\n - x' }], version: 'v4' })).toEqual([
    '- series v4 does not say what changed since v3',
  ]);
});

it('finds one without a link', async () => {
  const patches = [{ notes: 'v2: took the lock, as Bob <bob@example.org> asked' }];
  expect(await found(changelog, { patches, version: 'v2' })).toEqual([
    '- series nothing links to the last version',
  ]);
});

it('finds one in the commit message, at its first line', async () => {
  const message = `Say why.\n\nChanges in v2:\n - take the lock\nv1: ${LINK}\n\n${SIGNED}`;
  expect(await found(changelog, { patches: [{}, { message }], version: 'v2' })).toEqual([
    '2 message:3 the changelog of the series stands in the commit message',
  ]);
  expect(await found(changelog, { patches: [{ message }] })).toHaveLength(1);
});

it.each([
  `v2: ${LINK}\n - took the lock`,
  `Changes since v1 [1]:\n- took the lock\n\n[1] ${LINK}`,
  `V1 -> V2: took the lock\nMessage-ID: <20261101.1@example.org>`,
  `Changelog:\n  * took the lock (${LINK})`,
  `No changes in v2\n${LINK}`,
])('takes %j', async (notes) => {
  expect(await found(changelog, { patches: [{ notes }], version: 'v2' })).toEqual([]);
  expect(await found(changelog, { cover: notes, patches: [{}, {}], version: 'v2' })).toEqual([]);
});

it('takes what the review has read', async () => {
  const version = { version: 'v2', changelog: [{}], cover: null, patches: [] };
  const last = { version: 'v1', changelog: [], cover: null, patches: [{ messageId: 'a@example.org' }] };
  const review = { versions: [last, version] } as unknown as Review;
  const patches = [{ notes: 'Since a@example.org the lock is taken.' }];
  expect(await found(changelog, { patches, version: 'v2', review })).toEqual([]);
});

it('is silent on a first version, on a resend, and on prose about versions', async () => {
  expect(await found(changelog, { patches: [{}] })).toEqual([]);
  expect(await found(changelog, { patches: [{}], version: 'v2', prefix: 'RESEND' })).toEqual([]);
  const message = `Changes to v6.1 made this worse. v4l2: not this. Changes in the driver\nv5.10 has it, too.\n\n${SIGNED}`;
  expect(await found(changelog, { patches: [{ message }] })).toEqual([]);
});
