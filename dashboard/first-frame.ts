// SPDX-License-Identifier: MIT
/** What is seen while ink is still being loaded: the same frames, written by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { frameOf, frameRows } from './frame.ts';
import type { Store } from './store.ts';
import { restoredForBugs, type Terminal } from './terminal.ts';
import { ansi } from './text.ts';

/** xterm's ctlseqs: the other screen, and back; the cursor hidden, and shown. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?1049l\x1b[?25h';
/** Longer than a review that is kept takes to read. */
const MOST_MS = 250;

export interface FirstFrame {
  /** Another has the screen now. */
  handOver(): void;
  /** The screen as it was. */
  leave(): void;
}

/** Draws each state until it is handed over; resolves when there is something to see. Keys wait in the terminal. */
export async function drawFirstFrame(
  store: Store,
  { stdin, stdout, color, ending }: Terminal,
): Promise<FirstFrame> {
  const draw = (): void => {
    const rows = frameRows(frameOf(store.state())).map((row) => ansi(row, color));
    stdout.write(`\x1b[H${rows.join('\r\n')}`);
  };
  const leave = (): void => {
    stdin.setRawMode(false);
    stdout.write(LEAVE);
  };
  // However it ends: from the handing over on ink sees to that.
  process.once('exit', leave);
  const noBugs = restoredForBugs(leave);
  stdin.setRawMode(true);
  stdout.write(ENTER);
  draw();
  const seen = Promise.withResolvers<void>();
  const forget = store.subscribe(() => {
    draw();
    if (hasNews(store)) seen.resolve();
  });
  await Promise.race([seen.promise, sleep(MOST_MS), ending]);
  const handOver = (): void => {
    forget();
    process.off('exit', leave);
    noBugs();
  };
  return {
    handOver,
    leave: () => {
      handOver();
      leave();
    },
  };
}

function hasNews(store: Store): boolean {
  const { open, series } = store.state();
  return open === null ? series.is !== 'loading' : open.review.is !== 'loading';
}
