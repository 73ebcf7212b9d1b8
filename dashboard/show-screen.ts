// SPDX-License-Identifier: MIT
/** The dashboard on a screen that ink draws. */
import { loadInk } from './load-ink.ts';
import { growSlowly } from './memory.ts';
import type { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

/** As fast as keys come: a frame that waits for its turn is a key that is slow. Nothing is drawn when nothing changes. */
const MOST_FRAMES = 1_000;

/** @throws what a bug throws, when the terminal is as it was */
export async function showScreen(
  store: Store,
  { stdin, stdout, color, ending, onSuspend }: Terminal,
): Promise<void> {
  growSlowly();
  // chalk, which ink uses for what is its own, reads it once, when it is loaded.
  if (!color) process.env['FORCE_COLOR'] = '0';
  const { createElement, render, App } = await loadInk();
  const shown = render(createElement(App, { store, color, onSuspend }), {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true, patchConsole: false },
    // ^C is a key of the keymap, so that it can never be one that does nothing.
    ...{ exitOnCtrlC: false, interactive: true, maxFps: MOST_FRAMES },
  });
  try {
    await Promise.race([ending, shown.waitUntilExit()]);
  } finally {
    shown.unmount();
    await shown.waitUntilExit();
  }
}
