// SPDX-License-Identifier: MIT
/** Where a run's logs go; the run record is one such place. */

export interface LogWriter {
  write(chunk: string | Uint8Array): void;
  close(): void;
}

export interface LogFolder {
  /** A new log file; `name` is its name in the record, `host-console.log`. */
  log(name: string): LogWriter;
}
