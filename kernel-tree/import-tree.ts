// SPDX-License-Identifier: MIT
/** From a tree's name to a tree in the cache. */

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { inStage } from '../core/stage.ts';
import type { Tree } from '../core/tree.ts';
import { acquireLock } from '../system/lock.ts';
import { makeWhole } from '../system/whole.ts';
import { at, fileAt, git, initBare, resolve, treeBroken } from './git.ts';
import { importDebian } from './import-debian.ts';
import { commitOfClone, fetchCommit, lookAtClone, makeBorrowing } from './import-git.ts';
import { download, importTar, readTarball } from './import-tar.ts';
import { parseTreeSource, type TreeSource } from './source.ts';
import { asTree, gitDirIn, readStored, type StoredTree, store, treeFolder, treeKey } from './stored.ts';

interface Import {
  emit: (event: RespinEvent) => void;
  onWait: (holder: string) => void;
  signal?: AbortSignal;
}

/**
 * Gives the tree of a name (see `parseTreeSource`), importing it into the cache the first
 * time. After that it needs neither network nor apt; a ref of a clone on this machine is
 * looked up anew each time, because it may have moved.
 * @throws RespinError TREE_SOURCE, TREE_NOT_KERNEL, TREE_UNKNOWN_REF, TREE_NO_CLONE,
 * TREE_NO_TARBALL, TREE_BAD_TAR, TREE_CHANGED, TREE_HASH_MISMATCH (usage);
 * TREE_OUT_OF_REACH, TREE_NO_PACKAGE, TREE_BAD_PACKAGE, TREE_BROKEN, NO_SPACE, TOOL_MISSING (machine); INTERRUPTED
 */
export async function* importTree(source: string, options: { signal?: AbortSignal } = {}): Steps<Tree> {
  const parsed = parseTreeSource(source);
  const folder = treeFolder(treeKey(parsed));
  const work = async (emit: (event: RespinEvent) => void): Promise<Imported> => {
    const onWait = (holder: string): void =>
      emit({ type: 'note', level: 'info', text: `waiting for ${holder}, which imports ${parsed.source}` });
    return await importInto(folder, parsed, { emit, onWait, ...options });
  };
  const { stored } = yield* inStage('tree', parsed.source, work, ({ stored: { version }, made }) => ({
    outcome: made ? 'done' : 'cached',
    detail: `${parsed.source}  ${version}`,
  }));
  return asTree(stored);
}

/** A tree's record, and whether it was written just now. */
interface Imported {
  stored: StoredTree;
  made: boolean;
}

async function importInto(folder: string, source: TreeSource, work: Import): Promise<Imported> {
  switch (source.kind) {
    case 'git-path':
      return await importClone(folder, source, work);
    case 'git-url':
      return await importUrl(folder, source, work);
    default:
      return await importOnce(folder, source, work);
  }
}

/** Packages and tarballs: one folder holds one import, made whole or not at all. */
async function importOnce(
  folder: string,
  source: Exclude<TreeSource, { kind: 'git-path' | 'git-url' }>,
  work: Import,
): Promise<Imported> {
  const how = await makeWhole(
    folder,
    async (half) => {
      const gitDir = gitDirIn(half);
      const imported = await importKind(source, half, gitDir, work);
      await keep(gitDir, imported.commit);
      const version = await kernelVersion(gitDir, imported.commit, source.source);
      await store(half, {
        ...imported,
        source: source.source,
        version,
        gitDir,
        clone: null,
        imported: now(),
      });
    },
    work,
  );
  const stored = (await readStored(folder)).find((tree) => tree.source === source.source);
  if (stored === undefined) throw treeBroken(`${folder} holds no record of ${source.source}`);
  if (source.kind === 'tar-path') await refuseChanged(source.path, stored);
  return { stored, made: how === 'made' };
}

async function importKind(
  source: Exclude<TreeSource, { kind: 'git-path' | 'git-url' }>,
  half: string,
  gitDir: string,
  work: Import,
): Promise<Pick<StoredTree, 'commit' | 'sha256' | 'packageVersion' | 'file'>> {
  if (source.kind === 'debian') {
    return { ...(await importDebian(source, half, gitDir, work)), file: null };
  }
  const { emit } = work;
  const common = { label: 'Kernel sources from a tarball', emit, ...signalOf(work), sha256: source.sha256 };
  if (source.kind === 'tar-path') {
    const file = await sizeAndTime(source.path);
    const bytes = readTarball(source.path);
    const imported = await importTar(bytes, gitDir, { ...common, total: file?.size ?? null });
    return { ...imported, packageVersion: null, file };
  }
  const options = { ...common, total: null as number | null };
  const bytes = download(source, (size) => (options.total = size), work.signal);
  const imported = await importTar(bytes, gitDir, options);
  return { ...imported, packageVersion: null, file: null };
}

async function importClone(
  folder: string,
  source: Extract<TreeSource, { kind: 'git-path' }>,
  work: Import,
): Promise<Imported> {
  const gitDir = gitDirIn(folder);
  if (!existsSync(source.path) && existsSync(folder)) {
    throw new RespinError({
      code: 'TREE_BROKEN',
      blame: 'machine',
      message: `the clone ${source.path} is gone; the tree ${source.source} borrowed its objects`,
      hint: `if it was moved, name its new place; respin tree remove ${source.source} forgets this one`,
    });
  }
  const clone = await lookAtClone(source.path);
  await makeWhole(folder, (half) => makeBorrowing(gitDirIn(half), clone), work);
  await using _lock = await acquireLock(`${folder}.lock`, work.onWait, work.signal);
  const commit = await commitOfClone(source, clone, gitDir);
  const known = (await readStored(folder)).find((tree) => tree.source === source.source);
  if (known?.commit === commit) return { stored: known, made: false };
  return { stored: await record(folder, source, commit, source.path), made: true };
}

async function importUrl(
  folder: string,
  source: Extract<TreeSource, { kind: 'git-url' }>,
  work: Import,
): Promise<Imported> {
  const gitDir = gitDirIn(folder);
  const known = (await readStored(folder)).find((tree) => tree.source === source.source);
  if (known !== undefined) return { stored: known, made: false };
  // The first fetch is part of making the folder: a repository that cannot be reached leaves nothing.
  const how = await makeWhole(
    folder,
    async (half) => {
      await initBare(gitDirIn(half));
      const commit = await fetchFrom(source, gitDirIn(half), work);
      await record(half, source, commit, null);
    },
    work,
  );
  await using _lock = await acquireLock(`${folder}.lock`, work.onWait, work.signal);
  const again = (await readStored(folder)).find((tree) => tree.source === source.source);
  if (again !== undefined) return { stored: again, made: how === 'made' };
  return { stored: await record(folder, source, await fetchFrom(source, gitDir, work), null), made: true };
}

async function fetchFrom(
  source: Extract<TreeSource, { kind: 'git-url' }>,
  gitDir: string,
  work: Import,
): Promise<string> {
  work.emit({ type: 'note', level: 'info', text: `fetching ${source.ref} from ${source.url}` });
  return await fetchCommit(source, gitDir, work.signal);
}

async function record(
  folder: string,
  source: TreeSource,
  commit: string,
  clone: string | null,
): Promise<StoredTree> {
  const gitDir = gitDirIn(folder);
  const version = await kernelVersion(gitDir, commit, source.source);
  await keep(gitDir, commit);
  const stored: StoredTree = {
    source: source.source,
    version,
    packageVersion: null,
    sha256: null,
    gitDir,
    commit,
    imported: now(),
    file: null,
    clone,
  };
  await store(folder, stored);
  return stored;
}

/** A ref keeps the base alive. */
async function keep(gitDir: string, commit: string): Promise<void> {
  await git(at(gitDir), ['update-ref', `refs/respin/base/${commit}`, commit]);
}

/**
 * The version the top Makefile states, `6.12.117`.
 * @throws RespinError TREE_NOT_KERNEL: no VERSION and PATCHLEVEL there
 */
export async function kernelVersion(gitDir: string, commit: string, source: string): Promise<string> {
  const makefile = (await fileAt(gitDir, commit, 'Makefile')) ?? '';
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)[ \\t]*$`, 'm').exec(makefile)?.[1];
  const version = value('VERSION');
  const patchlevel = value('PATCHLEVEL');
  if (!/^\d+$/.test(version ?? '') || !/^\d+$/.test(patchlevel ?? '')) {
    if ((await resolve(at(gitDir), `${commit}^{tree}`)) === null)
      throw treeBroken(`${commit} cannot be read`);
    throw new RespinError({
      code: 'TREE_NOT_KERNEL',
      blame: 'usage',
      message: `${source} is not a Linux kernel tree: its top Makefile states no VERSION and PATCHLEVEL`,
      hint: 'for example debian:linux-source-6.12',
    });
  }
  const sublevel = value('SUBLEVEL') ?? '';
  return `${version}.${patchlevel}${sublevel === '' ? '' : `.${sublevel}`}${value('EXTRAVERSION') ?? ''}`;
}

async function sizeAndTime(file: string): Promise<{ size: number; mtimeMs: number } | null> {
  const found = await stat(file).catch(() => null);
  return found === null ? null : { size: found.size, mtimeMs: found.mtimeMs };
}

/** A tarball that was replaced since its import must not pass for the old one; one that is gone may. */
async function refuseChanged(file: string, stored: StoredTree): Promise<void> {
  const found = await sizeAndTime(file);
  if (found === null || stored.file === null) return;
  if (found.size === stored.file.size && found.mtimeMs === stored.file.mtimeMs) return;
  throw new RespinError({
    code: 'TREE_CHANGED',
    blame: 'usage',
    message: `${path.basename(file)} has changed since it was imported`,
    hint: `respin tree remove ${stored.source}, then add it again`,
  });
}

function signalOf(work: Import): { signal?: AbortSignal } {
  return work.signal === undefined ? {} : { signal: work.signal };
}

function now(): string {
  return new Date().toISOString();
}
