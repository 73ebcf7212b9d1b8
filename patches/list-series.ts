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
 * counted by their files; the mails are not read.
 * @throws RespinError SERIES_TOML
 */
export async function listSeries(options: { patchesDir?: string } = {}): Promise<ListedSeries[]> {
  const patchesDir = options.patchesDir ?? DEFAULT_PATCHES_DIR;
  const list: ListedSeries[] = [];
  for (const name of await seriesNames(patchesDir)) {
    const folder = path.join(patchesDir, name);
    const { title, tree, versions } = await readSeriesToml(folder);
    const mailed = (await mailFiles(path.join(folder, 'mail'))).map((file) => path.basename(file));
    const counted: ListedSeries['versions'] = [];
    for (const { version, date } of versions) {
      const files = await mailFiles(path.join(folder, version));
      const own = files.filter((file) => !/^(v\d+-)?0000-/.test(path.basename(file))).length;
      // What was only ever mailed has its version and number in the names of its files.
      const patches = own > 0 ? own : mailed.filter((name) => isPatchOf(name, version)).length;
      counted.push({ version, date, patches });
    }
    list.push({ name, title, tree, versions: counted });
  }
  return list;
}

/** `20221215-v8-0002-vsock-….eml`; not `20221215-v8-0000-…` and not `…-re-…`. */
function isPatchOf(name: string, version: string): boolean {
  const match = /^(?:\d{8}|undated)-(v\d+)(?:-(\d{4,}))?-(re-)?/.exec(name);
  return match !== null && match[1] === version && Number(match[2] ?? 1) > 0 && match[3] === undefined;
}
