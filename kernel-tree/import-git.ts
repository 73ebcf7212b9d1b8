// SPDX-License-Identifier: MIT
/**
 * Commits of git repositories. A clone on this machine is only read: the cache's own
 * repository borrows its objects (objects/info/alternates), and refs, work trees and
 * indexes are the cache's. From elsewhere one commit is fetched without its history.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../core/errors.ts';
import { isPartialClone } from '../patches/partial-clone.ts';
import { tail } from '../system/exec.ts';
import { at, git, gitError, initBare, noSpace, resolve, treeBroken, tryGit } from './git.ts';
import type { TreeSource } from './source.ts';

type PathSource = Extract<TreeSource, { kind: 'git-path' }>;
type UrlSource = Extract<TreeSource, { kind: 'git-url' }>;

export interface Clone {
  /** The folder with objects/, also for a linked work tree. */
  commonDir: string;
  objectFormat: string;
}

/**
 * Looks at the user's clone.
 * @throws RespinError TREE_NO_CLONE (usage), TREE_PARTIAL_CLONE (usage)
 */
export async function lookAtClone(clonePath: string): Promise<Clone> {
  const where = ['-C', clonePath];
  const args = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--show-object-format'];
  const found = existsSync(clonePath) ? await tryGit(where, args, { asUser: true }) : null;
  const [commonDir, objectFormat] = found?.exitCode === 0 ? found.stdout.split('\n') : [];
  if (commonDir === undefined || objectFormat === undefined) {
    throw new RespinError({
      code: 'TREE_NO_CLONE',
      blame: 'usage',
      message: `${clonePath} is not a git repository`,
      hint: 'name the folder of a kernel clone: git:/path#REF',
      ...(found === null ? {} : { detail: tail(found.stderr, 5) }),
    });
  }
  if (await isPartialClone(clonePath)) {
    throw new RespinError({
      code: 'TREE_PARTIAL_CLONE',
      blame: 'usage',
      message: `${clonePath} is a partial clone: some of its objects are elsewhere, and respin does not write into it`,
      hint: 'name the repository it was cloned from: git:URL#COMMIT',
    });
  }
  return { commonDir, objectFormat };
}

/** Makes the cache's repository for a clone; nothing is copied. */
export async function makeBorrowing(gitDir: string, clone: Clone): Promise<void> {
  await initBare(gitDir, clone.objectFormat);
  await mkdir(path.join(gitDir, 'objects', 'info'), { recursive: true });
  const objects = path.join(clone.commonDir, 'objects');
  // The file's lines end at a newline and one in quotes is unquoted, as git-config values are.
  const line = /^"|[\n\\]/.test(objects) ? JSON.stringify(objects) : objects;
  await writeFile(path.join(gitDir, 'objects', 'info', 'alternates'), `${line}\n`);
}

/**
 * The commit a ref of the clone names now, readable from the cache's repository.
 * @throws RespinError TREE_UNKNOWN_REF (usage), TREE_BROKEN
 */
export async function commitOfClone(source: PathSource, clone: Clone, gitDir: string): Promise<string> {
  const commit = await resolve(['-C', source.path], `${source.ref}^{commit}`, true);
  if (commit === null) throw unknownRef(source.ref, source.path);
  const shallow = path.join(clone.commonDir, 'shallow');
  // Where a shallow clone's history ends has to be known here too.
  if (existsSync(shallow)) await copyFile(shallow, path.join(gitDir, 'shallow'));
  if ((await resolve(at(gitDir), `${commit}^{tree}`)) === null) {
    throw treeBroken(`${commit} of ${source.path} cannot be read through ${gitDir}`);
  }
  return commit;
}

/**
 * Fetches one commit, without history, into the cache's repository.
 * @throws RespinError TREE_UNKNOWN_REF, TREE_NO_CLONE (usage), TREE_OUT_OF_REACH, NO_SPACE (machine)
 */
export async function fetchCommit(source: UrlSource, gitDir: string, signal?: AbortSignal): Promise<string> {
  await sweep(gitDir);
  const into = 'refs/respin/fetched';
  const result = await tryGit(
    at(gitDir),
    [
      '-c',
      'gc.auto=0',
      'fetch',
      '--quiet',
      '--depth=1',
      '--no-tags',
      '--no-recurse-submodules',
      source.url,
      `+${source.ref}:${into}`,
    ],
    { asUser: true, ...(signal === undefined ? {} : { signal }) },
  );
  if (signal?.aborted) throw interrupted();
  if (result.exitCode !== 0) throw fetchError(source, result.stderr);
  const commit = await resolve(at(gitDir), `${into}^{commit}`);
  if (commit === null) throw unknownRef(source.ref, source.url);
  await git(at(gitDir), ['update-ref', `refs/respin/base/${commit}`, commit]);
  await git(at(gitDir), ['update-ref', '-d', into]);
  return commit;
}

/** What a killed fetch leaves behind; the caller holds the tree's lock. */
async function sweep(gitDir: string): Promise<void> {
  for (const file of ['shallow.lock', 'packed-refs.lock', 'refs/respin/fetched.lock']) {
    await rm(path.join(gitDir, file), { force: true });
  }
  const packs = path.join(gitDir, 'objects', 'pack');
  for (const file of await readdir(packs).catch(() => [] as string[])) {
    if (file.startsWith('tmp_')) await rm(path.join(packs, file), { force: true });
  }
}

function fetchError(source: UrlSource, stderr: string): RespinError {
  const detail = tail(stderr, 10);
  if (noSpace(stderr)) return gitError('fetch', stderr);
  if (
    /couldn't find remote ref|not our ref|unadvertised object|no such remote ref|invalid refspec/i.test(
      stderr,
    )
  ) {
    return unknownRef(source.ref, source.url, detail);
  }
  if (/does not appear to be a git repository|repository '.*' not found|Repository not found/i.test(stderr)) {
    return new RespinError({
      code: 'TREE_NO_CLONE',
      blame: 'usage',
      message: `there is no git repository at ${source.url}`,
      hint: 'check the address',
      detail,
    });
  }
  return new RespinError({
    code: 'TREE_OUT_OF_REACH',
    blame: 'machine',
    message: `${source.url} cannot be fetched`,
    hint: 'is the network there, and the server?',
    detail,
  });
}

function unknownRef(ref: string, where: string, detail?: string): RespinError {
  return new RespinError({
    code: 'TREE_UNKNOWN_REF',
    blame: 'usage',
    message: `${where} has no commit ${ref}`,
    hint: 'name a branch, a tag, or a commit id with all of its digits',
    ...(detail === undefined ? {} : { detail }),
  });
}
