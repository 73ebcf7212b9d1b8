// SPDX-License-Identifier: MIT
/** A range of commits in a git repository → mails. The only file here that runs git; it only reads. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { run, runOk } from '../system/exec.ts';
import { fileTrouble } from '../system/whole.ts';
import { splitMbox } from './mbox.ts';
import { isPartialClone } from './partial-clone.ts';
import { readBytes } from './series-folder.ts';

export interface RangeMails {
  mails: Uint8Array[];
  /** The merge base of the range's ends. */
  baseCommit: string;
}

/** A merge window's worth is not a series somebody asked for on purpose. */
const MOST_PATCHES = 1000;
const LONGEST_PREFIX = 80;

/** No lock is taken, no index refreshed, nobody asked; hooks and pagers have no part in it. */
const ENV = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat' };

/** What the user's own format.* and diff.* settings must not change. */
const FORMAT = [
  '--numbered',
  '--no-cover-letter',
  '--no-attach',
  '--no-thread',
  '--no-notes',
  '--no-from',
  '--no-add-header',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--diff-algorithm=default',
  '--unified=3',
  '--full-index',
  '--binary',
  '--find-renames',
  '--no-relative',
  '--pretty=mboxrd',
];

const CONFIG = [
  '-c',
  'format.signOff=false',
  '-c',
  'diff.noprefix=false',
  '-c',
  'diff.orderFile=/dev/null',
  '-c',
  'core.quotePath=true',
];

/**
 * @param repository a folder in the repository's work tree, or a bare one
 * @param range `A..B` or `A...B` (what B has and A has not)
 * @param options version: `v3`, which the subjects then name; sent: as its author would send it,
 *   with the base commit, and with a list's prefix: this one, else what the repository is configured to
 * @throws RespinError SERIES_UNKNOWN (usage) for a bad range, SERIES_EMPTY for one without
 *   commits, SERIES_TOO_LONG, SERIES_HAS_MERGES, SERIES_PARTIAL_CLONE (usage), TOOL_MISSING, COMMAND_FAILED
 */
export async function readGitRange(
  repository: string,
  range: string,
  {
    signal,
    version,
    sent,
  }: {
    signal?: AbortSignal | undefined;
    version?: string | undefined;
    sent?: { prefix: string | null } | undefined;
  } = {},
): Promise<RangeMails> {
  const git = { cwd: repository, env: ENV, ...(signal === undefined ? {} : { signal }) };
  const [from, to] = ends(range);
  const first = await commitOf(from, repository, git);
  const last = await commitOf(to, repository, git);
  if (await isPartialClone(repository)) throw partialClone(repository);
  const commits = `${first}..${last}`;
  const counted = async (...how: string[]): Promise<number> =>
    Number((await runOk('git', ['rev-list', '--count', ...how, commits], git)).stdout.trim());
  const count = await counted('--no-merges');
  if (count === 0) throw emptyRange(range, repository);
  if (count > MOST_PATCHES) throw tooLong(range, count);
  // format-patch leaves merges out, and with them what they changed themselves.
  if ((await counted('--merges')) > 0) throw hasMerges(range, repository);
  // Without merges the range is one line of commits: it begins where they meet.
  const merge = await run('git', ['merge-base', first, last], git);
  const baseCommit = merge.exitCode === 0 ? merge.stdout.trim() : first;
  // Through a file, not a pipe: what respin reads of programs is text, a patch may hold any bytes.
  const prefix = sent === undefined ? 'PATCH' : await subjectPrefix(sent.prefix, git);
  const hasBase = sent !== undefined && merge.exitCode === 0;
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-range-')).catch((cause: unknown) => {
    throw fileTrouble(cause, tmpdir());
  });
  try {
    const file = path.join(folder, 'series.mbox');
    const named = version === undefined ? [] : [`--reroll-count=${version.slice(1)}`];
    const asked = [`--subject-prefix=${prefix}`, hasBase ? `--base=${baseCommit}` : '--no-base', ...named];
    const format = ['format-patch', ...FORMAT, ...asked, `--output=${file}`];
    await runOk('git', [...CONFIG, ...format, commits], git);
    return { mails: splitMbox(await readBytes(file)), baseCommit };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `PATCH net-next`: the prefix that is given, else git's own `format.subjectPrefix`, else b4's `b4.send-prefixes`. */
async function subjectPrefix(
  given: string | null,
  git: { cwd: string; env: Record<string, string>; signal?: AbortSignal },
): Promise<string> {
  const configured = async (key: string): Promise<string> => {
    const { exitCode, stdout } = await run('git', ['config', '--get', key], git);
    return exitCode === 0 ? stdout.trim() : '';
  };
  const words =
    given ?? ((await configured('format.subjectPrefix')) || (await configured('b4.send-prefixes')));
  // Whatever else it is, it would not be read again as a prefix.
  if (words.length > LONGEST_PREFIX || !/^[\w.+/-]+(?: [\w.+/-]+)*$/.test(words)) return 'PATCH';
  return /(?:^| )PATCH(?: |$)/.test(words) ? words : `PATCH ${words}`;
}

/** Whether a word looks like a range at all. */
export function isRange(what: string): boolean {
  if (/^\.\.\.?[^./\s-]\S*$/.test(what)) return true;
  return /^[^.\s-]\S*\.\.\S*$/.test(what) && !what.includes('/../') && !what.endsWith('/..');
}

function ends(range: string): [string, string] {
  const match = /^(.*?)\.\.\.?(.*)$/.exec(range);
  return [match?.[1] || 'HEAD', match?.[2] || 'HEAD'];
}

async function commitOf(
  name: string,
  repository: string,
  git: { cwd: string; env: Record<string, string>; signal?: AbortSignal },
): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const result = await run('git', args, git);
  if (result.exitCode === 0) return result.stdout.trim();
  const inside = await run('git', ['rev-parse', '--git-dir'], git);
  const why = inside.exitCode === 0 ? `has no commit "${name}"` : 'is not a git repository that can be read';
  throw new RespinError({
    code: 'SERIES_UNKNOWN',
    blame: 'usage',
    message: `${repository} ${why}`,
    hint: 'name a range as git:/path/to/repository#A..B, or as A..B inside of the repository',
    ...(inside.stderr.trim() === '' ? {} : { detail: inside.stderr.trim() }),
  });
}

function hasMerges(range: string, repository: string): RespinError {
  return new RespinError({
    code: 'SERIES_HAS_MERGES',
    blame: 'usage',
    message: `${range} of ${repository} has a merge in it, and a merge cannot be sent as a patch`,
    hint: 'rebase it into one line of commits: git rebase BASE',
  });
}

function partialClone(repository: string): RespinError {
  return new RespinError({
    code: 'SERIES_PARTIAL_CLONE',
    blame: 'usage',
    message: `${repository} is a partial clone: reading it could make git fetch into it, and respin does not write there`,
    hint: 'make the mails with git format-patch and name their folder',
  });
}

function emptyRange(range: string, repository: string): RespinError {
  return new RespinError({
    code: 'SERIES_EMPTY',
    blame: 'series',
    message: `there are no commits in ${range} of ${repository}`,
    hint: 'a range is BASE..TIP: what TIP has and BASE has not',
  });
}

function tooLong(range: string, count: number): RespinError {
  return new RespinError({
    code: 'SERIES_TOO_LONG',
    blame: 'usage',
    message: `${range} has ${count} commits, more than the ${MOST_PATCHES} a series may have`,
    hint: 'is the base right? A range is BASE..TIP',
  });
}
