// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { Review } from '../../../core/review.ts';
import { found } from '../fixture.ts';
import { seriesThreading } from './series-threading.ts';

const answers = (id: string): { header: string } => ({ header: `In-Reply-To: <${id}@example.org>` });

it('finds the patch that answers another one, another thread, or nothing', async () => {
  const patches = [answers('v1-0'), answers('v1-1'), answers('other'), {}];
  expect(await found(seriesThreading, { cover: 'All.', patches })).toEqual([
    '2 mail patch 2 answers patch 1, not the cover letter',
    '3 mail patch 3 answers a mail of another thread, not the cover letter',
    '4 mail patch 4 answers nothing, not the cover letter',
  ]);
});

it('finds a version that answers the last one', async () => {
  const last = { version: 'v1', cover: { messageId: 'v1-0@example.org' }, patches: [] };
  const review = { versions: [last], comments: [] } as unknown as Review;
  const series = { patches: [answers('v1-0'), answers('v2-1')], version: 'v2', review };
  expect(await found(seriesThreading, series)).toEqual(['1 mail patch 1 answers a mail of v1']);
});

it('is silent when all answer the first, and on a fix that answers its report', async () => {
  expect(
    await found(seriesThreading, { cover: 'All.', patches: [answers('v1-0'), answers('v1-0')] }),
  ).toEqual([]);
  expect(await found(seriesThreading, { patches: [answers('report'), answers('v1-1')] })).toEqual([]);
});

it('says nothing of what was not mailed', async () => {
  expect(await found(seriesThreading, { patches: [{}, {}], mailed: false })).toEqual([
    'not for this: it was not mailed yet',
  ]);
});
