// SPDX-License-Identifier: MIT
/** The project's own patches, taken apart for the generator, and each line of a patch mail named. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Side } from '../../core/review.ts';
import { HUNK_HEADER } from '../../patches/diff-sections.ts';
import { splitBody } from '../../patches/mail-body.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS = [
  'patches/vsock-rx-buffers/v1',
  'test/faults',
  'test/fixtures/mails/series-v1',
  'test/fixtures/mails/series-v2',
];
/** Renames, new and deleted files, files without a newline at their end, lines that look like headers. */
const DIFFS = ['renames', 'added-deleted-empty', 'no-newline', 'dashes'];

export interface SourcePatch {
  subject: string;
  message: string[];
  /** From behind the `---` line to the diff, without blank lines at its end. */
  notes: string[];
  diff: string[];
}

export interface Sources {
  patches: SourcePatch[];
  covers: { subject: string; text: string[] }[];
  /** Bare diffs, to be put into a patch with others. */
  diffs: string[][];
}

/** Where a line of a patch mail or cover letter stands; the same words as in core/review.ts. */
export interface Place {
  on: 'line' | 'message' | 'notes' | 'cover';
  file: string | null;
  hunk: string | null;
  side: Side | null;
  line: number;
}

/** A line of a mail, and whose it is. */
export interface BodyLine {
  text: string;
  origin: Origin;
}

export type Origin =
  /** `index` counts the lines of the patch mail; no place for headers and the signature. */
  | { kind: 'patch'; index: number; place: Place | null }
  /** `comment` is the place of its truth in the thread's list. */
  | { kind: 'comment'; comment: number; messageId: string }
  | { kind: 'other' };

let read: Sources | null = null;

/** Reads the patches once. Those that are not plain UTF-8 text with LF line ends are left out. */
export function sources(): Sources {
  if (read !== null) return read;
  const found: Sources = { patches: [], covers: [], diffs: [] };
  for (const folder of FOLDERS) {
    for (const name of readdirSync(path.join(ROOT, folder)).sort()) {
      if (name.endsWith('.patch')) addMail(found, readFileSync(path.join(ROOT, folder, name), 'utf8'));
    }
  }
  for (const name of DIFFS) {
    const text = readFileSync(path.join(ROOT, 'test/fixtures/diffs', `${name}.diff`), 'utf8');
    found.diffs.push(text.trimEnd().split('\n'));
  }
  read = found;
  return found;
}

function addMail(found: Sources, mail: string): void {
  const border = mail.indexOf('\n\n');
  const headers = mail.slice(0, border).replace(/\n[ \t]+/g, ' ');
  if (mail.includes('\r') || /^content-transfer-encoding: (?!8bit|7bit)/im.test(headers)) return;
  const subject = (/^Subject: (?:\[[^\]]*\] )?(.*)$/m.exec(headers)?.[1] ?? '').replace(/=\?.*\?=/g, 'gruen');
  const { message, rest } = splitBody(mail.slice(border + 2));
  const lines = rest.split('\n');
  const start = lines.findIndex((line) => line.startsWith('diff --git '));
  if (start < 0) {
    const text = mail.slice(border + 2).replace(/\n-- \n[\s\S]*$/, '\n');
    found.covers.push({ subject, text: text.trim().split('\n') });
    return;
  }
  const end = lines.lastIndexOf('-- ');
  const diff = lines.slice(start, end < 0 ? undefined : end);
  while (diff.at(-1) === '') diff.pop();
  found.patches.push({
    subject,
    message: message.split('\n'),
    notes: lines.slice(0, start).join('\n').trimEnd().split('\n'),
    diff,
  });
}

/** What each line of a diff is; null for headers and for `\ No newline at end of file`. */
export function diffPlaces(diff: readonly string[]): (Place | null)[] {
  let file = '';
  let hunk = '';
  const left = { old: 0, new: 0 };
  const next = { old: 0, new: 0 };
  return diff.map((line) => {
    if (left.old === 0 && left.new === 0) {
      const header = HUNK_HEADER.exec(line);
      const name = /^(?:---|\+\+\+) (?:[ab]\/)?(.*)$/.exec(line)?.[1];
      if (name !== undefined && name !== '/dev/null') file = name;
      if (header) {
        hunk = line;
        [next.old, left.old] = [Number(header[1]), Number(header[2] ?? 1)];
        [next.new, left.new] = [Number(header[3]), Number(header[4] ?? 1)];
      }
      return null;
    }
    if (line.startsWith('\\')) return null;
    const side: Side = line.startsWith('-') ? 'old' : 'new';
    const place: Place = { on: 'line', file, hunk, side, line: next[side] };
    for (const one of ['old', 'new'] as const) {
      if (line.startsWith(one === 'old' ? '+' : '-')) continue;
      next[one]++;
      left[one]--;
    }
    return place;
  });
}

/** The text of a patch mail. */
export function patchBody(patch: SourcePatch, author: string | null): BodyLine[] {
  const plain = (on: Place['on']) => (text: string, at: number) => ({
    text,
    place: { on, file: null, hunk: null, side: null, line: at + 1 } as Place | null,
  });
  const none = (text: string) => ({ text, place: null });
  const places = diffPlaces(patch.diff);
  return [
    // Who sends another person's patch names that person in the mail.
    ...(author === null ? [] : [`From: ${author}`, '']).map(none),
    ...patch.message.map(plain('message')),
    none('---'),
    ...patch.notes.map(plain('notes')),
    none(''),
    ...patch.diff.map((text, at) => ({ text, place: places[at] ?? null })),
    none('-- '),
    none('2.39.5'),
  ].map(({ text, place }, index) => ({ text, origin: { kind: 'patch', index, place } }));
}

/** The text of a cover letter. */
export function coverBody(text: readonly string[]): BodyLine[] {
  const lines: BodyLine[] = text.map((line, index) => ({
    text: line,
    origin: {
      kind: 'patch',
      index,
      place: { on: 'cover', file: null, hunk: null, side: null, line: index + 1 },
    },
  }));
  const end = ['', '-- ', '2.39.5'].map(
    (line, at): BodyLine => ({
      text: line,
      origin: { kind: 'patch', index: text.length + at, place: null },
    }),
  );
  return [...lines, ...end];
}
