// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { RespinEvent, Steps } from './events.ts';
import { inStage } from './stage.ts';

async function collect<T>(steps: Steps<T>): Promise<{ events: RespinEvent[]; value?: T; error?: unknown }> {
  const events: RespinEvent[] = [];
  try {
    for (;;) {
      const next = await steps.next();
      if (next.done) return { events, value: next.value };
      events.push(next.value);
    }
  } catch (error) {
    return { events, error };
  }
}

test('a stage says that it begins before its work does, and what it came to', async () => {
  const order: string[] = [];
  const steps = inStage(
    'tree',
    'a tree',
    async (emit) => {
      order.push('work');
      emit({ type: 'note', level: 'info', text: 'half' });
      return 7;
    },
    (value) => ({ outcome: 'cached', detail: `${value}` }),
  );
  expect((await steps.next()).value).toEqual({ type: 'stage', stage: 'tree', title: 'a tree' });
  expect(order).toEqual([]);
  const { events, value } = await collect(steps);
  expect(value).toBe(7);
  expect(events).toEqual([
    { type: 'note', level: 'info', text: 'half' },
    { type: 'stage-end', stage: 'tree', outcome: 'cached', detail: '7', ms: expect.any(Number) },
  ]);
});

test('one that throws has ended, as failed', async () => {
  const error = new Error('no room');
  const steps = inStage(
    'apply',
    'a series',
    async () => await Promise.reject(error),
    () => ({ outcome: 'done', detail: '' }),
  );
  const { events, error: thrown } = await collect(steps);
  expect(thrown).toBe(error);
  expect(events.at(-1)).toMatchObject({ type: 'stage-end', outcome: 'failed', detail: 'no room' });
});
