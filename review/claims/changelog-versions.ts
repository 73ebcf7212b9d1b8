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
  const [rfc, ownRfc] = [since, own].map((one) => one.startsWith('rfc-'));
  const isLater = rfc && !ownRfc ? true : numberOf(own) > number;
  if (alone && isLater) return own;
  if (!rfc) return `v${number + 1}`;
  const next = `rfc-v${number + 1}`;
  return named.has(next) || (ownRfc && isLater) ? next : 'v1';
}

function numberOf(version: string): number {
  return Number(/\d+/.exec(version)?.[0] ?? 1);
}
