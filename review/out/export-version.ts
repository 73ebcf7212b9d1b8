// SPDX-License-Identifier: MIT
/** A version → the files `git send-email` takes: cover letter and patches, with what was collected for them. */
import type { VersionPatches } from '../build/version-patches.ts';
import { changelogRanges } from '../claims/changelog.ts';
import { formatPerson } from './addresses.ts';
import { encodeText, isAscii, oneLine } from './encoded-words.ts';
import { withTrailers } from './insert-trailers.ts';
import { foldHeader } from './mail-file.ts';
import { archiveLink, realId } from './message-ids.ts';
import type { PatchParts } from './patch-parts.ts';

export interface ExportedFile {
  name: string;
  bytes: Buffer;
}

export interface ExportParts {
  version: VersionPatches;
  /** Oldest first; those before `version` are linked to. */
  versions: readonly VersionPatches[];
  /** Of the patches, by number. */
  patches: ReadonlyMap<number, PatchParts>;
  /** Trailers to add, a line each, by patch number. */
  trailers: ReadonlyMap<number, readonly string[]>;
}

export function exportedFiles(parts: ExportParts): ExportedFile[] {
  const { version, patches, trailers } = parts;
  const { posting } = version.mails;
  const total = Math.max(posting.total, version.patches.length);
  const numbered = total > 1 || version.cover !== null;
  const prefix = (index: number): string => subjectPrefix(version, numbered ? { index, total } : null);
  const files: ExportedFile[] = [];
  if (version.cover !== null) files.push(coverFile(parts, prefix(0)));
  for (const { index } of version.patches) {
    const patch = patches.get(index);
    if (patch === undefined) continue;
    const message = withTrailers(patch.message, patch.author, trailers.get(index) ?? []);
    const first = index === version.patches[0]?.index;
    const rest =
      version.cover === null && first
        ? withNotes(patch.rest, linksToAdd(parts, patch.rest.toString('latin1')))
        : patch.rest;
    files.push({
      name: `${String(index).padStart(4, '0')}-${slug(patch.subject)}.patch`,
      bytes: Buffer.concat([
        header(patch, `${prefix(index)} ${patch.subject}`, message, rest),
        Buffer.from(message.length === 0 ? '' : `${message.map(guarded).join('\n')}\n`),
        rest,
      ]),
    });
  }
  return withBase(files, posting.baseCommit);
}

function coverFile(parts: ExportParts, prefix: string): ExportedFile {
  const { mail } = parts.version.cover as NonNullable<VersionPatches['cover']>;
  const lines = [...mail.lines];
  while (lines[0]?.trim() === '') lines.shift();
  const links = linksToAdd(parts, lines.join('\n'));
  if (links.length > 0) {
    const { at, blank } = placeForLinks(lines);
    lines.splice(at, 0, ...(blank ? [''] : []), ...links, ...(lines[at]?.trim() === '' ? [] : ['']));
  }
  const date = mail.date === '' ? '' : new Date(mail.date).toUTCString().replace('GMT', '+0000');
  const top = header(
    { author: mail.from, date },
    `${prefix} ${mail.subject.subject}`,
    lines,
    Buffer.alloc(0),
  );
  return {
    name: '0000-cover-letter.patch',
    bytes: Buffer.concat([top, Buffer.from(`${lines.map(guarded).join('\n')}\n`)]),
  };
}

function header(
  { author, date }: { author: { name: string; email: string }; date: string },
  subject: string,
  message: readonly string[],
  rest: Buffer,
): Buffer {
  const ascii =
    message.every((line) => isAscii(line.replaceAll('\t', ' '))) &&
    !/[^\0-\x7f]/.test(rest.toString('latin1'));
  const lines = [
    // As git format-patch --zero-commit: no commit here is the one that was mailed.
    `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001`,
    `From: ${formatPerson(author)}`,
    ...(date === '' ? [] : [`Date: ${oneLine(date)}`]),
    foldHeader('Subject', encodeText(subject)),
    ...(ascii
      ? []
      : ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit']),
  ];
  return Buffer.from(`${lines.join('\n')}\n\n`);
}

/** `[RFC PATCH net-next v3 2/5]` */
function subjectPrefix(version: VersionPatches, place: { index: number; total: number } | null): string {
  const { posting } = version.mails;
  const mails = [...(version.cover === null ? [] : [version.cover]), ...version.patches];
  const words = mails[0]?.mail.subject.prefixes.filter((word) => word !== 'RFC') ?? [];
  const width = String(place?.total ?? 0).length;
  return `[${[
    ...(posting.rfc ? ['RFC'] : []),
    'PATCH',
    ...words,
    ...(posting.number > 1 ? [`v${posting.number}`] : []),
    ...(place === null ? [] : [`${String(place.index).padStart(width, '0')}/${place.total}`]),
  ].join(' ')}]`;
}

/** `- Link to v1: https://…` for each earlier version the text does not name the mail of. */
function linksToAdd({ version, versions }: ExportParts, text: string): string[] {
  const before = versions.slice(0, versions.indexOf(version));
  return before.toReversed().flatMap((one) => {
    const ids = [one.cover, ...one.patches].flatMap((part) => (part === null ? [] : [realId(part.mail)]));
    const first = ids[0] ?? null;
    const mailed = (one.cover ?? one.patches[0])?.mail.origin.startsWith('mail/') === true;
    if (first === null || !mailed || ids.some((id) => id !== null && text.includes(id))) return [];
    return [`- Link to ${one.version}: ${archiveLink(first)}`];
  });
}

/** Below the changelog; without one above what git format-patch writes itself. */
function placeForLinks(lines: readonly string[]): { at: number; blank: boolean } {
  const behind = Math.max(0, ...changelogRanges(lines.join('\n')).map(([, end]) => end));
  if (behind > 0) return { at: behind, blank: false };
  const own = lines.findIndex(
    (line, at) =>
      (/^\S.{0,200} \(\d+\):$/.test(line) && /^ {2}\S/.test(lines[at + 1] ?? '')) ||
      /^ \S.* \| +(?:\d+ ?[+-]*|Bin\b.*)$/.test(line) ||
      /^(?:base-commit|change-id|prerequisite-[a-z-]+): /.test(line) ||
      line === '-- ',
  );
  let at = own < 0 ? lines.length : own;
  while (at > 0 && lines[at - 1]?.trim() === '') at--;
  return { at, blank: at > 0 };
}

/** Notes between `---` and the diff, below what is there of a changelog. */
function withNotes(rest: Buffer, notes: readonly string[]): Buffer {
  if (notes.length === 0) return rest;
  // Latin-1 keeps every byte as it is.
  const lines = rest.toString('latin1').split('\n');
  const head = /^---\s*$/.test(lines[0] ?? '') ? 1 : 0;
  const diff = lines.findIndex((line) => line.startsWith('diff --git ') || line.startsWith('--- a/'));
  const ranges = changelogRanges(lines.slice(head, diff < 0 ? head : diff).join('\n'));
  const behind = Math.max(0, ...ranges.map(([, end]) => end));
  const at = head + behind;
  const text = notes.map((line) => Buffer.from(line).toString('latin1'));
  lines.splice(at, 0, ...(head === 0 ? ['---'] : []), ...text, ...(lines[at]?.trim() === '' ? [] : ['']));
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** The base as git format-patch --base writes it, where no mail of the version says it. */
function withBase(files: ExportedFile[], base: string | null): ExportedFile[] {
  const [first] = files;
  if (base === null || first === undefined) return files;
  if (files.some(({ bytes }) => bytes.includes(`base-commit: ${base}`))) return files;
  const text = first.bytes.toString('latin1');
  const signature = text.lastIndexOf('\n-- \n');
  const at = signature < 0 ? text.length : signature + 1;
  const bytes = Buffer.from(`${text.slice(0, at)}\nbase-commit: ${base}\n${text.slice(at)}`, 'latin1');
  return [{ ...first, bytes }, ...files.slice(1)];
}

/** git mailsplit takes such a line for the beginning of another mail. */
function guarded(line: string): string {
  return /^>*From .*\d:\d\d.* \d{4}/.test(line) ? `>${line}` : line;
}

/** As git format-patch names its files: 52 characters of the subject. */
function slug(subject: string): string {
  const words = subject.replace(/[^A-Za-z0-9._]+/g, '-').replace(/\.{2,}/g, '.');
  return words.slice(0, 52).replace(/^[-.]+|[-.]+$/g, '') || 'patch';
}
