// SPDX-License-Identifier: MIT
/** The text of a series.toml with the versions that mails have brought. What a person wrote in it stays as it is. */
import { readFile } from 'node:fs/promises';
import { isVersionName } from '../../core/version-name.ts';
import { parseSeriesToml } from '../../patches/series-toml.ts';
import { fileTrouble } from '../../system/whole.ts';
import type { SeriesMails, VersionMails } from '../mails/group-series.ts';

/** As an import writes it when there is none. */
export function seriesTomlText(series: SeriesMails): string {
  const named = namedIn(series);
  return head(series, named) + named.map(block).join('');
}

/**
 * The text with the versions it lacks.
 * @param there what stands in `file`
 * @throws RespinError SERIES_TOML (usage): it cannot be read
 */
export async function withNewVersions(there: string, file: string, series: SeriesMails): Promise<string> {
  const known = new Set((await parseSeriesToml(there, file)).versions.map(({ version }) => version));
  const more = namedIn(series).filter(({ version }) => !known.has(version));
  return more.length === 0 ? there : `${there.trimEnd()}\n${more.map(block).join('')}`;
}

/** @returns null when there is none */
export async function readTomlText(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw fileTrouble(cause, file);
  });
}

/** Nothing that was posted as v0, and not each of the patches that came without a number. */
function namedIn({ versions }: SeriesMails): VersionMails[] {
  return versions.filter(
    ({ version, posting }) => isVersionName(version) && (posting.total > 1 || !version.includes('.')),
  );
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
  // A series.toml has a version, and a series of a v0 has one, too.
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
