// SPDX-License-Identifier: MIT
import { messageParts, readTrailer } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

const MOST = 75;

/** What a program printed: where a paragraph has two of these, all of it is that. */
const LOG = [
  // `[   12.345678]`, addresses, `func+0x12/0x34`, `00:00.0 PCI bridge`.
  /^[<[]\s*\d{1,8}[.\]>]|0x[0-9a-f]{6,}|\+0x[0-9a-f]+|\b[0-9a-f]{16}\b|^[0-9a-f]{2,4}:[0-9a-f]{2}[:.]/i,
  /\b(?:WARNING|ERROR|BUG|INFO|Oops|CPU|PID|RIP|Call Trace|Hardware name)\b:? /,
  // `net/x.c:12:3: error: …`
  /\S\.[chS]:\d+/,
];

/** Lines that would be worse in two. */
const AS_IT_IS = [
  ...LOG,
  // Indented or quoted, a command, a heading's underline.
  /^(?:[ \t]|[>|#$+]|[-=~_*]{5,})/,
  /https?:\/\/|\bftp:\/\//,
  /^\[\d{0,4}\]:? /,
  // A commit with its title.
  /\b[0-9a-f]{8,40}\b["' ,]{0,3}\(?\s*["']/i,
  /\bcommit [0-9a-f]{8,40}\b/i,
];

export const messageWrap: Rule = {
  id: 'message-wrap',
  kind: 'series',
  severity: 'warning',
  title: `a message is wrapped at ${MOST} columns`,
  explanation: `"The body of the explanation, line wrapped at 75 columns, which will be copied to the permanent changelog": git
log indents it by four. Quotes, tables, logs, commands, links, trailers and commits with their titles stay as they
are. What is indented is taken for one of these.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'wrap the paragraph',
  check: ({ series }) =>
    series.patches.flatMap(({ index, body }) =>
      messageParts(body).prose.flatMap(({ start, lines }) =>
        (isLog(lines) ? [] : lines).flatMap((line, at) => {
          const length = [...line].length;
          if (length <= MOST || mayBeLong(line)) return [];
          const text = `the line has ${length} columns`;
          return [{ place: placed('message', index, start + at), quote: line, text }];
        }),
      ),
    ),
};

function isLog(lines: readonly string[]): boolean {
  return lines.filter((line) => LOG.some((one) => one.test(line.slice(0, 1000)))).length > 1;
}

function mayBeLong(line: string): boolean {
  // No prose has a line of a thousand characters; nor may it cost more than it is worth.
  const text = line.slice(0, 1000);
  const words = text.split(/\s+/);
  // Beside a word that long there is no room for others.
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0);
  // A table; two blanks behind a full stop are none's.
  const columns = text.split(/(?<![.!?:;]) {2,}| {3,}|\t+| \|/).length;
  return (
    longest > MOST - 20 || columns > 2 || readTrailer(text) !== null || AS_IT_IS.some((one) => one.test(text))
  );
}
