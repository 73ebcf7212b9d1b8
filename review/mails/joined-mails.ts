// SPDX-License-Identifier: MIT
/** Whether what was taken for one mail is several, written one behind the other. */

/** A header block is not far: a long To: and Cc: fit. */
const NEAR = 40;
/** One may be a mail that somebody shows; two are many files in one. */
const FEWEST = 2;

/**
 * How many mails it seems to be: 1, or 3 and more. A further one begins with a block of unquoted,
 * unindented header lines with Message-ID, From and Subject. There need be no empty line above it:
 * cat puts none between two files.
 * @param lines of the mail's text, without its own header
 */
export function mailsIn(lines: readonly string[]): number {
  let further = 0;
  let end = 0;
  for (const [at, line] of lines.entries()) {
    // All lines of all mails come by here.
    if (!line.startsWith('M') && !line.startsWith('m')) continue;
    if (at < end || !/^message-id:[ \t]*(?:<[^<>]{1,998}>[ \t]*)?$/i.test(line)) continue;
    let first = at;
    while (first > end && at - first < NEAR && isHeaderLine(lines[first - 1])) first--;
    let last = at;
    while (last + 1 < lines.length && last - at < NEAR && isHeaderLine(lines[last + 1])) last++;
    const block = lines.slice(first, last + 1);
    const has = (name: RegExp): boolean => block.some((one) => name.test(one));
    end = last + 1;
    if (has(/^from:/i) && has(/^subject:/i)) further++;
  }
  return further < FEWEST ? 1 : further + 1;
}

function isHeaderLine(line: string | undefined): boolean {
  return line !== undefined && /^(?:[A-Za-z][A-Za-z0-9-]{0,70}:|[ \t]+\S)/.test(line);
}
