// SPDX-License-Identifier: MIT
/**
 * The quoted message, notes and diffstat of a page. With the quote marks gone a replier's words
 * look like the author's, so they are only taken for own where the author cannot have written them.
 */

import { isClosing } from '../mails/mail-words.ts';
import { isBlank, type RawLine } from './page-furniture.ts';
import { isName, trailerOf } from './page-prose.ts';

const STAT_ROW = /^ ?\S.{0,400}? \| +(?:\d+(?: [+-]+)?|Bin\b.*)$/;
const STAT_SUMMARY = /^ ?\d+ files? changed(?:,|$)/;
const STAT_MODE =
  /^ ?(?:(?:create|delete) mode \d{6} \S|mode change \d|(?:rename|copy) \S.* \(\d+%\)$|rewrite \S)/;
const BELOW_STAT =
  /^(?:---\s*|base-commit: .*|change-id: .*|prerequisite-[\w-]+: .*|(?:Best|Kind) regards,?|-- ?|\d+\.\d+[\w.]*(?: \(.*\))?|(?:range-diff|interdiff)\b.*)$/i;
const LOOK = 1000;

/** A line of a diffstat: git puts a blank in front of each. */
export function isDiffstat(text: string): boolean {
  const look = text.slice(0, LOOK);
  return STAT_ROW.test(look) || STAT_SUMMARY.test(look) || STAT_MODE.test(look);
}

/**
 * @param lines from the attribution to the diff, or to the end of the mail
 * @param answered whom the reply answers; empty when unknown
 * @param toTheEnd whether no diff follows
 * @returns for each line whether it is own
 */
export function ownInMessage(lines: readonly RawLine[], answered: string, toTheEnd: boolean): boolean[] {
  const texts = lines.map((line) => line.text.slice(0, LOOK));
  const own = texts.map(() => false);
  const first = texts.findIndex((text) => !isBlank(text));
  if (first >= 0 && greets(texts[first] ?? '', answered)) own[first] = true;
  markBelowSignOff(texts, own);
  markBelowDiffstat(texts, own, answered);
  if (toTheEnd) markSignature(texts, own, answered);
  return withBlanks(texts, own);
}

/** An empty line beside an own one is own as well. */
export function withBlanks(texts: readonly string[], own: readonly boolean[]): boolean[] {
  const result = [...own];
  const blank = texts.map(isBlank);
  for (let at = 1; at < result.length; at++) if (blank[at] && result[at - 1]) result[at] = true;
  for (let at = result.length - 2; at >= 0; at--) if (blank[at] && result[at + 1]) result[at] = true;
  return result;
}

/** `Hi Bobby,` in an answer to Bobby. */
function greets(text: string, answered: string): boolean {
  const name = /^(?:hi|hello|hey|dear)[ ,]+([\p{L}.'-]+)[,!.:]*$/iu.exec(text.trim().slice(0, 60))?.[1];
  return name !== undefined && firstName(answered) === name.toLowerCase();
}

function firstName(name: string): string {
  return (/^[\p{L}.'-]+/u.exec(name)?.[0] ?? '').toLowerCase();
}

/** A commit message ends with its trailers: a paragraph between them and the `---` is the replier's. */
function markBelowSignOff(texts: readonly string[], own: boolean[]): void {
  const dashes = texts.findIndex((text) => /^---\s*$/.test(text));
  const stat = texts.findIndex(isDiffstat);
  const ends = [dashes, stat, texts.length].filter((end) => end >= 0);
  const end = Math.min(...ends);
  const signOff = texts.slice(0, end).findLastIndex((text) => /^Signed-off-by: \S/.test(text));
  if (signOff < 0) return;
  let at = signOff + 1;
  while (at < end && !isBlank(texts[at] ?? '')) at++;
  for (; at < end; at++) own[at] = !isBlank(texts[at] ?? '');
}

/** Below the diffstat git writes little, and nothing that reads as a sentence. */
function markBelowDiffstat(texts: readonly string[], own: boolean[], answered: string): void {
  const summary = texts.findIndex((text) => STAT_SUMMARY.test(text));
  if (summary < 0) return;
  for (let at = summary + 1; at < texts.length; at++) {
    const text = texts[at] ?? '';
    const signed = answered !== '' && text.includes(answered);
    own[at] = !(isBlank(text) || STAT_MODE.test(text) || BELOW_STAT.test(text) || signed);
  }
}

/** The last lines: a closing with a name below it, unless it is the name of who is answered. */
function markSignature(texts: readonly string[], own: boolean[], answered: string): void {
  let at = texts.findLastIndex((text) => !isBlank(text));
  const names: string[] = [];
  while (at >= 0 && names.length < 2 && isName(texts[at] ?? '') && !isClosing(texts[at] ?? '')) {
    names.push(firstName(texts[at--] ?? ''));
  }
  while (at >= 0 && isBlank(texts[at] ?? '')) at--;
  const closes = at >= 0 && (isClosing(texts[at] ?? '') || /^--\s?$/.test(texts[at] ?? ''));
  if (names.length === 0 || !closes || names.includes(firstName(answered))) return;
  for (let line = at; line < texts.length; line++) own[line] = true;
  // A tag right above the closing was given with it.
  let above = at - 1;
  while (above >= 0 && isBlank(texts[above] ?? '')) above--;
  for (; above >= 0 && trailerOf(texts[above] ?? '') !== null; above--) {
    if (names.includes(firstName(trailerOf(texts[above] ?? '')?.name ?? ''))) own[above] = true;
  }
}
