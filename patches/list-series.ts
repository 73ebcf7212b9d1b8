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
    const counted: ListedSeries['versions'] = [];
    for (const { version, date } of versions) {
      const files = await mailFiles(path.join(folder, version));
      const patches = files.filter((file) => !/^(v\d+-)?0000-/.test(path.basename(file))).length;
      counted.push({ version, date, patches });
    }
    list.push({ name, title, tree, versions: counted });
  }
  return list;
}
