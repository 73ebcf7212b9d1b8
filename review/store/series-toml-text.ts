// SPDX-License-Identifier: MIT
/** The text of a series.toml with the versions that mails have brought. What a person wrote in it stays as it is. */
import { readFile } from 'node:fs/promises';
import { parseSeriesToml } from '../../patches/series-toml.ts';
import { fileTrouble } from '../../system/whole.ts';
import type { SeriesMails, VersionMails } from '../mails/group-series.ts';

/**
 * @returns null when nothing is to be added
 * @throws RespinError SERIES_TOML (usage): the file that is there cannot be read
 */
export async function seriesTomlWith(file: string, series: SeriesMails): Promise<string | null> {
  const there = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw fileTrouble(cause, file);
  });
  const named = series.versions.filter(({ version }) => /^v[1-9]\d{0,3}$/.test(version));
  if (there === null) return head(series, named) + named.map(block).join('');
  const known = new Set((await parseSeriesToml(there, file)).versions.map(({ version }) => version));
  const more = named.filter(({ version }) => !known.has(version));
  if (more.length === 0) return null;
  return `${there.trimEnd()}\n${more.map(block).join('')}`;
}

function head(series: SeriesMails, versions: readonly VersionMails[]): string {
  const prefix = versions
    .flatMap(({ posting }) => posting.mails.flatMap(({ subject }) => subject.prefixes))
    .findLast((word) => /^[a-z][\w.+/-]*$/.test(word));
  const lines = [
    '# Made by respin review import; yours to edit.',
    `title = ${JSON.stringify(series.title === '' ? 'a series without a title' : series.title)}`,
    ...(prefix === undefined ? [] : [`prefix = ${JSON.stringify(prefix)}`]),
  ];
  // A series.toml has a version, and a series all of whose versions are RFCs has one, too.
  return `${lines.join('\n')}\n${versions.length === 0 ? '\n[[versions]]\nversion = "v1"\n' : ''}`;
}

function block({ version, posting }: VersionMails): string {
  const date = posting.date.slice(0, 10);
  const quoted = posting.mails.every(({ quotedOnly }) => quotedOnly);
  return [
    '',
    '[[versions]]',
    `version = ${JSON.stringify(version)}`,
    ...(date === '' ? [] : [`date = ${date}`]),
    ...(quoted ? ['note = "only what a reply quotes of it is there"'] : []),
    '',
  ].join('\n');
}
