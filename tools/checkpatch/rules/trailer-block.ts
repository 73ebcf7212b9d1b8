// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import { messageParts, type Paragraph, readTrailer } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const trailerBlock: Rule = {
  id: 'trailer-block',
  kind: 'series',
  severity: 'warning',
  title: 'the trailers are one paragraph, the last of the message',
  explanation: `git, b4 and the bots read trailers from the last paragraph of the message only: those above a blank line, or
with text behind them, are lost, and a Reviewed-by: that b4 adds lands somewhere else. "An empty line" stands
between the explanation and the Signed-off-by: lines.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'put all trailers into one paragraph at the end of the message',
  check: ({ series }) =>
    series.patches.flatMap((patch) => [...blanks(patch), ...early(patch), ...joined(patch)]),
};

/** Blank lines between trailers. Those at a Fixes: line are fixes-blank-line's. */
function blanks({ index, body }: Patch): Found[] {
  const { tail } = messageParts(body);
  return tail.flatMap((paragraph, at) => {
    const before = tail[at - 1];
    const ends = [before?.lines.at(-1), paragraph.lines[0]];
    if (before === undefined || ends.some((line) => /^fixes:/i.test(line ?? ''))) return [];
    const text = 'a blank line stands between trailers';
    return [
      { place: placed('message', index, paragraph.start - 1), quote: paragraph.lines[0] ?? null, text },
    ];
  });
}

/** Who signed is said at the end: a paragraph with that and text behind it. */
function early({ index, body }: Patch): Found[] {
  const { prose, tail } = messageParts(body);
  const signed = prose.findIndex((paragraph) => paragraph.trailers && paragraph.lines.some(isSigned));
  const next = prose[signed + 1];
  if (signed < 0 || next === undefined) return [];
  const behind = tail.length > 0 ? 'text stands between the trailers' : 'text follows the trailers';
  return [{ place: placed('message', index, next.start), quote: next.lines[0] ?? null, text: behind }];
}

/** Text and trailers in one paragraph. */
function joined({ index, body }: Patch): Found[] {
  const last: Paragraph | undefined = messageParts(body).prose.at(-1);
  if (last === undefined || last.trailers || !last.lines.some(isSigned)) return [];
  const at = last.lines.findIndex((line) => readTrailer(line) !== null);
  const line = last.lines[at];
  if (at < 1 || line === undefined || !last.lines.slice(at).every((one) => readTrailer(one) !== null))
    return [];
  const text = 'no blank line stands above the trailers';
  return [{ place: placed('message', index, last.start + at), quote: line, text }];
}

function isSigned(line: string): boolean {
  return /^signed-off-by:/i.test(line);
}
