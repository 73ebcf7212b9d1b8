// SPDX-License-Identifier: MIT
/**
 * The versions that changelogs name, as the review names them. `RFC v2` is `rfc-v2` where a v2 that
 * is no RFC came later, else `v2`; and in the text of an RFC `v2` is the RFC's own.
 */
import type { Changelog } from '../../core/review.ts';
import type { VersionPatches } from './version-patches.ts';

/** @param own the version whose mails the changelogs stand in */
export function nameChangelogs(
  logs: readonly Changelog[],
  own: string,
  versions: readonly VersionPatches[],
): Changelog[] {
  const isRfc = new Map(versions.map(({ version, mails }) => [version, mails.posting.rfc]));
  const order = versions.map(({ version }) => version);
  const nameOf = (label: string): string => {
    const [, rfc, number] = /^(rfc-)?v(\d+)$/.exec(label) ?? [];
    if (number === undefined) return label;
    const [asRfc, plain] = [`rfc-v${number}`, `v${number}`];
    if (rfc !== undefined) return !isRfc.has(asRfc) && isRfc.get(plain) === true ? plain : asRfc;
    const counts = /^rfc-v(\d+)/.exec(own)?.[1];
    return counts !== undefined && Number(number) <= Number(counts) ? asRfc : plain;
  };
  const named = new Map<string, Changelog>();
  for (const log of logs) {
    const since = log.since === null ? null : nameOf(log.since);
    let version = nameOf(log.version);
    // `Changes since RFC`, and the RFC is v1.
    if (version === since) version = order[order.indexOf(since) + 1] ?? own;
    const key = `${version} ${log.patch}`;
    const first = named.get(key);
    if (first === undefined) named.set(key, { ...log, version, since });
    else
      named.set(key, { ...first, since: first.since ?? since, entries: [...first.entries, ...log.entries] });
  }
  return [...named.values()];
}
