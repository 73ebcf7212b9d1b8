// SPDX-License-Identifier: MIT
/** apt without root: package lists and downloads in a folder of respin's own. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Options that keep apt's state below a folder; the machine's archives, proxy and keys
 * stay in force, and what is downloaded is verified as ever. `apt-get update` with them
 * fills the lists. Source: apt.conf(5).
 * @param folder absolute; the folders apt wants in it are made
 * @returns words to put before apt-get's or apt-cache's command
 */
export async function privateApt(folder: string): Promise<string[]> {
  await mkdir(path.join(folder, 'lists/partial'), { recursive: true });
  await mkdir(path.join(folder, 'cache/archives/partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    // Pins are made for the system, not for this.
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    // The system's dpkg is only read, and respin has locks of its own.
    'Debug::NoLocking=1',
    // Root would download as user _apt, who may not enter root's cache folder.
    'APT::Sandbox::User=root',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}
