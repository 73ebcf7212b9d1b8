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
