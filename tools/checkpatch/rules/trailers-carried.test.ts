// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { ReviewVersion, SettledTrailer } from '../../../core/review.ts';
import { found, type SeriesText, SIGNED } from '../fixture.ts';
import { changelog, review, tag } from '../review-fixture.ts';
import { trailersCarried } from './trailers-carried.ts';

const RITA = 'Reviewed-by: Rita Reviewer <rita@example.org>';

/** A v2 with this message after a v1 that was given these tags. */
const of = (
  trailers: SettledTrailer[],
  message: string,
  now: Partial<ReviewVersion> = {},
  more: Partial<SeriesText> = {},
) =>
  found(trailersCarried, {
    version: 'v2',
    patches: [{ message: `Say why.\n\n${message}\n${SIGNED}` }],
    review: review({ v1: { trailers }, v2: now }),
    ...more,
  });

it('finds a tag that is not there any more', async () => {
  expect(await of([tag()], '')).toEqual(['1 mail the Reviewed-by of Rita Reviewer from v1 is missing']);
});

it('is content when it is there, from another address or together with another', async () => {
  expect(await of([tag()], RITA)).toEqual([]);
  expect(await of([tag()], 'Reviewed-and-tested-by: Rita Reviewer <rita@work.example.org>')).toEqual([]);
});

it('misses the tag that another does not stand for', async () => {
  expect(await of([tag({ kind: 'Tested-by' })], RITA)).toEqual([
    '1 mail the Tested-by of Rita Reviewer from v1 is missing',
  ]);
});

it('is content when the author says that tags were dropped', async () => {
  expect(await of([tag()], '', changelog('v2', "dropped Rita's R-b: the loop is new"))).toEqual([]);
  const cover = 'Changes in v2: rewritten. Removed the Reviewed-by and\nTested-by tags, please look again.';
  expect(await of([tag()], '', {}, { cover })).toEqual([]);
  expect(await of([tag()], '', changelog('v2', 'dropped the loop'))).toHaveLength(1);
  expect(await of([tag()], '', changelog('v2', 'fixed tags of the structure'))).toHaveLength(1);
});

it('knows what was not given, or not for this patch as it is', async () => {
  expect(await of([tag({ state: 'conditional', counts: false })], '')).toEqual([]);
  expect(await of([tag({ counts: null })], '')).toEqual([]);
  expect(await of([tag({ patches: [] })], '')).toEqual([]);
  expect(await of([], '')).toEqual(['not for this: no tags on earlier versions are known']);
});

it('does not want what was given on this very version', async () => {
  const trailers = [tag({ version: 'v2' })];
  const only = review({ v2: { trailers } });
  expect(await of([], '', {}, { review: only })).toEqual([
    'not for this: no tags on earlier versions are known',
  ]);
});

it('does not want what its giver gave again', async () => {
  const met = tag({ state: 'met', condition: 'with that fixed' });
  expect(await of([met], '')).toEqual(['1 mail the Reviewed-by of Rita Reviewer from v1 is missing']);
  const other = { trailers: [tag({ version: 'v2', patches: [2] })] };
  expect(await of([met], '', other)).toHaveLength(1);
  const again = { trailers: [tag({ version: 'v2' })] };
  const none = ['not for this: no tags on earlier versions are known'];
  expect(await of([met], '', again)).toEqual(none);
  expect(await of([tag({ state: 'stale', counts: false })], '', again)).toEqual(none);
});

it('notes a tag that went with the changes without a word', async () => {
  const stale = [tag({ state: 'stale', counts: false, why: 'its patch changed between v1 and v2' })];
  const text = 'the Reviewed-by of Rita Reviewer from v1 went with the changes, and no changelog says so';
  expect(await of(stale, '')).toEqual([`1 mail ${text}`]);
  expect(await of(stale, '', changelog('v2', 'drop tags, as the locking is new'))).toEqual([]);
  // Whether it may stay is for another rule to say.
  expect(await of(stale, RITA)).toEqual([]);
  const older = [tag({ version: 'v0', state: 'stale', counts: false })];
  const later = review({ v0: { trailers: older }, v1: {}, v2: {} });
  expect(await of([], '', {}, { review: later })).toEqual([]);
});
