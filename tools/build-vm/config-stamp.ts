// SPDX-License-Identifier: MIT
/** Remembers what a build folder's `.config` was made from: making it again takes seconds. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppliedSeries } from '../../core/tree.ts';
import { tryGit } from '../../kernel-tree/git.ts';
import { within } from '../../kernel-tree/slot.ts';
import { runOk } from '../../system/exec.ts';
import { writeWhole } from '../../system/whole.ts';
import type { ConfigRequest, Fragments } from './fragments.ts';
import type { BuildPlace } from './make-kernel.ts';

interface Stamp {
  asked: string;
  compiler: string;
  config: string;
  commit: string;
  absent: ConfigRequest[];
}

const fileOf = ({ buildDir }: BuildPlace): string => path.join(buildDir, 'respin.configured');
const configOf = ({ buildDir }: BuildPlace): string => path.join(buildDir, '.config');

/** The symbols that were absent when the `.config` was made, if it would come out the same now; else null. */
export async function stillConfigured(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
): Promise<ConfigRequest[] | null> {
  let stamp: Stamp;
  try {
    stamp = JSON.parse(await readFile(fileOf(place), 'utf8')) as Stamp;
    if (stamp.config !== hash(await readFile(configOf(place), 'utf8'))) return null;
  } catch {
    // Never configured, or not to the end.
    return null;
  }
  if (stamp.asked !== hash(fragments.text) || stamp.compiler !== (await compilerVersion())) return null;
  if (stamp.commit === applied.commit) return stamp.absent;
  // Status 1: something that Kconfig reads differs; 128: the commit is not known here any more.
  const { exitCode } = await tryGit(
    within(place.sourceDir),
    [
      ...['diff', '--quiet', stamp.commit, applied.commit, '--'],
      ...[':(glob)**/Kconfig*', ':(glob)**/Makefile*', 'scripts'],
    ],
    // These are patterns, not names.
    { cwd: place.sourceDir, env: { GIT_LITERAL_PATHSPECS: undefined } },
  );
  return exitCode === 0 ? stamp.absent : null;
}

/** To be called once the `.config` is made and holds what was asked. */
export async function rememberConfigured(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
  absent: ConfigRequest[],
): Promise<void> {
  const stamp: Stamp = {
    asked: hash(fragments.text),
    compiler: await compilerVersion(),
    config: hash(await readFile(configOf(place), 'utf8')),
    commit: applied.commit,
    absent,
  };
  await writeWhole(fileOf(place), `${JSON.stringify(stamp)}\n`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function compilerVersion(): Promise<string> {
  const [gcc, ld] = await Promise.all([runOk('gcc', ['--version']), runOk('ld', ['--version'])]);
  return `${gcc.stdout}${ld.stdout}`;
}
