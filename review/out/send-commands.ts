// SPDX-License-Identifier: MIT
/** What an exported folder is for: the commands that send it, and that apply it. */
import { shellWord } from '../../core/shell-word.ts';
import type { VersionPatches } from '../build/version-patches.ts';
import { addressOf, splitAddresses } from './addresses.ts';

export interface SendCommands {
  /** Addresses; nobody when no mail says to whom the series went. */
  to: string[];
  cc: string[];
  /** For a shell. */
  send: string;
  apply: string;
}

/**
 * @param folder as it is to stand in the commands
 * @param names of the files in it
 * @param versions the exported one is the last
 */
export function sendCommands(
  folder: string,
  names: readonly string[],
  versions: readonly VersionPatches[],
): SendCommands {
  const { to, cc } = sentTo(versions);
  const place = shellWord(folder.startsWith('-') ? `./${folder}` : folder);
  const options = [...to.map((one) => `--to=${one}`), ...cc.map((one) => `--cc=${one}`)].map(shellWord);
  const send = ['git send-email', ...(to.length > 0 ? options : ['--to=LIST', ...options]), place];
  return { to, cc, send: send.join(' '), apply: `git am ${patchGlobs(place, names).join(' ')}` };
}

/** Where the mails of the version went, or else those of the newest one before it that were sent. */
function sentTo(versions: readonly VersionPatches[]): { to: string[]; cc: string[] } {
  for (const { cover, patches } of versions.toReversed()) {
    const mails = [...(cover === null ? [] : [cover]), ...patches].map(({ mail }) => mail);
    // git send-email adds who wrote and signed the patches.
    const seen = new Set(mails.map(({ from }) => from.email.toLowerCase()));
    const fresh = (headers: readonly string[]): string[] =>
      headers.flatMap(splitAddresses).flatMap((entry) => {
        const address = addressOf(entry);
        if (address === null || seen.has(address)) return [];
        seen.add(address);
        return [address];
      });
    const to = fresh(mails.map((mail) => mail.to));
    const cc = fresh(mails.map((mail) => mail.cc));
    if (to.length > 0 || cc.length > 0) return { to, cc };
  }
  return { to: [], cc: [] };
}

/** All patches in their order without the cover letter, of which git am can make no commit. */
function patchGlobs(place: string, names: readonly string[]): string[] {
  if (!names.some((name) => name.startsWith('0000-'))) return [`${place}/*.patch`];
  return ['000[1-9]', '00[1-9][0-9]', '0[1-9][0-9][0-9]', '[1-9][0-9][0-9][0-9]']
    .filter((digits) => names.some((name) => new RegExp(`^${digits}-`).test(name)))
    .map((digits) => `${place}/${digits}-*.patch`);
}
