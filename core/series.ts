// SPDX-License-Identifier: MIT
/** Series, patch, file, hunk: a patch series as it stands on the list. */

export interface HunkLine {
  kind: 'context' | 'add' | 'del';
  /** The line without its first column and without its line end. */
  text: string;
  /** 1-based line numbers; null on the side that does not have the line. */
  oldLine: number | null;
  newLine: number | null;
  /** True when `\ No newline at end of file` follows. */
  noNewline?: boolean;
}

export interface Hunk {
  /** The whole `@@ -a,b +c,d @@ heading` line. */
  header: string;
  /** What git printed behind the second `@@`: usually the function. */
  heading: string;
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  lines: HunkLine[];
}

export type FileChange = 'modified' | 'added' | 'deleted' | 'renamed' | 'copied' | 'mode';

export interface FileDiff {
  /** Paths without `a/` and `b/`, unquoted; null where the file does not exist on that side. */
  oldPath: string | null;
  newPath: string | null;
  change: FileChange;
  oldMode?: string;
  newMode?: string;
  binary: boolean;
  hunks: Hunk[];
}

export interface Person {
  name: string;
  email: string;
}

export interface Patch {
  /** 1-based place in the series, and how many there are by the mail's own count. */
  index: number;
  total: number;
  /** The commit subject: without `[PATCH …]`. */
  subject: string;
  /** The words of the `[…]` prefix but PATCH, version and numbering: `net-next`, `RFC`. */
  prefixes: string[];
  author: Person;
  /** RFC 2822 date as mailed, or ISO from git. */
  date: string;
  messageId: string | null;
  /** Commit message below the subject, trailers included, without what follows `---`. */
  body: string;
  /** What stands between `---` and the diff: notes, changelog, diffstat. */
  notes: string;
  files: FileDiff[];
  /** Where it was read from, for messages: a path, or `path#3` for the third mail of an mbox. */
  origin: string;
  /** The bytes to hand to `git am --patch-format=mboxrd --keep-cr --scissors`: an mboxrd of one mail. */
  mail: Uint8Array;
}

export interface CoverLetter {
  subject: string;
  author: Person;
  date: string;
  messageId: string | null;
  body: string;
  origin: string;
  /** The mail as it came, with LF line ends and no From line in front. */
  mail: Uint8Array;
}

export interface Series {
  /** The folder's name in patches/, or one made from the subject. */
  name: string;
  title: string;
  /** `v1`, `v2`, … */
  version: string;
  /** What it was read from, as the user named it. */
  source: string;
  /** The tree the series asks for, as `respin tree` spells it; null when it does not say. */
  tree: string | null;
  /** From a `base-commit:` line; null when there is none. */
  baseCommit: string | null;
  cover: CoverLetter | null;
  patches: Patch[];
  /** How many it has, where `patches` are only the first of them. */
  of?: number;
}

/** A series as far as its first patches: what git bisect would stop at. @throws RangeError */
export function firstPatches(series: Series, count: number): Series {
  const of = series.patches.length;
  if (!Number.isInteger(count) || count < 1 || count > of) throw new RangeError(`${count} of ${of} patches`);
  return count === of ? series : { ...series, patches: series.patches.slice(0, count), of };
}
