// SPDX-License-Identifier: MIT
/** Signals, and a stdout nobody reads any more, as one AbortSignal. */

export interface Signals {
  readonly signal: AbortSignal;
  /** True when it was not a signal but a closed pipe: nobody is there to tell. */
  readonly readerGone: boolean;
  /** Runs `work` while a ^C is for the program that has the terminal, such as a pager. */
  leavingInterrupts<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal asks everything to end in order; a second SIGINT leaves at
 * once. What guard.sh watches ends even then: it sees the pipe to respin close.
 */
export function watchSignals(): Signals {
  const controller = new AbortController();
  let readerGone = false;
  let left = false;
  const onSignal = (name: NodeJS.Signals): void => {
    if (left && name === 'SIGINT') return;
    if (controller.signal.aborted && name === 'SIGINT' && !readerGone) process.exit(130);
    controller.abort();
  };
  // `respin series show x | head`: the reader has what it wanted.
  const onPipe = (error: NodeJS.ErrnoException): void => {
    // EIO: a terminal that was closed. A file that cannot be written is another matter.
    if (error.code !== 'EPIPE' && !(error.code === 'EIO' && process.stdout.isTTY)) throw error;
    readerGone = true;
    controller.abort();
  };
  // A terminal that went away takes the messages with it, not the work.
  const onErrorPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  };
  for (const name of NAMES) process.on(name, onSignal);
  process.stdout.on('error', onPipe);
  process.stderr.on('error', onErrorPipe);
  return {
    signal: controller.signal,
    get readerGone() {
      return readerGone;
    },
    leavingInterrupts: async (work) => {
      left = true;
      try {
        return await work();
      } finally {
        left = false;
      }
    },
    stop: () => {
      for (const name of NAMES) process.off(name, onSignal);
    },
  };
}
