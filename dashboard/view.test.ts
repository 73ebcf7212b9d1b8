// SPDX-License-Identifier: MIT
import { render } from 'ink-testing-library';
import { createElement as h } from 'react';
import { expect, it, vi } from 'vitest';
import { Desk, reviewWith, rowOf } from './fixture.ts';
import { frameOf, frameRows } from './frame.ts';
import { startState } from './model.ts';
import type { Effect } from './step.ts';
import { makeStore } from './store.ts';
import { textOf } from './text.ts';
import { App, Screen } from './view.ts';

/** Bold and inverse are there without colour as well. */
const plain = (frame: string | undefined): string => (frame ?? '').replaceAll(/\x1b\[\d*m/g, '');

const SIZE = { columns: 100, rows: 24 };

it.each([
  ['the list of series', new Desk(SIZE)],
  ['versions beside their details', new Desk(SIZE).opened()],
  ['a patch', new Desk(SIZE).inPatch()],
  ['comments', new Desk(SIZE).opened().press('4')],
  ['the keys', new Desk(SIZE).opened().press('?')],
])('%s: what ink draws is the frame, row by row', (_, { state }) => {
  const { lastFrame, unmount } = render(h(Screen, { state, color: false }));
  const wanted = frameRows(frameOf(state)).map((row) => textOf(row).trimEnd());
  const drawn = plain(lastFrame()).split('\n');
  expect(drawn.map((row) => row.trimEnd())).toEqual(wanted);
  unmount();
});

it('keys go to the store, and what it becomes is drawn', async () => {
  const asked: Effect[] = [];
  const store = makeStore(startState(SIZE, '2026-11-26'), (effect) => asked.push(effect));
  const drawn = render(h(App, { store, color: false }));
  const { stdin, unmount } = drawn;
  const lastFrame = (): string => plain(drawn.lastFrame());
  await vi.waitFor(() => expect(lastFrame()).toContain('reading patches/'));
  const { series: name } = reviewWith();
  store.send({ type: 'series', series: { is: 'there', value: [rowOf(name)] } });
  await vi.waitFor(() => expect(lastFrame()).toContain(name));
  stdin.write('\r');
  await vi.waitFor(() =>
    expect(asked).toContainEqual({ do: 'load-review', name, folder: `/patches/${name}` }),
  );
  store.send({ type: 'review', name, review: { is: 'there', value: reviewWith() } });
  // Typed faster than they are read: one chunk, four keys.
  stdin.write('4/he');
  await vi.waitFor(() => expect(lastFrame()).toContain('/he'));
  stdin.write('\x1b[200~lp\x1b[201~');
  await vi.waitFor(() => expect(lastFrame()).toContain('/help'));
  stdin.write('\x1b');
  await vi.waitFor(() => expect(lastFrame()).not.toContain('/help'));
  // As a terminal that types for a script sends it: the word, and Enter, in one piece.
  stdin.write('/leaks\r');
  await vi.waitFor(() => expect(lastFrame()).not.toContain('/leaks'));
  expect(store.state().search).toBe('leaks');
  stdin.write('\x03');
  await vi.waitFor(() => expect(asked).toContainEqual({ do: 'quit' }));
  unmount();
});
