// SPDX-License-Identifier: MIT
/**
 * The trailers of a commit message. As in git's trailer.c the last paragraph has them if they make a quarter of
 * it and one of them is of a known kind; git also takes a paragraph of nothing but unknown kinds, which in a
 * kernel commit is a table. Kernel people put blank lines between trailers as well: a paragraph above belongs to
 * them when it has nothing but known kinds.
 */
import type { Person } from '../core/series.ts';
import { noteOf, plainKind, unwrapped } from './trailer-value.ts';

export interface MessageTrailer {
  /** `Reviewed-by`, `Fixes`, `Link`; the case as git and b4 write it. */
  kind: string;
  /** All that stands behind the colon, unwrapped. */
  value: string;
  /** null for kinds that name nobody. */
  person: Person | null;
  note: string | null;
  /** 1-based line of the message. */
  line: number;
}

const TRAILER = /^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]?:(.*)$/;
const KNOWN =
  /^(?:[A-Za-z-]+-by|fixes|closes|link|cc|bug|bugzilla|buglink|message-id|change-id|reported-at)$/i;
/** `[Name: what I changed]`, `(cherry picked from …)`: they stand among trailers. */
const BESIDE = /^\[[^\]]*:|^\(cherry picked from |^#/;

/**
 * Trailers at the end of a commit message, in order.
 * @param body the message below its subject, without what follows `---`
 */
export function trailersOfMessage(body: string): MessageTrailer[] {
  const lines = body.split('\n').map((line) => line.trimEnd());
  let end = lines.length;
  let first = end;
  for (let last = true; end > 0; last = false) {
    while (end > 0 && lines[end - 1] === '') end--;
    let start = end;
    while (start > 0 && lines[start - 1] !== '') start--;
    if (start === end || !hasTrailers(lines.slice(start, end), last)) break;
    first = start;
    end = start;
  }
  return read(lines, first);
}

function hasTrailers(paragraph: readonly string[], last: boolean): boolean {
  let trailers = 0;
  let known = 0;
  let others = 0;
  for (const [at, line] of paragraph.entries()) {
    const kind = TRAILER.exec(line)?.[1];
    if (kind !== undefined) {
      trailers++;
      if (KNOWN.test(kind)) known++;
    } else if (!BESIDE.test(line) && !(trailers > 0 && isContinued(paragraph, at))) others++;
  }
  if (!last) return known > 0 && known === trailers && others === 0;
  return known > 0 && trailers * 3 >= others;
}

function isContinued(lines: readonly string[], at: number): boolean {
  return /^(?:[ \t]|<[^<>\s]+>)/.test(lines[at] ?? '');
}

function read(lines: readonly string[], first: number): MessageTrailer[] {
  const found: MessageTrailer[] = [];
  for (let at = first; at < lines.length; ) {
    const parts = TRAILER.exec(lines[at] ?? '');
    const line = at + 1;
    at++;
    if (!parts?.[1]) continue;
    const pieces = [parts[2] ?? ''];
    while (at < lines.length && isContinued(lines, at)) pieces.push(lines[at++] ?? '');
    const value = pieces
      .map((piece) => piece.trim())
      .join(' ')
      .trim();
    const names = /-by$|^cc$/i.test(parts[1]);
    const { read: who } = names ? unwrapped(value, [], 0) : { read: { person: null, rest: '' } };
    const note = who.person === null ? null : noteOf(who.rest);
    found.push({ kind: plainKind(parts[1]), value, person: who.person, note, line });
  }
  return found;
}
