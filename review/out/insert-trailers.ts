// SPDX-License-Identifier: MIT
/**
 * Trailers put into a commit message. They go behind the ones that are there, as git and most
 * submitters do it: the author's Signed-off-by, then who looked at it since. Two lines stay last:
 * a Signed-off-by of somebody else (who passes a patch on signs for what was collected, b4 and
 * maintainers alike), and Link, Cc or Change-Id below all the people.
 */
import type { Person } from '../../core/series.ts';
import { trailersOfMessage } from '../../patches/trailer-message.ts';

/**
 * @param message lines of the commit message below its subject
 * @param added trailers, a line each
 * @returns the index they belong at, and whether a blank line has to stand above them
 */
export function placeForTrailers(message: readonly string[], author: Person): { at: number; blank: boolean } {
  const trailers = trailersOfMessage(message.join('\n'));
  const people = trailers.filter(({ kind }) => /-by$/i.test(kind));
  const last = people.at(-1) ?? trailers.at(-1);
  if (last === undefined) {
    let at = message.length;
    while (at > 0 && message[at - 1]?.trim() === '') at--;
    return { at, blank: at > 0 };
  }
  const signs = /^signed-off-by$/i.test(last.kind) && !isAuthor(last.person, author);
  const before = people.at(-2);
  // With nothing of the author's above it, it is the only sign-off there is.
  if (signs && before !== undefined) return { at: last.line - 1, blank: false };
  return { at: endOf(message, last.line), blank: false };
}

/** The message with the trailers; the same lines when there are none to add. */
export function withTrailers(message: readonly string[], author: Person, added: readonly string[]): string[] {
  if (added.length === 0) return [...message];
  const { at, blank } = placeForTrailers(message, author);
  return [...message.slice(0, at), ...(blank ? [''] : []), ...added, ...message.slice(at)];
}

/** Behind the lines it is wrapped to, and a `[Name: what I changed]` on it. */
function endOf(message: readonly string[], line: number): number {
  let at = line;
  while (/^(?:[ \t]+\S|<[^<>\s]+>|\[[^\]]*:)/.test(message[at] ?? '')) at++;
  return at;
}

function isAuthor(person: Person | null, author: Person): boolean {
  if (person === null) return false;
  return (
    person.email.toLowerCase() === author.email.toLowerCase() ||
    (person.name !== '' && person.name.toLowerCase() === author.name.toLowerCase())
  );
}
