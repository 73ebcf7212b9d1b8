// SPDX-License-Identifier: MIT
/** The patch files of a version in its folder, each held against the patch of the review. */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { mailFiles } from '../../patches/series-folder.ts';
import type { VersionPatches } from '../build/version-patches.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';

export interface PatchFile {
  file: string;
  bytes: Buffer;
  mail: ReviewMail;
  /** The patch's number; null when it is none of the version. */
  index: number | null;
}

/** Empty when there is no such folder, or it leads out of the series'. Cover letters are left out. */
export async function patchFilesOf(folder: string, version: VersionPatches): Promise<PatchFile[]> {
  const place = path.join(folder, version.version);
  const inside = await Promise.all([realpath(folder), realpath(place)]).catch(() => null);
  if (inside === null || path.dirname(inside[1]) !== inside[0]) return [];
  const files: PatchFile[] = [];
  for (const file of (await mailFiles(place)).filter((name) => name.endsWith('.patch'))) {
    const bytes = await readFile(file);
    const mail = await readReviewMail(bytes, path.relative(folder, file)).catch(() => null);
    if (mail === null || mail.role !== 'patch') continue;
    const index = mail.subject.index ?? 1;
    const patch = version.patches.find((one) => one.index === index);
    const same = patch !== undefined && folded(patch.mail) === folded(mail);
    files.push({ file, bytes, mail, index: same ? index : null });
  }
  return files;
}

function folded({ subject }: ReviewMail): string {
  return subject.subject.toLowerCase().replace(/\s+/g, ' ').trim();
}
