// SPDX-License-Identifier: MIT
/** What lies in patches/. */
import path from 'node:path';
import { DEFAULT_PATCHES_DIR, mailFiles, readSeriesToml, seriesNames } from './series-folder.ts';

export interface ListedSeries {
  name: string;
  title: string;
  tree: string | null;
  /** Oldest first. */
  versions: { version: string; date: string | null; patches: number }[];
}

/**
 * Every series in `patchesDir` (by default the project's own), sorted by name. Patches are
 * counted by their files; the mails are not read, so that v2 and v2.1 are counted together.
 * @throws RespinError SERIES_TOML
 */
export async function listSeries(options: { patchesDir?: string } = {}): Promise<ListedSeries[]> {
  const patchesDir = options.patchesDir ?? DEFAULT_PATCHES_DIR;
  const list: ListedSeries[] = [];
  for (const name of await seriesNames(patchesDir)) {
    const folder = path.join(patchesDir, name);
    const { title, tree, versions } = await readSeriesToml(folder);
    const mailed = (await mailFiles(path.join(folder, 'mail'))).map((file) => path.basename(file));
    const names = versions.map(({ version }) => version);
    const counted: ListedSeries['versions'] = [];
    for (const { version, date } of versions) {
      const files = await mailFiles(path.join(folder, version));
      const own = files.filter((file) => !/^(v\d+-)?0000-/.test(path.basename(file))).length;
      // What was only ever mailed has its version and number in the names of its files.
      counted.push({ version, date, patches: own > 0 ? own : mailedPatches(mailed, version, names) });
    }
    list.push({ name, title, tree, versions: counted });
  }
  return list;
}

/**
 * How many patches of a version `20221215-v8-0002-vsock-….eml` are there, those sent again once; `20221215-v8-0000-…` and
 * `…-re-…` are none.
 * @param versions all of the series: where none of them is `rfc-v1`, a mail that says RFC is of v1
 */
function mailedPatches(names: readonly string[], version: string, versions: readonly string[]): number {
  const [, rfc = '', number = ''] = /^(rfc-)?(v\d+)/.exec(version) ?? [];
  const isApart = versions.includes(`rfc-${number}`);
  const patches = new Set<string>();
  for (const name of names) {
    const match = /^(?:\d{8}|undated)-(rfc-)?(v\d+)(?:-(\d{4,}))?-(re-)?/.exec(name);
    if (match === null || match[2] !== number || match[4] !== undefined || Number(match[3] ?? 1) === 0)
      continue;
    if (isApart && (match[1] ?? '') !== rfc) continue;
    // Those without a number are all of a series, or the only one.
    patches.add(match[3] ?? name);
  }
  return patches.size;
}
