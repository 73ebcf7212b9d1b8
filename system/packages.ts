// SPDX-License-Identifier: MIT
/** The list of Debian packages, `packages.txt`, that bin/setup reads too. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface PackageNeed {
  name: string;
  required: boolean;
  /** The first Debian release to install it on; null for any. */
  since: number | null;
  /** What for. */
  purpose: string;
}

/** Parses lines of `need since package purpose`; throws on one it cannot read. */
export function parsePackages(source: string): PackageNeed[] {
  return source.split('\n').flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const match = /^(required|optional)\s+(any|\d+)\s+([a-z0-9][a-z0-9+.-]*)\s+(\S.*)$/.exec(line);
    const [, need, since, name, purpose] = match ?? [];
    if (name === undefined || purpose === undefined) throw new Error(`packages.txt:${i + 1}: ${line}`);
    return [{ name, required: need === 'required', since: since === 'any' ? null : Number(since), purpose }];
  });
}

/** The packages respin uses, in the file's order. */
export async function readPackages(): Promise<PackageNeed[]> {
  return parsePackages(await readFile(path.join(import.meta.dirname, 'packages.txt'), 'utf8'));
}
