// SPDX-License-Identifier: MIT
/**
 * Every call of git but those that read a series' range is made here. Plain git through system/exec.ts and not a library:
 * the calls need exact bytes, an environment cleared of the user's settings, streams
 * and an object store apart from the repository, and simple-git replaces the
 * environment, refuses `core.hooksPath` and decodes what git prints.
 */
import { existsSync } from 'node:fs';
import { RespinError } from '../core/errors.ts';
import { type RunOptions, type RunResult, run, tail } from '../system/exec.ts';
import { drain, filter } from '../system/filter.ts';

/** Nothing of the user's settings, hooks, keys or prompts may change what a commit is. */
const ALONE: Record<string, string> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
};

const QUIET: Record<string, string> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: ':',
  GIT_PAGER: 'cat',
  // A file may have a name that begins with `:(`.
  GIT_LITERAL_PATHSPECS: '1',
};

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=true',
  'core.autocrlf=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** The same person and time everywhere, so that the same input gives the same commit id. */
export function identity(seconds: number): Record<string, string> {
  const date = `${seconds} +0000`;
  return {
    GIT_AUTHOR_NAME: 'respin',
    GIT_AUTHOR_EMAIL: 'respin@localhost',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'respin',
    GIT_COMMITTER_EMAIL: 'respin@localhost',
    GIT_COMMITTER_DATE: date,
  };
}

export interface GitOptions extends RunOptions {
  /** With the user's own settings: for the user's clone and for the network. */
  asUser?: boolean;
  /**
   * A lock file that git itself holds while it runs. For what writes where the next run
   * will write: when respin is killed its locks are free at once, but git has yet to end.
   */
  holding?: string;
}

/** Runs git and gives its result whatever its exit status. `where`: `--git-dir` or `-C` arguments. */
export async function tryGit(
  where: readonly string[],
  args: readonly string[],
  options: GitOptions = {},
): Promise<RunResult> {
  const { asUser, env, holding, ...rest } = options;
  const argv = [...(asUser ? [] : SETTINGS), ...where, ...args];
  const [command, all] = holding === undefined ? ['git', argv] : ['flock', [holding, 'git', ...argv]];
  return await run(command, all, {
    ...rest,
    env: { ...QUIET, ...(asUser ? {} : ALONE), ...env },
  });
}

/**
 * Runs git; gives its stdout.
 * @throws RespinError NO_SPACE, TREE_BROKEN (objects are missing) or GIT_FAILED, all blame: machine
 */
export async function git(
  where: readonly string[],
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const result = await tryGit(where, args, options);
  if (result.exitCode === 0) return result.stdout;
  throw gitError(args.find((arg) => /^[a-z][a-z-]+$/.test(arg)) ?? '', result.stderr);
}

/** git has words of its own for a write that came out short. */
export function noSpace(stderr: string): boolean {
  return /No space left on device|Disk quota exceeded|Out of diskspace/.test(stderr);
}

/** The error behind what git printed. */
export function gitError(what: string, stderr: string): RespinError {
  if (noSpace(stderr)) {
    return new RespinError({
      code: 'NO_SPACE',
      blame: 'machine',
      message: 'no space left for a kernel tree',
      hint: 'make room there, or set XDG_CACHE_HOME to a folder on a larger disk',
      detail: tail(stderr, 10),
    });
  }
  if (
    /unable to read (tree|sha1|object)|missing (blob|tree|object)|bad object|bad tree|could not parse|unable to find|invalid object|not a valid object|object file .* is empty|is corrupt|unable to normalize alternate/i.test(
      stderr,
    )
  ) {
    return treeBroken(tail(stderr, 10));
  }
  return new RespinError({
    code: 'GIT_FAILED',
    blame: 'machine',
    message: `git ${what} failed`,
    detail: tail(stderr, 20),
  });
}

/** Objects that the tree needs are gone. */
export function treeBroken(detail: string): RespinError {
  return new RespinError({
    code: 'TREE_BROKEN',
    blame: 'machine',
    message: 'objects of the kernel tree are missing',
    hint: 'a clone it was made from may have been moved, deleted or pruned: respin tree remove it, then add it again',
    detail,
  });
}

/** `--git-dir` for a repository in the cache. */
export function at(gitDir: string): string[] {
  return ['--git-dir', gitDir];
}

/** Makes an empty bare repository without hooks or templates. */
export async function initBare(gitDir: string, objectFormat = 'sha1', signal?: AbortSignal): Promise<void> {
  await git([], ['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, gitDir], {
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The full id of what `name` names, null when the repository does not have it. */
export async function resolve(
  where: readonly string[],
  name: string,
  asUser = false,
): Promise<string | null> {
  const result = await tryGit(where, ['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
    asUser,
  });
  return result.exitCode === 0 ? result.stdout.trim() : null;
}

/** Equal trees build equal kernels: `git rev-parse commit^{tree}`. @throws RespinError TREE_BROKEN */
export async function treeHash(gitDir: string, commit: string): Promise<string> {
  const hash = existsSync(gitDir) ? await resolve(at(gitDir), `${commit}^{tree}`) : null;
  if (hash === null) throw treeBroken(`${commit} is not in ${gitDir}`);
  return hash;
}

/** The text of a file in a commit, null when the commit has no such file. */
export async function fileAt(gitDir: string, commit: string, path: string): Promise<string | null> {
  const result = await tryGit(at(gitDir), ['cat-file', 'blob', `${commit}:${path}`]);
  return result.exitCode === 0 ? result.stdout : null;
}

/**
 * Feeds a fast-import stream to git. Level 1 and no deltas: see the figures in docs/trees.md.
 * @throws what reading `stream` throws, RespinError NO_SPACE or GIT_FAILED
 */
export async function fastImport(
  gitDir: string,
  stream: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const settings = ['-c', 'core.compression=1', '-c', 'pack.compression=1'];
  const args = [...SETTINGS, ...settings, ...at(gitDir), 'fast-import', '--quiet', '--done', '--depth=0'];
  try {
    await drain(
      filter('git', args, stream, {
        env: { ...QUIET, ...ALONE },
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  } catch (error) {
    if (error instanceof RespinError && error.code === 'COMMAND_FAILED') {
      throw gitError('fast-import', error.detail ?? '');
    }
    throw error;
  }
}

/** `git patch-id --stable` of commits, by commit id. The diffs go by as bytes, whatever their encoding. */
export async function patchIds(gitDir: string, commits: readonly string[]): Promise<Map<string, string>> {
  const env = { ...QUIET, ...ALONE };
  const list = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(commits.map((commit) => `${commit}\n`).join(''));
  };
  const diffs = filter(
    'git',
    [...SETTINGS, ...at(gitDir), 'diff-tree', '--stdin', '-p', '--root', '--full-index', '--no-ext-diff'],
    list(),
    { env },
  );
  let text = '';
  for await (const chunk of filter('git', [...SETTINGS, 'patch-id', '--stable'], diffs, { env })) {
    text += Buffer.from(chunk).toString('latin1');
  }
  const ids = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id, commit] = line.split(' ');
    if (id !== undefined && commit !== undefined) ids.set(commit, id);
  }
  return ids;
}
