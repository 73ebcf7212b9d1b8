// SPDX-License-Identifier: MIT
/** The dashboard on a screen that ink draws. */
import type { Instance } from 'ink';
import { drawFirstFrame } from './first-frame.ts';
import { loadInk } from './load-ink.ts';
import { growSlowly } from './memory.ts';
import type { Store } from './store.ts';
import { restoredForBugs, type Terminal } from './terminal.ts';

/** As fast as keys come: a frame that waits for its turn is a key that is slow. Nothing is drawn when nothing changes. */
const MOST_FRAMES = 1_000;

/** @throws what a bug throws, when the terminal is as it was */
export async function showScreen(store: Store, terminal: Terminal): Promise<void> {
  const { stdin, stdout, color, ending, onSuspend } = terminal;
  growSlowly();
  // chalk, which ink uses for what is its own, reads it once, when it is loaded.
  if (!color) process.env['FORCE_COLOR'] = '0';
  const first = await drawFirstFrame(store, terminal);
  let shown: Instance;
  try {
    const { createElement, render, App } = await loadInk();
    first.handOver();
    shown = render(createElement(App, { store, color, onSuspend }), {
      ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true, patchConsole: false },
      // ^C is a key of the keymap, so that it can never be one that does nothing.
      ...{ exitOnCtrlC: false, interactive: true, maxFps: MOST_FRAMES },
    });
  } catch (error) {
    first.leave();
    throw error;
  }
  const noBugs = restoredForBugs(() => shown.unmount());
  try {
    await Promise.race([ending, shown.waitUntilExit()]);
  } finally {
    noBugs();
    shown.unmount();
    await shown.waitUntilExit();
  }
}
