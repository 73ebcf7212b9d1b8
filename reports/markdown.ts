// SPDX-License-Identifier: MIT
/** Text from mails and patches within Markdown: it stays text, links nobody and calls nobody. */
import { oneLine } from './layout.ts';

const MOST = 300;
const ZERO_WIDTH = '\u200b';

/** Every sign of Markdown and HTML taken for itself; good for the cell of a table. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>|~!^$]/g, (sign) =>
    sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`,
  );
}

/** Text of somebody else's, on one line: escaped, and it calls nobody and links nowhere. */
export function markdownText(text: string): string {
  return (
    escaped(oneLine(text.slice(0, MOST)))
      // A bot must not call people, nor leave its mark in other issues; neither must an address become a link.
      .replace(/[@#]/g, (sign) => sign + ZERO_WIDTH)
      .replace(/:\/\//g, `:${ZERO_WIDTH}//`)
      .replace(/\bwww\./gi, (word) => `${word.slice(0, 3)}${ZERO_WIDTH}.`)
  );
}

/** As code, whatever it holds: the fence is longer than any run of backticks within (CommonMark 6.1). */
export function codeSpan(text: string): string {
  const line = oneLine(text.slice(0, MOST));
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$|^$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
