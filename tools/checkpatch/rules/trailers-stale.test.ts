// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { ReviewVersion, SettledTrailer } from '../../../core/review.ts';
import { found, SIGNED } from '../fixture.ts';
import { changelog, review, tag } from '../review-fixture.ts';
import { trailersStale } from './trailers-stale.ts';

/** A v2 that carries Rita's tag, after a v1 that was given these. */
const of = (trailers: SettledTrailer[], now: Partial<ReviewVersion> = {}) =>
  found(trailersStale, {
    version: 'v2',
    patches: [{ message: `Say why.\n\nReviewed-by: Rita Reviewer <rita@example.org>\n${SIGNED}` }],
    review: review({ v1: { trailers }, v2: now }),
  });

const STALE = tag({ state: 'stale', counts: false, why: 'its patch changed between v1 and v2' });

it('finds a tag of a patch that changed', async () => {
  expect(await of([STALE])).toEqual([
    '1 message:3 the Reviewed-by of Rita Reviewer from v1 is stale: its patch changed between v1 and v2',
  ]);
});

it('is content when the author says that it was kept, or when it was given again', async () => {
  expect(await of([STALE], changelog('v2', "kept Rita's R-b, only a comment changed"))).toEqual([]);
  expect(await of([STALE, tag()])).toEqual([]);
});

it('finds a condition that is not met', async () => {
  const condition = 'with the typo fixed';
  expect(await of([tag({ state: 'conditional', counts: false, condition })])).toEqual([
    '1 message:3 the Reviewed-by of Rita Reviewer was given on a condition: "with the typo fixed"',
  ]);
  expect(await of([tag({ state: 'met', condition })])).toEqual([]);
});

it('finds a tag that was taken back', async () => {
  expect(await of([tag({ state: 'withdrawn', counts: false, why: 'on v1' })])).toEqual([
    '1 message:3 the Reviewed-by of Rita Reviewer was taken back: on v1',
  ]);
});

it('finds a tag that another gave', async () => {
  expect(await of([tag({ state: 'mismatched', counts: false, why: 'the mail is from Ben' })])).toEqual([
    '1 message:3 the Reviewed-by of Rita Reviewer was not given by whom it names: the mail is from Ben',
  ]);
});

it('lets a tag be that no mail is known of', async () => {
  expect(await of([tag({ name: 'Rex', email: 'rex@example.org' })])).toEqual([]);
  expect(await of([])).toEqual(['not for this: no tags on earlier versions are known']);
});
