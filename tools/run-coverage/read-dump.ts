// SPDX-License-Identifier: MIT
/** What gcov-dump writes → the counters of each object. guest-files/gcov-dump.c has the format. */

const NEWLINE = 0x0a;

/** Name below /sys/kernel/debug/gcov → the bytes of a `.gcda` file. */
export type Counters = Map<string, Buffer>;

/** @throws Error for output that is not whole, with what is wrong with it */
export function readDump(output: Buffer): Counters {
  const counters: Counters = new Map();
  let at = 0;
  for (;;) {
    const end = output.indexOf(NEWLINE, at);
    if (end < 0) throw new Error(`it ends after ${counters.size} objects`);
    const line = output.toString('utf8', at, end);
    at = end + 1;
    const last = /^end (\d+)$/.exec(line);
    if (last !== null) {
      if (Number(last[1]) !== counters.size)
        throw new Error(`${counters.size} of ${last[1]} objects are there`);
      if (at !== output.length) throw new Error('something follows its end');
      return counters;
    }
    const file = /^file (\d{1,9}) (\/.*)$/.exec(line);
    if (file === null) throw new Error(`not a line of gcov-dump: ${JSON.stringify(line.slice(0, 80))}`);
    const size = Number(file[1]);
    const data = output.subarray(at, at + size);
    at += size;
    if (data.length !== size || output[at] !== NEWLINE) throw new Error(`${file[2]} is not whole`);
    at++;
    counters.set(file[2] ?? '', data);
  }
}
