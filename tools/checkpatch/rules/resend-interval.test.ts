// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Review } from '../../../core/review.ts';
import { found } from '../fixture.ts';
import { resendInterval } from './resend-interval.ts';

const review = {
  versions: [
    { version: 'v1', patches: [{ date: 'no date' }, { date: '2026-11-01T10:00:00+01:00' }] },
    { version: 'v2', patches: [{ date: 'no date' }, { date: '2026-11-22T12:00:00+02:00' }] },
    { version: 'v3', patches: [{ date: 'no date' }, { date: '2026-11-23T09:59:00Z' }] },
  ],
} as unknown as Review;
const at = (date: string) => ({ patches: [{ date }], version: 'v3', review });

it('finds one mailed 23 hours after the last', async () => {
  expect(await found(resendInterval, at('Mon, 23 Nov 2026 09:59:00 +0000'))).toEqual([
    '- series v3 was mailed 23 hours after v2',
  ]);
});

it('counts to now for what was not mailed', async () => {
  const now = new Date('2026-11-22T10:30:00Z');
  expect(
    await found(resendInterval, { ...at('Mon, 23 Nov 2026 12:00:00 +0000'), mailed: false, now }),
  ).toEqual(['- series v2 was mailed less than an hour ago']);
});

it('is silent after 24 hours, whatever the time zone, and without a version before', async () => {
  expect(await found(resendInterval, at('Mon, 23 Nov 2026 10:00:00 +0000'))).toEqual([]);
  expect(await found(resendInterval, { patches: [{}], review })).toEqual([
    'not for this: no version before it is known',
  ]);
  const undated = { versions: [{ version: 'v1', patches: [] }] } as unknown as Review;
  expect(await found(resendInterval, { patches: [{}], version: 'v2', review: undated })).toEqual([
    'not for this: v1 has no date',
  ]);
  expect(await found(resendInterval, { patches: [{}], version: 'v2' })).toEqual([
    'not for this: no version before it is known',
  ]);
});

it('an RFC is a version before all others, whatever its number', async () => {
  const versions = [
    { version: 'rfc-v1', patches: [{ date: '2026-11-02T10:00:00Z' }] },
    { version: 'v1', patches: [{ date: '2026-11-16T10:00:00Z' }] },
    { version: 'v2', patches: [{ date: '2026-11-16T14:00:00Z' }] },
  ];
  const posted = { versions } as unknown as Review;
  const of = async (version: string, date: string) =>
    await found(resendInterval, { patches: [{ date }], version, review: posted });
  expect(await of('v1', '2026-11-02T14:00:00Z')).toEqual(['- series v1 was mailed 4 hours after rfc-v1']);
  expect(await of('v2', '2026-11-16T14:00:00Z')).toEqual(['- series v2 was mailed 4 hours after v1']);
});
