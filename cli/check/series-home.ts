// SPDX-License-Identifier: MIT
/** Where a series that is checked lives, when it is one of a folder with a series.toml. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readSeriesToml, SERIES_NAME } from '../../patches/series-folder.ts';
import type { SeriesSetting } from '../../tools/checkpatch/rule.ts';

/**
 * The folder that holds waivers, decisions and mails of the series named; null for an mbox, a
 * range, a bare folder of patches.
 */
export function seriesHome(named: string, cwd: string, patches: string): string | null {
  const own = path.join(patches, named);
  if (SERIES_NAME.test(named) && existsSync(path.join(own, 'series.toml'))) return own;
  const place = path.resolve(cwd, named);
  return existsSync(path.join(place, 'series.toml')) ? place : null;
}

/** What the folder's series.toml says beside its versions. */
export async function settingOf(home: string | null): Promise<SeriesSetting> {
  if (home === null) return { prefix: null, lists: [], cc: [] };
  const { prefix, lists, cc } = await readSeriesToml(home);
  return { prefix, lists, cc };
}
