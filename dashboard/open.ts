// SPDX-License-Identifier: MIT
/** The dashboard in a terminal: from its first frame until the terminal is as it was. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { editAt, fileInTree } from './editor.ts';
import { startState } from './model.ts';
import { type Outside, Performer } from './perform.ts';
import { makeStore } from './store.ts';
import type { Suspend, Terminal } from './terminal.ts';

export interface DashboardOptions
  extends Omit<Outside, 'quit' | 'edit' | 'copy' | 'suspend'>,
    Pick<Terminal, 'stdin' | 'stdout' | 'color'> {
  /** The series to open; null: the list of them. */
  series: { name: string; folder: string } | null;
  /** Runs `work` while a ^C is for the program that has the terminal. */
  leavingInterrupts<T>(work: () => Promise<T>): Promise<T>;
  /** Lines that follow each other instead of a screen that is redrawn. */
  linear: boolean;
}

/** A process that was stopped does not notice that it waited. */
const NOT_STOPPED_MS = 300;

/**
 * Resolves when the user has ended it, or the signal fires; what was started from it has ended then.
 * @throws what a bug throws, when the terminal is as it was
 */
export async function openDashboard(options: DashboardOptions): Promise<void> {
  const { stdin, stdout, signal, cwd } = options;
  // As the user has it: what is set below is for ink.
  const env = { ...process.env };
  const ending = Promise.withResolvers<void>();
  const end = (): void => ending.resolve();
  let suspend: Suspend = async (work) => await work();
  // Disposed last: what a run still says while it is being ended nobody reads any more.
  await using performer = new Performer({
    ...options,
    quit: end,
    edit: async (file, line) => {
      const found = await fileInTree(cwd, file);
      const edit = async (): Promise<void> => await editAt(found, line, { env, stdin });
      await suspend(async () => await options.leavingInterrupts(edit));
    },
    suspend: async () =>
      await suspend(async () => {
        const continued = once(process, 'SIGCONT');
        // Not a signal that the terminal sends: in raw mode ^Z is a key.
        process.kill(process.pid, 'SIGTSTP');
        // Where no shell is above, the kernel does not stop it (an orphaned process group, setpgid(2)).
        await Promise.race([continued, sleep(NOT_STOPPED_MS)]);
      }),
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
  const terminal: Terminal = {
    ...{ stdin, stdout, color: options.color, ending: ending.promise },
    onSuspend: (how) => {
      suspend = how;
    },
  };
  signal.addEventListener('abort', end, { once: true });
  // A terminal that was closed can neither be read nor be set as it was. For as long as the process lives.
  stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EIO') throw error;
    end();
  });
  try {
    if (options.linear) await (await import('./show-linear.ts')).showLinear(store, terminal);
    else await (await import('./show-screen.ts')).showScreen(store, terminal);
  } finally {
    signal.removeEventListener('abort', end);
  }
  if (store.state().live?.ended === null) process.stderr.write('ending the run …\n');
}
