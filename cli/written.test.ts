// SPDX-License-Identifier: MIT
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { written } from './written.ts';

/** A stream that takes a piece only when told to. */
function slow(): { stream: Writable; take: (error?: Error) => void } {
  const waiting: ((error?: Error) => void)[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
  stream.on('error', () => {});
  return { stream, take: (error) => waiting.shift()?.(error) };
}

it('waits for all that was written, however long it takes', async () => {
  const { stream, take } = slow();
  stream.write('one');
  stream.write('two');
  let over = false;
  const done = written([stream], new AbortController().signal).then((whole) => {
    over = true;
    return whole;
  });
  take();
  await new Promise(setImmediate);
  expect(over).toBe(false);
  take();
  await new Promise(setImmediate);
  take();
  expect(await done).toBe(true);
});

it('has nothing to wait for where nothing is pending', async () => {
  expect(await written([slow().stream], new AbortController().signal)).toBe(true);
});

it('a signal ends the waiting, and what was cut off is said', async () => {
  const { stream } = slow();
  stream.write('one');
  const stop = new AbortController();
  const done = written([stream], stop.signal);
  stop.abort();
  expect(await done).toBe(false);
});

it('a reader that goes away ends it', async () => {
  const { stream, take } = slow();
  stream.write('one');
  const done = written([stream], new AbortController().signal);
  take(new Error('EPIPE'));
  expect(await done).toBe(true);
});
