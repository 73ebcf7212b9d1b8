// SPDX-License-Identifier: MIT
/** Which version a changelog is of, when its heading only says since when. */
import type { ChangelogEntry } from '../../core/review.ts';

export interface Listed {
  version: string | null;
  since: string | null;
  entries: ChangelogEntry[];
}

/**
 * Names the version of each list and makes one of those with the same, in the order of the first.
 * @param own the version of the text they stand in
 */
export function withVersions(lists: readonly Listed[], own: string): (Listed & { version: string })[] {
  const named = new Set(lists.flatMap((one) => [one.version, one.since]));
  const found = new Map<string, Listed & { version: string }>();
  for (const list of lists) {
    const version = list.version ?? versionAfter(list.since, own, lists.length === 1, named);
    const first = found.get(version);
    if (first) {
      for (const entry of list.entries) first.entries.push(entry);
      first.since ??= list.since;
    } else {
      found.set(version, { ...list, version });
    }
  }
  return [...found.values()];
}

function versionAfter(
  since: string | null,
  own: string,
  alone: boolean,
  named: ReadonlySet<string | null>,
): string {
  // `Changes since the last version`, or a bare `Changelog:`.
  if (since === null) return own;
  const number = numberOf(since);
  const rfc = since.startsWith('RFC');
  if (alone && (rfc ? !own.startsWith('RFC') : numberOf(own) > number)) return own;
  if (!rfc) return `v${number + 1}`;
  const next = `RFC v${number + 1}`;
  return named.has(next) ? next : 'v1';
}

/** `RFC` without a number is the first. */
function numberOf(version: string): number {
  return Number(/\d+/.exec(version)?.[0] ?? 1);
}
