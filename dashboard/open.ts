// SPDX-License-Identifier: MIT
/** The dashboard in a terminal: from its first frame until the terminal is as it was. */
import type { RenderOptions, SuspendTerminal } from 'ink';
import { editAt, fileInTree } from './editor.ts';
import { loadInk } from './load-ink.ts';
import { startState } from './model.ts';
import { type Outside, Performer } from './perform.ts';
import { makeStore } from './store.ts';

export interface DashboardOptions
  extends Pick<
    Outside,
    'patchesDir' | 'cwd' | 'signal' | 'draftReply' | 'startRun' | 'startCheck' | 'coverage'
  > {
  /** The series to open; null: the list of them. */
  series: { name: string; folder: string } | null;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  color: boolean;
}

/**
 * Resolves when the user has ended it, or the signal fires.
 * @throws what a bug throws, when the terminal is as it was
 */
export async function openDashboard(options: DashboardOptions): Promise<void> {
  const { stdin, stdout, color, signal, cwd } = options;
  // chalk, which ink uses for what is its own, reads it once, when it is loaded.
  if (!color) process.env['FORCE_COLOR'] = '0';
  const { createElement, render, App } = await loadInk();
  const ending = Promise.withResolvers<void>();
  const end = (): void => ending.resolve();
  let suspend: SuspendTerminal | null = null;
  // Disposed last: what a run still says while it is being ended nobody reads any more.
  await using performer = new Performer({
    ...options,
    quit: end,
    edit: async (file, line) => {
      const found = await fileInTree(cwd, file);
      await suspend?.(async () => await editAt(found, line, { env: process.env, stdin }));
    },
    // OSC 52 of xterm's ctlseqs: the terminal puts it into the clipboard, over ssh as well.
    copy: (text) => stdout.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`),
  });
  const size = { columns: stdout.columns || 80, rows: stdout.rows || 24 };
  const store = makeStore(startState(size, new Date().toISOString().slice(0, 10)), performer.perform);
  if (options.series === null) performer.perform({ do: 'load-series' }, store.send);
  else {
    store.send({ type: 'open', ...options.series });
    // Behind what was asked for.
    const forget = store.subscribe(() => {
      if (store.state().open?.review.is === 'loading') return;
      forget();
      performer.perform({ do: 'load-series' }, store.send);
    });
  }
  const app = createElement(App, {
    ...{ store, color },
    onSuspend: (how) => {
      suspend = how;
    },
  });
  const shown = render(app, inkOptions(stdin, stdout));
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([ending.promise, shown.waitUntilExit()]);
  } finally {
    signal.removeEventListener('abort', end);
    shown.unmount();
    await shown.waitUntilExit();
    if (store.state().live?.ended === null) process.stderr.write('ending the run …\n');
  }
}

function inkOptions(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): RenderOptions {
  return {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true, patchConsole: false },
    // ^C is a key of the keymap, so that it can never be one that does nothing.
    ...{ exitOnCtrlC: false, interactive: true, maxFps: 60 },
  };
}
