// SPDX-License-Identifier: MIT
/**
 * Which patch of one version is which of the next one's, as git range-diff finds it (range-diff.c,
 * get_correspondences): first identical diffs, then, for what is left, the pairing for which the
 * diffs between the paired diffs and CREATION times the size of those that stay alone are least
 * together. Two differences: the size of a diff between diffs is the number of its `-` and `+`
 * lines, without context; and before content is compared, patches with the same subject and a file
 * in common are paired, which range-diff does not do.
 */
import { once } from '../../core/once.ts';
import type { FileDiff, Patch } from '../../core/series.ts';
import { bestPairs, type Candidate, inOrder } from './best-pairs.ts';
import { commonCount, commonLength, sorted } from './common-length.ts';
import { interdiffOfHunks, interdiffOfMessages } from './interdiff.ts';
import { lineNumbers } from './line-diff.ts';
import { lineLikeness } from './line-likeness.ts';
import { pairHunks } from './pair-hunks.ts';
import { diffText, fileTitle } from './range-diff-text.ts';

export type PairedPatch = Pick<Patch, 'index' | 'subject' | 'body' | 'files'>;

/** How the partner was found: they have the subject in common, or only content. */
export type PairedBy = 'same-subject' | 'content';

/**
 * message: subject or commit message, trailers included. diff: what is added and removed, the files
 * it is done to and the place; not line numbers and context.
 */
export type PatchChange = 'unchanged' | 'message' | 'diff' | 'both';

export interface PatchPair {
  /** The patches' own numbers; null for a patch that is new, or was dropped. */
  before: number | null;
  after: number | null;
  how: PairedBy;
  /** 0 to 1: the share of lines that both diffs have, in the same order. */
  similarity: number;
  change: PatchChange;
}

/** As range-diff's --creation-factor=60. */
const CREATION = 0.6;
/** With a file in common and a subject that is nearly the same. */
const CREATION_LIKE_SUBJECT = 0.75;
const LIKE_SUBJECT = 0.6;

/**
 * All patches of both, in the order of the later version, dropped ones behind what they stood
 * behind. A patch without a partner has how `content`, similarity 0 and change `both`. Of a patch
 * that was split, or of several that were merged, one is the partner at most.
 */
export function pairPatches(
  before: readonly PairedPatch[],
  after: readonly PairedPatch[],
  read: PatchReader = patchReader(),
): PatchPair[] {
  const a = before.map(read);
  const b = after.map(read);
  const partnerOf = new Array<number>(before.length).fill(-1);
  const taken = new Set<number>();
  for (const step of [identicalDiffs, sameSubjects, alikeContents]) {
    const left = [...a.keys()].filter((at) => partnerOf[at] === -1);
    const right = [...b.keys()].filter((at) => !taken.has(at));
    for (const pair of bestPairs(step(a, b, left, right))) {
      partnerOf[pair.before] = pair.after;
      taken.add(pair.after);
    }
  }
  return inOrder(partnerOf, after.length).map((row) => pairOf(a[row.before ?? -1], b[row.after ?? -1]));
}

/** Numbers stand for lines, see lineNumbers. */
interface Read {
  patch: PairedPatch;
  subject: string;
  lines: number[];
  sorted: number[];
  whole: string;
  paths: ReadonlySet<string>;
  /** See changesOf; worked out when it is first needed. */
  changes: () => string;
}

export type PatchReader = (patch: PairedPatch) => Read;

/** For several pairings: what a patch is compared by is worked out once. */
export function patchReader(): PatchReader {
  const number = lineNumbers();
  const known = new Map<PairedPatch, Read>();
  return (patch) => {
    const read = known.get(patch) ?? readPatch(patch, number);
    known.set(patch, read);
    return read;
  };
}

function readPatch(patch: PairedPatch, number: (line: string) => number): Read {
  const lines = diffText(patch.files).map(number);
  const paths = patch.files.flatMap(({ oldPath, newPath }) => [oldPath ?? newPath, newPath ?? oldPath]);
  return {
    patch,
    subject: patch.subject.toLowerCase().replace(/\s+/g, ' ').trim(),
    lines,
    sorted: sorted(lines),
    whole: lines.join(','),
    paths: new Set(paths.filter((path) => path !== null)),
    changes: once(() => changesOf(patch.files)),
  };
}

type Step = (
  a: readonly Read[],
  b: readonly Read[],
  left: readonly number[],
  right: readonly number[],
) => Candidate[];

/** The same subject decides between several that are the same, then the order. */
const identicalDiffs: Step = (a, b, left, right) =>
  within(a, b, left, right, ({ whole }) => whole).flatMap(([before, after]) => {
    const [one, other] = [a[before], b[after]];
    if (one === undefined || other === undefined || one.lines.length === 0) return [];
    const near = 1 / (1 + Math.abs(before - after));
    return [{ before, after, gain: (one.subject === other.subject ? 2 : 0) + near }];
  });

const sameSubjects: Step = (a, b, left, right) =>
  within(a, b, left, right, ({ subject }) => subject).flatMap(([before, after]) => {
    const [one, other] = [a[before], b[after]];
    if (one === undefined || other === undefined || one.subject === '') return [];
    const unknown = one.paths.size === 0 || other.paths.size === 0;
    return unknown || overlap(one, other)
      ? [{ before, after, gain: 1 + commonLength(one.lines, other.lines) }]
      : [];
  });

const alikeContents: Step = (a, b, left, right) =>
  left.flatMap((before) =>
    right.flatMap((after) => {
      const [one, other] = [a[before], b[after]];
      if (one === undefined || other === undefined) return [];
      const size = one.lines.length + other.lines.length;
      const most = commonCount(one.sorted, other.sorted);
      if (size - 2 * most >= CREATION_LIKE_SUBJECT * size) return [];
      const like = overlap(one, other) && lineLikeness(one.subject, other.subject) >= LIKE_SUBJECT;
      const alone = (like ? CREATION_LIKE_SUBJECT : CREATION) * size;
      if (size - 2 * most >= alone) return [];
      const gain = alone - (size - 2 * commonLength(one.lines, other.lines));
      return gain > 0 ? [{ before, after, gain }] : [];
    }),
  );

/** Patches with the same key that may all go with each other, beyond which they go in order. */
const CROSSWISE = 50;

function within(
  a: readonly Read[],
  b: readonly Read[],
  left: readonly number[],
  right: readonly number[],
  keyOf: (one: Read) => string,
): [number, number][] {
  const grouped = (list: readonly Read[], at: readonly number[]): Map<string, number[]> =>
    Map.groupBy(at, (index) => (list[index] === undefined ? '' : keyOf(list[index])));
  const rights = grouped(b, right);
  return [...grouped(a, left)].flatMap(([key, befores]) => {
    const afters = rights.get(key) ?? [];
    return befores.flatMap((before, rank): [number, number][] => {
      const many = befores.length * afters.length > CROSSWISE ** 2;
      return (many ? afters.slice(rank, rank + 1) : afters).map((after) => [before, after]);
    });
  });
}

function overlap(one: Read, other: Read): boolean {
  return [...one.paths].some((path) => other.paths.has(path));
}

function pairOf(one: Read | undefined, other: Read | undefined): PatchPair {
  const before = one?.patch.index ?? null;
  const after = other?.patch.index ?? null;
  if (one === undefined || other === undefined) {
    return { before, after, how: 'content', similarity: 0, change: 'both' };
  }
  const size = one.lines.length + other.lines.length;
  const identical = one.whole === other.whole;
  const similarity = identical ? 1 : (2 * commonLength(one.lines, other.lines)) / size;
  const diff = !sameEffect(one, other, identical);
  const message =
    one.patch.subject.trim() !== other.patch.subject.trim() ||
    interdiffOfMessages(one.patch.body, other.patch.body).kind !== 'same';
  return {
    before,
    after,
    how: one.subject === other.subject ? 'same-subject' : 'content',
    similarity,
    change: diff ? (message ? 'both' : 'diff') : message ? 'message' : 'unchanged',
  };
}

/** Whether both do the same to the same files. What a binary file becomes is not known, so it is not the same. */
function sameEffect(one: Read, other: Read, identical: boolean): boolean {
  const [before, after] = [one.patch.files, other.patch.files];
  if ([...before, ...after].some(({ binary }) => binary)) return false;
  if (identical) return true;
  const titles = (files: readonly FileDiff[]): string => files.map(fileTitle).sort().join('\n');
  if (titles(before) !== titles(after) || one.changes() !== other.changes()) return false;
  return pairHunks(before, after).every((pair) => {
    if (pair.before === null || pair.after === null) return false;
    const { kind } = interdiffOfHunks(
      before[pair.before.file]?.hunks[pair.before.hunk] ?? null,
      after[pair.after.file]?.hunks[pair.after.hunk] ?? null,
    );
    return kind === 'same' || kind === 'context';
  });
}

/** All lines that are added and removed, whatever their order: told apart faster than by hunks. */
function changesOf(files: readonly FileDiff[]): string {
  return files
    .flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'context')))
    .map(({ kind, text, noNewline }) => kind + text + (noNewline ? '\n\\' : ''))
    .sort()
    .join('\n');
}
