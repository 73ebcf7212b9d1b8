// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { Desk } from './desk.ts';

it('has one thing at a time, and is free when that has ended or failed', async () => {
  const desk = new Desk('a run');
  const gate = Promise.withResolvers<void>();
  const first = desk.run(async () => await gate.promise);
  await expect(desk.run(async () => {})).rejects.toMatchObject({
    code: 'BUSY',
    message: 'a run goes on already',
  });
  gate.resolve();
  await first;
  await expect(desk.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await desk.run(async () => {});
});

it('ends what goes on, also while it is prepared, and waits for its end', async () => {
  const desk = new Desk('a run');
  let left = true;
  const work = desk.run(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = false;
  });
  await desk.end();
  expect(left).toBe(false);
  await work;
  // With nothing to end it ends at once.
  await desk.end();
});
