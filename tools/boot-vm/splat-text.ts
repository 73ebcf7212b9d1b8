// SPDX-License-Identifier: MIT
/** One line of a console: its stamp, its text, and what of it stays the same from run to run. */

const STAMP = /\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])?/;
const LEVEL = /^<\d+>/;
const CSI = /\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1bc/g;

/** A console line without its line end, terminal sequences and log level; cut to a length that stays cheap. */
export function clean(line: string): string {
  // The bound comes first: nothing below may be slow on an endless line.
  return line
    .slice(0, 8192)
    .replace(CSI, '')
    .replace(/[\r\n]+$/, '')
    .replace(/\0/g, '')
    .replace(LEVEL, '');
}

/** Seconds since boot by the line's time stamp; null without one. */
export function timeOf(part: string): number | null {
  const stamp = STAMP.exec(part);
  return stamp === null ? null : Number.parseFloat(stamp[0].slice(1));
}

/** The kernel's own words: what stands behind the time stamp. */
export function withoutStamp(part: string): string {
  const stamp = STAMP.exec(part);
  if (stamp === null) return part;
  // What stands before the stamp came from a program that wrote without a line end.
  return part.slice(stamp.index + stamp[0].length).replace(/^ /, '');
}

/** Takes out of a title what differs from run to run: addresses, offsets, process numbers. */
export function steady(title: string): string {
  return title
    .replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '')
    .replace(/\b(?:0x)?[0-9a-f]{12,16}\b/g, '<addr>')
    .replace(/\bkworker\/[\w:+-]+\w/g, 'kworker')
    .replace(/\bCPU#\d+/g, 'CPU')
    .replace(/\s+\[[\w-]+\]$/, '')
    .trim();
}
