// SPDX-License-Identifier: MIT
/** A review → who gave which trailer, and what it is worth for the newest version. */
import type { Review, SettledTrailer } from '../core/review.ts';
import { type Column, displayWidth, formatTable, truncate } from '../core/table.ts';
import { oneLine, paint, paragraph, type TextOptions } from './layout.ts';
import { isObjection, onceEach } from './review-tags.ts';
import { numberRanges, patchNumbers } from './review-words.ts';

export function trailersOf(review: Review): SettledTrailer[] {
  return review.versions.flatMap(({ trailers }) => trailers);
}

export function formatTrailers(review: Review, options: TextOptions = {}): string {
  const all = onceEach(trailersOf(review));
  const newest = oneLine(review.versions.at(-1)?.version ?? '');
  if (all.length === 0) return 'nobody has given a trailer\n';
  const tags = all.filter((one) => !isObjection(one));
  const groups: [string, SettledTrailer[]][] = [
    ['objections', all.filter(isObjection)],
    [`good for ${newest}`, tags.filter(({ counts }) => counts === true)],
    [`could not tell whether good for ${newest}`, tags.filter(({ counts }) => counts === null)],
    [`not good for ${newest}, or not yet`, tags.filter(({ counts }) => counts === false)],
  ];
  const { bold } = paint(options.color);
  const asTable = fits(all, options.width);
  return groups
    .filter(([, trailers]) => trailers.length > 0)
    .map(
      ([title, trailers]) =>
        `${bold(title)}\n${asTable ? table(trailers, options.width) : blocks(trailers, options.width)}`,
    )
    .join('\n');
}

const COLUMNS: Column[] = [
  { title: '  kind' },
  { title: 'who' },
  { title: 'on' },
  { title: 'for' },
  { title: 'state' },
  { title: 'why', wrap: true },
];
/** A reason in a column narrower than this is a strip of words. */
const REASON = 30;
const GAP = 2;
const LONGEST = 80;

/** A table where it fits; else two lines for each, the first as it would stand in a commit message. */
export function trailerRows(trailers: readonly SettledTrailer[], { width }: TextOptions = {}): string {
  return fits(trailers, width) ? table(trailers, width) : blocks(trailers, width);
}

function cellsOf(one: SettledTrailer): string[] {
  return [`  ${short(one.kind)}`, whoOf(one), short(one.version), scopeOf(one), stateOf(one), reasonOf(one)];
}

function fits(trailers: readonly SettledTrailer[], width = Number.POSITIVE_INFINITY): boolean {
  const rows = trailers.map(cellsOf);
  const natural = COLUMNS.map(({ title }, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const reasons = natural.at(-1) ?? 0;
  const others = natural.slice(0, -1).reduce((sum, one) => sum + one + GAP, 0);
  return others + Math.min(reasons, REASON) <= width;
}

function table(trailers: readonly SettledTrailer[], width?: number): string {
  return formatTable(COLUMNS, trailers.map(cellsOf), width === undefined ? {} : { width });
}

function blocks(trailers: readonly SettledTrailer[], width?: number): string {
  return trailers
    .map((one) => {
      const [, who = '', version = '', scope = '', state = '', reason = ''] = cellsOf(one);
      const facts = `${state === 'given' ? '' : `${state}, `}given on ${version} for ${scope}`;
      const head = paragraph('  ', `${short(one.kind)}: ${who}`, width);
      return `${head}\n${paragraph('      ', reason === '' ? facts : `${facts}; ${reason}`, width)}\n`;
    })
    .join('');
}

/** Without a name the address, and the other way round. */
function whoOf({ name, email }: SettledTrailer): string {
  const [who, address] = [short(name), short(email)];
  if (address === '') return who;
  return who === '' ? `<${address}>` : `${who} <${address}>`;
}

/** For what it was given, and the numbers of these patches now where they are others. */
export function scopeOf({ scope, patches }: Pick<SettledTrailer, 'scope' | 'patches'>): string {
  if (scope === null) return 'the series';
  if (scope.length === 0) return 'could not tell';
  const now = numberRanges(patches);
  const was = patchNumbers(scope);
  return patches.length === 0 || now === numberRanges(scope) ? was : `${was} (now ${now})`;
}

/** `given` is no news; a trailer that could not be settled says so itself. */
function stateOf({ state, counts }: SettledTrailer): string {
  return counts === null && (state === 'given' || state === 'met') ? `${state}, could not tell` : state;
}

/** The condition and what else is to be said, in this order. */
export function reasonOf({
  condition,
  why,
  note,
}: Pick<SettledTrailer, 'condition' | 'why' | 'note'>): string {
  const parts = [
    condition === null ? '' : `"${oneLine(condition)}"`,
    why === null ? '' : oneLine(why),
    note === null ? '' : oneLine(note),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function short(text: string): string {
  return truncate(oneLine(text), LONGEST);
}
