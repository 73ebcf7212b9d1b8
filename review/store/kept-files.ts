// SPDX-License-Identifier: MIT
/** The files of a series' folder that its review is made of. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { mailFiles } from '../../patches/series-folder.ts';
import { fileTrouble } from '../../system/file-trouble.ts';

/** Everything in a series' folder that its review is made of: paths, sorted. */
export async function sourceFiles(folder: string): Promise<{ mails: string[]; patches: string[] }> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [] as string[];
    throw fileTrouble(cause, folder);
  });
  const patches: string[] = [];
  for (const name of names.filter((one) => /^v[1-9]\d{0,3}$/.test(one)).sort()) {
    patches.push(...(await mailFiles(path.join(folder, name))));
  }
  return { mails: await keptFiles(folder), patches };
}

/** The files of a series' mails, sorted; empty without a folder. */
export async function keptFiles(folder: string): Promise<string[]> {
  const place = path.join(folder, 'mail');
  return (await namesIn(place))
    .filter(isMail)
    .map((name) => path.join(place, name))
    .sort();
}

/** Nothing that is half-made: its name ends otherwise. */
export function isMail(name: string): boolean {
  return /\.(?:eml|txt)$/.test(name);
}

/** Empty without a folder. */
export async function namesIn(place: string): Promise<string[]> {
  try {
    return await readdir(place);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileTrouble(cause, place);
  }
}

/** Of the mail in a file that `keepMails` has made; undefined for another file. */
export function fingerprintOfName(file: string): string | undefined {
  return /-([0-9a-f]{12})\.\w+$/.exec(file)?.[1];
}
