// SPDX-License-Identifier: MIT
/** One patch of a version as text: files, and the comments under the hunks they are about. */
import type { CoverageRecord } from '../core/coverage.ts';
import type { Comment, ReviewFile, ReviewPatch } from '../core/review.ts';
import { formatTable, truncate } from '../core/table.ts';
import { firstWords, oneLine, type Paint, paint, paragraph, shortPath, type TextOptions } from './layout.ts';
import { type HunkCoverage, hunkCoverage, hunkCoverageText } from './review-coverage.ts';
import { repliesOf } from './review-thread.ts';
import { doubtOf, nameOf, spotOf, stateWords, weightWords } from './review-words.ts';
import { plural } from './words.ts';

/** Room for what stands beside a path: lines, hunks, comments. */
const BESIDE_PATH = 40;
const SHORTEST_PATH = 24;

export interface PatchOptions extends TextOptions {
  /** What ran of the version that is shown. */
  coverage?: CoverageRecord | null;
}

export function patchText(
  patch: ReviewPatch,
  total: number,
  comments: readonly Comment[],
  options: PatchOptions,
): string {
  const { width, color } = options;
  const style = paint(color);
  const left = new Set(comments);
  const take = (which: (one: Comment) => boolean): Comment[] => {
    const taken = [...left].filter(which);
    for (const one of taken) left.delete(one);
    return taken;
  };
  const hunked = new Map(
    patch.files.map((file) => {
      const ids = new Set(file.hunks.flatMap((hunk) => hunk.comments));
      return [
        file,
        take(({ id, anchor }) => ids.has(id) || (anchor.file === file.path && anchor.file !== null)),
      ];
    }),
  );
  // What is left is about the message, the notes, the patch, or a file that is not there.
  const parts = [
    `${style.bold(paragraph(`patch ${patch.index}/${total}: `, patch.subject, width))}\n`,
    ...[...left].map((one) => commentText(one, '  ', options)),
    ...patch.diffstatErrors.map((error) => `${paragraph('  diffstat: ', error, width)}\n`),
  ];
  const lines = fileLines(patch.files, hunked, width);
  const covered = options.coverage == null ? [] : hunkCoverage(options.coverage);
  const ofPatch = covered.filter((one) => one.patch === patch.index);
  for (const [at, file] of patch.files.entries()) {
    parts.push(
      `${lines[at] ?? ''}\n`,
      knownText(file, width),
      hunksText(
        file,
        hunked.get(file) ?? [],
        ofPatch.filter((one) => one.file === file.path),
        style,
        options,
      ),
    );
  }
  return parts.join('');
}

function fileLines(
  files: readonly ReviewFile[],
  comments: ReadonlyMap<ReviewFile, readonly Comment[]>,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const rows = files.map((file) => {
    const { path, added, removed, hunks, change } = file;
    const said = comments.get(file)?.length ?? 0;
    return [
      `  ${shortPath(path, Math.max(SHORTEST_PATH, width - BESIDE_PATH))}`,
      added === null || removed === null ? '?' : `+${added} -${removed}`,
      hunks.length === 0 ? '' : plural(hunks.length, 'hunk'),
      said === 0 ? '' : plural(said, 'comment'),
      // Most files are; a mode has no hunks and would look as if it had nothing.
      change === 'modified' ? '' : change,
    ];
  });
  const columns = ['path', 'lines', 'hunks', 'comments', 'change'].map((title) => ({ title }));
  return formatTable(columns, rows, { bare: true }).split('\n');
}

/** Silent on a diff that is whole. */
function knownText({ known, added, removed, changes }: ReviewFile, width?: number): string {
  if (known === 'whole') return '';
  const counted = changes === null ? '' : `the diffstat counts ${plural(changes, 'changed line')}`;
  if (known === 'none') {
    return `${paragraph('    ', `none of its diff is known${counted === '' ? '' : `; ${counted}`}`, width)}\n`;
  }
  const there = added === null || removed === null ? '' : `: ${plural(added + removed, 'changed line')}`;
  const of = counted === '' ? '' : `, ${counted}`;
  return `${paragraph('    ', `only a part of its diff is known${there}${of}`, width)}\n`;
}

function hunksText(
  file: ReviewFile,
  comments: readonly Comment[],
  covered: readonly HunkCoverage[],
  style: Paint,
  options: TextOptions,
): string {
  const headers = new Map(file.hunks.flatMap((hunk) => hunk.comments.map((id) => [id, hunk.header])));
  const byHunk = Map.groupBy(comments, ({ id, anchor }) => headers.get(id) ?? anchor.hunk);
  // Comments on the file as a whole first; hunks in their order.
  const order = [null, ...file.hunks.map(({ header }) => header)];
  const ran = new Map(covered.map((one) => [one.hunk.trim(), hunkCoverageText(one)]));
  const keys = [...new Set([...order, ...byHunk.keys()])].filter(
    (key) => byHunk.has(key) || ran.has(key?.trim() ?? ''),
  );
  return keys
    .map((header) => {
      const head =
        header === null
          ? ''
          : `    ${style.cyan(truncate(oneLine(header), (options.width ?? Number.POSITIVE_INFINITY) - 4))}\n`;
      const ranText = ran.get(header?.trim() ?? '');
      const line = ranText === undefined ? '' : `${paragraph('      ', ranText, options.width)}\n`;
      return (
        head +
        line +
        (byHunk.get(header) ?? []).map((one) => commentText(one, '      ', options, true)).join('')
      );
    })
    .join('');
}

/** A comment on the cover letter stands below its name, one on a file that is not listed does not. */
function placed(anchor: Comment['anchor'], underItsFile: boolean): string {
  if (anchor.on === 'cover' && anchor.line === null) return '';
  return !underItsFile && anchor.file !== null ? `${oneLine(anchor.file)} ${spotOf(anchor)}` : spotOf(anchor);
}

/** `ce9922aa  Stefano Garzarella, line 121, open`, and below it how it begins. */
export function commentText(
  comment: Comment,
  indent: string,
  { width, color }: TextOptions,
  underItsFile = false,
): string {
  const { id, author, anchor, text } = comment;
  const facts = [
    nameOf(author),
    placed(anchor, underItsFile),
    doubtOf(anchor),
    stateWords(comment),
    weightWords(comment),
    repliesOf(comment),
  ];
  const head = paragraph(`${indent}${oneLine(id)}  `, facts.filter((one) => one !== '').join(', '), width);
  const shown = paint(color).bold(oneLine(id));
  return `${head.replace(oneLine(id), () => shown)}\n${firstWords(`${indent}  `, text, width)}\n`;
}
