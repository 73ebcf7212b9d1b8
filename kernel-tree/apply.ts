// SPDX-License-Identifier: MIT
/**
 * A series applied to a tree with `git am --3way`, one commit a patch. The work is done in
 * a repository of its own with only the touched files checked out; new objects go into the
 * tree's repository, where a ref keeps them.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import type { Patch, Series } from '../core/series.ts';
import { inStage } from '../core/stage.ts';
import type { AppliedPatch, AppliedSeries, Tree } from '../core/tree.ts';
import { checkPaths } from '../patches/safe-paths.ts';
import { acquireLock, tryLock } from '../system/lock.ts';
import { fileTrouble } from '../system/whole.ts';
import { diagnose } from './apply-failure.ts';
import { at, type GitOptions, git, patchIds, resolve, treeHash, tryGit } from './git.ts';
import { keyOf, treeFolder } from './stored.ts';

/** Changes when the same mails would give other commits. */
const FORMAT = 'respin.applied/2';

/** Where a series is being applied, and how git is called there. */
export interface Workshop {
  tree: Tree;
  folder: string;
  where: string[];
  options: GitOptions;
}

/** The tree as it is, without a series. @throws RespinError TREE_BROKEN */
export async function baseOf(tree: Tree): Promise<AppliedSeries> {
  const hash = await treeHash(tree.gitDir, tree.commit);
  return { tree, variant: 'base', commit: tree.commit, treeHash: hash, patches: [] };
}

/**
 * Applies a series; the same mails on the same base are applied once and give the same
 * commits on every machine. Neither a work tree nor a commit is left of a failure.
 * @throws RespinError PATCH_DOES_NOT_APPLY, ALREADY_APPLIED, WRONG_TREE, PATCH_BINARY,
 * PATCH_EMPTY, PATCH_PATH_UNSAFE, PATCH_HIDDEN_PART, SERIES_EMPTY (series); TREE_BROKEN, NO_SPACE,
 * GIT_FAILED (machine); INTERRUPTED
 */
export async function* applySeries(
  tree: Tree,
  series: Series,
  options: { signal?: AbortSignal } = {},
): Steps<AppliedSeries> {
  if (series.patches.length === 0) {
    throw new RespinError({
      code: 'SERIES_EMPTY',
      blame: 'series',
      message: `the series ${series.name} has no patches`,
      hint: 'respin series list shows what there is',
    });
  }
  const work = async (emit: (event: RespinEvent) => void): Promise<Applied> => {
    const links = new Set<string>();
    for (const patch of series.patches) checkPaths(patch.files, `patch ${patch.index}/${patch.total}`, links);
    const hash = await treeHash(tree.gitDir, tree.commit);
    const ref = `refs/respin/applied/${keyOfApplied(tree, series)}`;
    const known = await readApplied(tree, series, ref);
    if (known === null) return await applyOnce(tree, series, ref, hash, emit, options.signal);
    tellAll(known, emit);
    return { applied: known, made: false };
  };
  const title = `${series.name} ${series.version}`.trim();
  const { applied } = yield* inStage('apply', title, work, ({ applied: { patches }, made }) => ({
    outcome: made ? 'done' : 'cached',
    detail: `${title}  ${patches.length} ${patches.length === 1 ? 'patch' : 'patches'}`,
  }));
  return applied;
}

/** A series on its tree, and whether it was put there just now. */
interface Applied {
  applied: AppliedSeries;
  made: boolean;
}

function keyOfApplied(tree: Tree, series: Series): string {
  const hash = createHash('sha256').update(`${FORMAT}\n${tree.commit}\n`);
  for (const { mail } of series.patches) hash.update(`${mail.length}\n`).update(mail);
  return hash.digest('hex').slice(0, 40);
}

async function applyOnce(
  tree: Tree,
  series: Series,
  ref: string,
  baseHash: string,
  emit: (event: RespinEvent) => void,
  signal?: AbortSignal,
): Promise<Applied> {
  const room = path.join(treeFolder(keyOf(tree)), 'apply');
  const folder = path.join(room, path.basename(ref));
  const onWait = (holder: string): void =>
    emit({ type: 'note', level: 'info', text: `waiting for ${holder}, which applies the same series` });
  await using _lock = await acquireLock(`${folder}.lock`, onWait, signal);
  const made = await readApplied(tree, series, ref);
  if (made !== null) {
    tellAll(made, emit);
    return { applied: made, made: false };
  }
  await sweep(room, folder, signal);
  // A lock of git's own that a killed process left; ours says that nobody uses it.
  await rm(path.join(tree.gitDir, `${ref}.lock`), { force: true });
  try {
    const shop = await openWorkshop(tree, series, folder, signal);
    await applyPatches(shop, series, emit, baseHash);
    const head = (await git(shop.where, ['rev-parse', 'HEAD'], shop.options)).trim();
    await git(at(tree.gitDir), ['update-ref', ref, head]);
  } catch (cause) {
    throw fileTrouble(cause, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const applied = await readApplied(tree, series, ref);
  if (applied === null) throw new Error(`${ref} does not hold what was just put there`);
  return { applied, made: true };
}

/** A repository whose objects are the tree's, with the files of the series checked out. */
async function openWorkshop(
  tree: Tree,
  series: Series,
  folder: string,
  signal?: AbortSignal,
): Promise<Workshop> {
  await mkdir(folder, { recursive: true });
  const where = ['-C', folder];
  const options: GitOptions = {
    holding: gitLock(folder),
    env: {
      GIT_OBJECT_DIRECTORY: path.join(tree.gitDir, 'objects'),
      GIT_COMMITTER_NAME: 'respin',
      GIT_COMMITTER_EMAIL: 'respin@localhost',
    },
    ...(signal === undefined ? {} : { signal }),
  };
  const format = tree.commit.length === 64 ? 'sha256' : 'sha1';
  await git(where, ['init', '--quiet', '--template=', `--object-format=${format}`, '.'], options);
  await git(where, ['config', 'core.sparseCheckout', 'true'], options);
  // The index of a whole kernel is 9 MB, and am writes it for every patch.
  await git(where, ['config', 'core.splitIndex', 'true'], options);
  await mkdir(path.join(folder, '.git', 'info'), { recursive: true });
  await writeFile(path.join(folder, '.git', 'info', 'sparse-checkout'), sparsePatterns(series));
  await git(where, ['update-ref', '--no-deref', 'HEAD', tree.commit], options);
  await git(where, ['read-tree', '-m', '-u', 'HEAD'], options);
  return { tree, folder, where, options };
}

/** Just the touched files, anchored, with what has a meaning in gitignore(5) escaped. */
function sparsePatterns(series: Series): string {
  const names = new Set<string>();
  for (const { files } of series.patches) {
    for (const { oldPath, newPath } of files) {
      for (const name of [oldPath, newPath]) if (name !== null) names.add(name);
    }
  }
  return [...names].map((name) => `/${name.replace(/[\\*?[\]!# ]/g, '\\$&')}\n`).join('');
}

/** All at once; what that does not settle is gone through patch by patch, to say which one it is. */
async function applyPatches(
  shop: Workshop,
  series: Series,
  emit: (event: RespinEvent) => void,
  baseHash: string,
): Promise<void> {
  const commits = await applyAtOnce(shop, series, baseHash);
  if (commits === null) return await applyOneByOne(shop, series, emit, baseHash);
  for (const [at, commit] of commits.entries()) tellOne(series, at, commit, emit);
}

/**
 * One `git am` with all mails reads and writes the index of the kernel once less for each.
 * @returns the commits, one for each patch and each with a change that its text shows; null otherwise
 */
async function applyAtOnce(shop: Workshop, series: Series, baseHash: string): Promise<string[] | null> {
  // A file with two mails and one without a change would come out even.
  if (series.patches.some(({ mail }) => Buffer.from(mail).includes('\nFrom '))) return null;
  const names = series.patches.map((_, at) => path.join(shop.folder, '.git', `respin-mail-${at}`));
  for (const [at, { mail }] of series.patches.entries()) await writeFile(names[at] ?? '', mail);
  const am = await tryGit(shop.where, [...AM, ...names], shop.options);
  const made = am.exitCode === 0 ? await commitsSince(shop) : [];
  let hash = baseHash;
  const plain = made.every(({ tree, files }, at) => {
    const moved = tree !== hash;
    hash = tree;
    const patch = series.patches[at];
    return moved && patch !== undefined && unseenIn(patch, files).length === 0;
  });
  if (plain && made.length === series.patches.length) return made.map(({ commit }) => commit);
  await rm(path.join(shop.folder, '.git', 'rebase-apply'), { recursive: true, force: true });
  await git(shop.where, ['reset', '--quiet', '--hard', shop.tree.commit], shop.options);
  return null;
}

/** What is on top of the tree's commit, the first one first. */
async function commitsSince({
  where,
  tree,
  options,
}: Workshop): Promise<{ commit: string; tree: string; files: string[] }[]> {
  const format = ['--format=%x01%H %T%x02', '--name-only', '-z', '--no-renames', '--first-parent', '-m'];
  const log = await git(where, ['log', '--reverse', ...format, `${tree.commit}..HEAD`], options);
  return log
    .split('\x01')
    .slice(1)
    .map((text) => {
      const [ids = '', files = ''] = text.split('\x02');
      const [commit = '', hash = ''] = ids.split(' ');
      return { commit, tree: hash, files: files.split(/[\0\n]/).filter((name) => name !== '') };
    });
}

/** As the parser of patches/ reads a mail, or the commit would hold another change than was shown. */
const AS_READ = ['--keep-cr', '--scissors', '--patch-format=mboxrd'];
const AM = ['am', '--3way', '--quiet', '--no-gpg-sign', '--committer-date-is-author-date', ...AS_READ];

async function applyOneByOne(
  shop: Workshop,
  series: Series,
  emit: (event: RespinEvent) => void,
  baseHash: string,
): Promise<void> {
  const mailFile = path.join(shop.folder, '.git', 'respin-mail');
  let head = shop.tree.commit;
  let hash = baseHash;
  for (const [at, patch] of series.patches.entries()) {
    await writeFile(mailFile, patch.mail);
    const am = await tryGit(shop.where, [...AM, mailFile], shop.options);
    const now = (await git(shop.where, ['rev-parse', 'HEAD', 'HEAD^{tree}'], shop.options)).split('\n');
    const [commit = '', treeNow = ''] = now;
    // A patch that is there already is passed over in silence by am; so is one without a change.
    if (am.exitCode !== 0 || commit === head || treeNow === hash) {
      throw await diagnose(shop, series, at, head, am);
    }
    const parent = await resolve(shop.where, 'HEAD^');
    if (parent !== null && parent !== head) {
      throw new RespinError({
        code: 'PATCH_MANY_MAILS',
        blame: 'series',
        message: `patch ${patch.index}/${patch.total} holds more than one mail`,
        hint: 'one file for each patch, or an mbox',
      });
    }
    await refuseUnseen(shop, patch, head, commit);
    head = commit;
    hash = treeNow;
    tellOne(series, at, commit, emit);
  }
}

function tellOne(series: Series, at: number, commit: string, emit: (event: RespinEvent) => void): void {
  const [patch, total] = [series.patches[at], series.patches.length];
  if (patch !== undefined) {
    emit({ type: 'patch-applied', index: at + 1, total, subject: patch.subject, commit });
  }
}

/** What git took out of a mail and its reader did not see would be tested and never shown. */
async function refuseUnseen(shop: Workshop, patch: Patch, before: string, commit: string): Promise<void> {
  const list = await git(
    shop.where,
    ['diff-tree', '-r', '-z', '--name-only', '--no-renames', before, commit],
    shop.options,
  );
  const unseen = unseenIn(patch, list.split('\0'));
  if (unseen.length === 0) return;
  throw new RespinError({
    code: 'PATCH_HIDDEN_PART',
    blame: 'series',
    message: `patch ${patch.index}/${patch.total} changes a file that its text does not show: ${printable(unseen.join(', '))}`,
    hint: 'a part of the mail holds a diff that is not plain text; ask for the patch as git send-email sends it',
    detail: printable(patch.origin),
  });
}

/** Of the names of files that git changed those that the patch's text does not have. */
function unseenIn(patch: Patch, names: readonly string[]): string[] {
  const seen = new Set(patch.files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]));
  return names.filter((name) => name !== '' && !seen.has(name));
}

/** What the ref holds, when it is this series on this base; null when there is no such ref. */
async function readApplied(tree: Tree, series: Series, ref: string): Promise<AppliedSeries | null> {
  const where = at(tree.gitDir);
  const count = series.patches.length;
  const commit = await resolve(where, `${ref}^{commit}`);
  if (commit === null) return null;
  if ((await resolve(where, `${ref}~${count}`)) !== tree.commit) return null;
  const list = await git(where, [
    'rev-list',
    '--first-parent',
    `--max-count=${count}`,
    '--end-of-options',
    commit,
  ]);
  const commits = list.trim().split('\n').reverse();
  const ids = await patchIds(tree.gitDir, commits);
  const patches: AppliedPatch[] = series.patches.map((patch, i) => ({
    subject: patch.subject,
    patchId: ids.get(commits[i] ?? '') ?? '',
    commit: commits[i] ?? '',
    messageId: patch.messageId,
  }));
  return { tree, variant: 'patched', commit, treeHash: await treeHash(tree.gitDir, commit), patches };
}

function tellAll(applied: AppliedSeries, emit: (event: RespinEvent) => void): void {
  const total = applied.patches.length;
  for (const [i, { subject, commit }] of applied.patches.entries()) {
    emit({ type: 'patch-applied', index: i + 1, total, subject, commit });
  }
}

/** Held by git itself while it works in a folder: it may outlive a killed respin by seconds. */
function gitLock(folder: string): string {
  return `${folder}.git.lock`;
}

/** Removes what killed processes left: folders whose locks nobody holds, and our own. */
async function sweep(room: string, own: string, signal?: AbortSignal): Promise<void> {
  for (const entry of await readdir(room, { withFileTypes: true })) {
    const folder = path.join(room, entry.name);
    if (!entry.isDirectory() || folder === own) continue;
    await using lock = await tryLock(`${folder}.lock`);
    if (lock === null) continue;
    await using ended = await tryLock(gitLock(folder));
    if (ended !== null) await rm(folder, { recursive: true, force: true });
  }
  await using _ended = await acquireLock(gitLock(own), undefined, signal);
  await rm(own, { recursive: true, force: true });
}
