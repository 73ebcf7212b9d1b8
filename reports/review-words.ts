// SPDX-License-Identifier: MIT
/** How the reports on a review name people, places, dates and what became of a comment. */
import {
  type Anchor,
  type Applied,
  type Comment,
  type Evidence,
  type Fate,
  isOwed,
  type OrphanDecision,
  type Review,
  type ReviewVersion,
  type Side,
} from '../core/review.ts';
import type { Person } from '../core/series.ts';
import { oneLine } from './layout.ts';
import { plural } from './words.ts';

/** Below this a comment stands where it is only by likeness. */
const SURE = 0.8;
const UNSURE = 0.5;

export function nameOf({ name, email }: Person): string {
  return oneLine(name) || oneLine(email) || 'somebody without a name';
}

export function addressOf(person: Person): string {
  const email = oneLine(person.email);
  return email === '' || person.name.trim() === '' ? nameOf(person) : `${nameOf(person)} <${email}>`;
}

/** `2026-02-10 19:20 UTC`: what a mail says, without a guess at the reader's zone. */
export function dateOf(date: string): string {
  if (date === '') return 'without a date';
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(date) ?? [];
  if (day === undefined || time === undefined) return oneLine(date);
  const offset =
    zone === undefined || zone === 'Z' || zone === '+00:00' ? ' UTC' : ` ${zone.replace(':', '')}`;
  return `${day} ${time}${zone === undefined ? '' : offset}`;
}

/** `v1 v2 v3` */
export function versionNames(versions: readonly ReviewVersion[]): string {
  return versions.map(({ version }) => oneLine(version)).join(' ');
}

/** `1-3, 7`; the numbers need no order. */
export function numberRanges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    // Two numbers are shorter as they are.
    if (end - at === 1) parts.push(`${sorted[at]}`, `${sorted[end]}`);
    else parts.push(end === at ? `${sorted[at]}` : `${sorted[at]}-${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(', ');
}

/** `patch 2`, `patches 1-3, 7` */
export function patchNumbers(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? 'patch' : 'patches'} ${numberRanges(numbers)}`;
}

/** Where in its patch a comment stands, without the file: `line 121`, `commit message, line 3`. */
export function spotOf({ on, line, side }: Pick<Anchor, 'on' | 'line' | 'side'>): string {
  const at = line === null ? '' : `, line ${line}`;
  switch (on) {
    case 'line':
      return line === null ? 'the hunk' : lineOf(side, line);
    case 'file':
      return 'the file as a whole';
    case 'message':
      return `commit message${at}`;
    case 'notes':
      return `notes below the ---${at}`;
    case 'cover':
      return `cover letter${at}`;
    case 'patch':
      return 'the patch as a whole';
    case 'series':
      return 'the series as a whole';
  }
}

function lineOf(side: Side | null, line: number): string {
  return side === 'old' ? `old line ${line}` : `line ${line}`;
}

/** What is to be said when it is not sure that a comment stands where it is put; else empty. */
export function doubtOf({ on, named, confidence }: Pick<Anchor, 'on' | 'named' | 'confidence'>): string {
  if (named !== null && on !== 'line') {
    return on === 'file'
      ? `line ${named.line} is in no hunk`
      : `no patch touches ${oneLine(named.file)}, of which it names line ${named.line}`;
  }
  if (confidence >= SURE) return '';
  return confidence >= UNSURE ? 'placed by likeness' : 'placed by likeness, and not sure';
}

/** How many versions came after this one. */
export function ageOf(review: Review, version: string): number {
  const at = review.versions.findIndex((one) => one.version === version);
  return at < 0 ? 0 : review.versions.length - 1 - at;
}

/** ` (2 versions ago)`; nothing for the newest. */
export function agoOf(age: number): string {
  return age === 0 ? '' : ` (${plural(age, 'version')} ago)`;
}

/** What became of a comment's lines in a version: `changed in v3, now line 130`. */
export function fateWords({ anchor }: Comment, fate: Fate): string {
  const version = oneLine(fate.version);
  // Of the message as a whole; its lines are followed as those of the code.
  const what = anchor.on === 'message' && fate.anchor?.line == null ? 'the commit message' : null;
  switch (fate.what) {
    case 'unchanged':
      return what === null
        ? `unchanged in ${version}${nowAt(anchor, fate)}`
        : `${what} is the same in ${version}`;
    case 'changed':
      return what === null ? `changed in ${version}${nowAt(anchor, fate)}` : `${what} changed in ${version}`;
    case 'moved':
      return `moved in ${version}${nowAt(anchor, fate) || ', could not tell where'}`;
    case 'removed':
      return `its lines are gone in ${version}`;
    case 'file-dropped':
      return `${version} does not touch the file any more`;
    case 'patch-dropped':
      return `its patch is not in ${version} any more`;
    case 'unknown':
      return `could not tell what became of it in ${version}`;
  }
}

/**
 * What differs from where it was: another patch, another file, another line; and the line wherever it is a guess.
 * Of what moved all of it: the same number may be another patch.
 */
function nowAt(was: Anchor, { what, anchor }: Fate): string {
  if (anchor === null) return '';
  const parts: string[] = [];
  const doubt = doubtOf(anchor);
  const whole = what === 'moved';
  if (anchor.patch !== null && (whole || anchor.patch !== was.patch)) parts.push(`patch ${anchor.patch}`);
  if (anchor.file !== null && (whole || anchor.file !== was.file)) parts.push(oneLine(anchor.file));
  const other = anchor.line !== was.line || anchor.side !== was.side || parts.length > 0;
  if (anchor.line !== null && (other || doubt !== '')) parts.push(lineOf(anchor.side, anchor.line));
  return `${parts.length === 0 ? '' : `, now ${parts.join(' ')}`}${doubt === '' ? '' : ` (${doubt})`}`;
}

/** `v2's changelog:` and the entry. */
export function evidenceOf({ kind, text, source }: Evidence): { label: string; text: string } {
  switch (kind) {
    case 'reply':
      return { label: 'the author answered:', text };
    case 'changelog':
      return { label: `changelog of ${oneLine(source)}:`, text };
    case 'interdiff':
      return { label: `not in ${oneLine(source)} as it was:`, text };
  }
}

/** Open is what somebody has to answer, as isOwed counts it; praise and thanks ask for nothing. */
export function stateWords(comment: Pick<Comment, 'state' | 'asks'>): string {
  return comment.state === 'open' && !isOwed(comment) ? 'nothing asked' : comment.state;
}

/** `nit`, `blocking`; empty for most. */
export function weightWords({ weight }: Pick<Comment, 'weight'>): string {
  return weight === 'normal' ? '' : weight;
}

/** More are not read one by one. */
const MOST_COMMITS = 8;

/** `applied to netdev/net-next.git (main) by Mona, 2026-01-17; 1/2 is 0123456789ab` */
function appliedWords(applied: Applied, total: number): string {
  const { how, tree, by, date, patches, commits } = applied;
  const which = patches === null ? '' : `${patchNumbers(patches)} of ${total} `;
  const where = tree === null ? '' : ` ${how === 'queued' ? 'for' : 'to'} ${oneLine(tree)}`;
  const day = date === '' ? '' : `, ${oneLine(date.slice(0, 10))}`;
  const named = commits
    .slice(0, MOST_COMMITS)
    .map(({ patch, commit }) => `${patch}/${total} is ${oneLine(commit.slice(0, 12))}`);
  const more = commits.length > MOST_COMMITS ? [`and ${commits.length - MOST_COMMITS} more`] : [];
  return `${which}${how}${where} by ${oneLine(by)}${day}${named.length === 0 ? '' : `; ${[...named, ...more].join(', ')}`}`;
}

/** `applied to …`, `changes requested by Mona, 2026-01-12`; empty when nobody says what became of it. */
export function takenWords({ applied, patchwork, total }: ReviewVersion): string {
  if (applied !== null) return appliedWords(applied, total);
  if (patchwork === null) return '';
  const { state, by, date } = patchwork;
  return `${state} by ${oneLine(by)}${date === '' ? '' : `, ${oneLine(date.slice(0, 10))}`}`;
}

/** `addressed by Ada on 2026-04-01: use the helper`; empty for a comment nobody decided on. */
export function decisionOf({ state, decision }: Comment): string {
  return decision === null ? '' : decisionWords({ state, ...decision });
}

export function decisionWords({ state, by, date, why }: Omit<OrphanDecision, 'id' | 'about'>): string {
  const who = by.trim() === '' ? '' : ` by ${oneLine(by)}`;
  const when = date === '' ? '' : ` on ${oneLine(date)}`;
  return `${state === 'open' ? 'opened again' : state}${who}${when}${why.trim() === '' ? '' : `: ${oneLine(why)}`}`;
}
