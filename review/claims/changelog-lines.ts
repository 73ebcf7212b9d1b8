// SPDX-License-Identifier: MIT
/** The lines a changelog is made of, and those it ends at. */

export interface BulletLine {
  indent: number;
  text: string;
}

/** Columns before the text; a tab goes to the next multiple of 8. */
export function indentOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === '\t') column += 8 - (column % 8);
    else if (char === ' ' || char === '\u00a0') column++;
    else break;
  }
  return column;
}

/** `- x`, `* x`, `o x`, `1. x`, `a) x`, also `-x` where it cannot be an option or an error code; null without a bullet. */
export function readBullet(line: string): BulletLine | null {
  const text = line.trimStart();
  const mark =
    /^(?:--?|[*+•·‣◦●▪–—o]|\d{1,3}[.)]|\(\d{1,3}\)|[a-z]\))(?:\s|$)/.exec(text) ??
    /^[-*•](?=[A-Z][a-z]|[a-z]{2,}[ ,])/.exec(text);
  if (!mark) return null;
  return { indent: indentOf(line), text: text.slice(mark[0].length).trim() };
}

/** `=====` and the like below a heading. Three dashes are the end of a commit message. */
export function isUnderline(line: string): boolean {
  const text = line.trim();
  return text.length >= 3 && text.length <= 120 && text !== '---' && /^(?:=+|-+|~+|\*+|#+|\^+)$/.test(text);
}

/** Nothing below belongs to what the author says: the diff, the signature, the comparison of two versions. */
export function endsText(line: string): boolean {
  return (
    line.startsWith('diff --git ') ||
    line.startsWith('Index: ') ||
    /^--\s?$/.test(line) ||
    /^(?:range-?diff|interdiff)\b.{0,60}:\s*$/i.test(line.slice(0, 100))
  );
}

const TRAILER =
  /^(?:[A-Z][A-Za-z]*(?:-[A-Za-z]+){0,4}-by|Cc|CC|Fixes|Link|Closes|Change-Id|Message-Id|Message-ID|Git-repo|base-commit|change-id|prerequisite-(?:patch-id|change-id|message-id)|Depends-on|BugLink):\s/;

/** Whether a line is a trailer of a commit message, or of what b4 puts below a cover letter. */
export function isTrailer(line: string): boolean {
  return TRAILER.test(line.slice(0, 200));
}

const FAREWELL = /^(?:best regards|kind regards|regards|cheers|thanks|thank you|best|br),?[.!]?$/i;
/** `Some Body (5):`, as git shortlog writes it in a cover letter. */
const SHORTLOG = /^\S[^:]{0,80} \(\d{1,4}\):$/;
const STAT = /^\S.{0,300}\|\s+(?:\d{1,7}(?:\s+[+-]*)?|Bin(?:\s.*)?)$/;
const STAT_TOTAL = /^\d{1,6} files? changed\b/;

/** Whether a line ends a changelog wherever it stands in it: `---`, a trailer, the shortlog. */
export function isBoundary(line: string): boolean {
  const text = line.trim().slice(0, 400);
  return text === '---' || TRAILER.test(text) || FAREWELL.test(text) || SHORTLOG.test(text);
}

/** Whether a line is one of a diffstat, however it is indented. */
export function isDiffstat(line: string): boolean {
  if (!line.includes('|') && !line.includes(' changed')) return false;
  const text = line.trim().slice(0, 400);
  return STAT.test(text) || STAT_TOTAL.test(text);
}

const UNRELATED =
  /^(?:test(?:s|ed|ing)?|performance|benchmarks?|results?|todo|to do|known (?:issues|problems|limitations)|thanks|based|base|base tree|applies|depend(?:s|encies|ency)|prerequisites?|links?|references?|previous(?:ly)?(?: \w+)?|older versions?|open (?:questions?|issues)|questions?|future(?: work)?|background|motivation|overview|summary|cover letter|patch structure|git tree|tree|branch)(?:\b[^:]{0,40}:|$)/i;

/** Whether a line begins something else: `Testing: …`, `Known issues:`, `Based on …`. */
export function beginsOther(text: string): boolean {
  const head = text.slice(0, 120);
  if (/^(?:tested|based on|applies (?:on|to|cleanly)|depends on|this (?:series|patch))\b/i.test(head))
    return true;
  return UNRELATED.test(head);
}

/** `Note: …`, `Note2: …`, `NB: …` */
export function saysNote(text: string): boolean {
  return /^(?:(?:side |please )?notes?\s?\d{0,2}\s?[:,]|n\.?b\.?\s?:|please note\b)/i.test(text);
}

/** `Patch 3:`, `[PATCH 3/5] vsock: x`, `3/5:`, `patches 1-3:`: what the entries below it are about. */
export function namesPatch(text: string): boolean {
  return (
    text.length <= 120 &&
    /^(?:\[?(?:patch(?:es)?)\b[ #]*\d|\[?\d{1,3}\/\d{1,3}\b|#\d{1,3}\b|all patches|all:|general:|cover letter:)/i.test(
      text,
    )
  );
}

/** Whether a line goes on with the one above it, which was as long as a line gets. */
export function goesOn(above: string, text: string): boolean {
  const first = text.split(/\s/, 1)[0]?.length ?? 0;
  const length = above.trimEnd().length;
  return length + 1 + first > 68 && !/[.;:!?)\]]$/.test(above.trimEnd());
}
