// SPDX-License-Identifier: MIT

/** Gives the terminal to another program while `work` goes on. */
export type Suspend = (work: () => Promise<void>) => Promise<void>;

/** What the dashboard is shown on. */
export interface Terminal {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  color: boolean;
  /** Resolves when the user has ended it. */
  ending: Promise<void>;
  /** Told once how it is given away. */
  onSuspend(how: Suspend): void;
}

/**
 * Has `restore` called before a bug that nobody caught is told of: what is written on the other screen is gone with it.
 * @returns to be called when there is nothing to restore any more
 */
export function restoredForBugs(restore: () => void): () => void {
  process.prependListener('uncaughtException', restore);
  process.prependListener('unhandledRejection', restore);
  return () => {
    process.off('uncaughtException', restore);
    process.off('unhandledRejection', restore);
  };
}
