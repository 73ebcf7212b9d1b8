// SPDX-License-Identifier: MIT
/** A diffstat held against the diff it is of. */
import { printable } from '../../core/escape.ts';
import type { FileDiff } from '../../core/series.ts';
import type { Diffstat, DiffstatFile } from './diffstat.ts';

/** A file of the diff, with the name and counts a diffstat gives it. */
interface Counted {
  name: string;
  added: number;
  removed: number;
  binary: boolean;
  used: boolean;
}

/** @param files the whole diff */
export function errorsOf(stat: Diffstat, files: readonly FileDiff[]): string[] {
  const counted = files.map(countOf);
  const find = finder(counted);
  const errors: string[] = [];
  for (const listed of stat.files) {
    const file = find(listed);
    if (file === 'unknown') continue;
    if (file === null)
      errors.push(`the diffstat lists ${printable(listed.path)}, which the diff does not change`);
    else compare(listed, file, errors);
  }
  // A diffstat with files left out, or none but its last line, does not say what else there is.
  if (stat.cut !== true && stat.files.length > 0) {
    for (const file of counted) {
      if (file.used) continue;
      errors.push(`the diff changes ${printable(file.name)}, which the diffstat does not list`);
    }
  }
  compareTotals(stat, counted, errors);
  return errors;
}

function compare(listed: DiffstatFile, file: Counted, errors: string[]): void {
  const name = printable(file.name);
  const { changes, added, removed } = listed;
  if (changes === null) {
    if (!file.binary) errors.push(`the diffstat calls ${name} binary, the diff has text for it`);
  } else if (file.binary) {
    errors.push(`the diffstat counts ${lines(changes)} in ${name}, the diff has it as binary`);
  } else if (changes !== file.added + file.removed) {
    errors.push(
      `the diffstat counts ${lines(changes)} in ${name}, the diff has ${file.added + file.removed} (+${file.added} -${file.removed})`,
    );
  } else if (added !== undefined && removed !== undefined && added !== file.added) {
    errors.push(
      `the diffstat draws +${added} -${removed} for ${name}, the diff has +${file.added} -${file.removed}`,
    );
  }
}

function compareTotals(stat: Diffstat, counted: readonly Counted[], errors: string[]): void {
  if (stat.total === null) return;
  let insertions = 0;
  let deletions = 0;
  for (const file of counted) {
    insertions += file.added;
    deletions += file.removed;
  }
  for (const [what, said, there] of [
    ['file', stat.total.files, counted.length],
    ['insertion', stat.total.insertions, insertions],
    ['deletion', stat.total.deletions, deletions],
  ] as const) {
    if (said !== there)
      errors.push(`the diffstat promises ${said} ${what}${said === 1 ? '' : 's'}, the diff has ${there}`);
  }
}

function lines(count: number): string {
  return `${count} changed line${count === 1 ? '' : 's'}`;
}

function countOf(file: FileDiff): Counted {
  let added = 0;
  let removed = 0;
  for (const { kind } of file.hunks.flatMap((hunk) => hunk.lines)) {
    if (kind === 'add') added++;
    else if (kind === 'del') removed++;
  }
  const { oldPath, newPath } = file;
  const moved = oldPath !== null && newPath !== null && oldPath !== newPath;
  const name = moved ? renameName(oldPath, newPath) : (newPath ?? oldPath ?? '');
  return { name, added, removed, binary: file.binary, used: false };
}

/** Names compared for `...`, at most: a list that needs more is nobody's diffstat. */
const BUDGET = 1_000_000;

/** Finds the file that a line of the diffstat is about, each file once. */
function finder(counted: readonly Counted[]): (listed: DiffstatFile) => Counted | 'unknown' | null {
  const byName = new Map(counted.map((file) => [file.name, file]));
  let budget = BUDGET;
  return ({ path, changes }) => {
    const exact = byName.get(path);
    let found: Counted | undefined = exact?.used === false ? exact : undefined;
    if (found === undefined && path.startsWith('...')) {
      budget -= counted.length;
      if (budget < 0) return 'unknown';
      // git cuts at a slash when there is one in what is left.
      const fits = counted.filter((file) => !file.used && file.name.endsWith(path.slice(3)));
      found = fits.find((file) => changes === (file.binary ? null : file.added + file.removed)) ?? fits[0];
    }
    if (found === undefined) return null;
    found.used = true;
    return found;
  };
}

/** `net/{old => new}/x.c`, as git's diff.c pprint_rename writes it. */
export function renameName(from: string, to: string): string {
  let prefix = 0;
  for (let at = 0; at < from.length && at < to.length && from[at] === to[at]; at++) {
    if (from[at] === '/') prefix = at + 1;
  }
  // With a prefix the slash at its end may also begin the suffix.
  const floor = prefix > 0 ? prefix - 1 : 0;
  let suffix = 0;
  for (let back = 1; ; back++) {
    const [a, b] = [from.length - back, to.length - back];
    if (a < floor || b < floor || from[a] !== to[b]) break;
    if (from[a] === '/') suffix = back;
  }
  const middle = (path: string): string => path.slice(prefix, Math.max(prefix, path.length - suffix));
  const change = `${middle(from)} => ${middle(to)}`;
  if (prefix + suffix === 0) return change;
  return `${from.slice(0, prefix)}{${change}}${from.slice(from.length - suffix)}`;
}
