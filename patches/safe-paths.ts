// SPDX-License-Identifier: MIT
/**
 * Whether a patch stays inside the tree. git refuses most of this when it applies; saying it
 * before anything is written gives the better message, and does not lean on one line of defence.
 */
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { FileDiff } from '../core/series.ts';

const SYMLINK = '120000';
const SUBMODULE = '160000';

/**
 * Checks the files of one patch. `links` collects the symlinks that patches before it made and
 * is added to, so that a later patch cannot write through one.
 * @param who how messages name the patch
 * @throws RespinError PATCH_PATH_UNSAFE
 */
export function checkPaths(files: readonly FileDiff[], who: string, links: Set<string> = new Set()): void {
  const refuse = (file: string, why: string): never => {
    throw new RespinError({
      code: 'PATCH_PATH_UNSAFE',
      blame: 'series',
      message: `${who} touches "${printable(file)}", ${why}`,
      hint: 'do not apply this patch anywhere before you have read it',
    });
  };
  for (const file of files) {
    for (const name of [file.oldPath, file.newPath]) {
      if (name === null) continue;
      const why = badName(name);
      if (why !== null) refuse(name, why);
    }
    if (file.newMode === SUBMODULE || file.oldMode === SUBMODULE) {
      refuse(file.newPath ?? file.oldPath ?? '', 'a submodule, which no kernel tree has');
    }
  }
  // A link is dangerous for the files beside it in the same patch too, whatever their order.
  for (const file of files) {
    const name = file.newPath;
    if (name === null) continue;
    if (file.newMode !== SYMLINK && !(file.oldPath !== null && links.has(file.oldPath))) continue;
    const target = linkTarget(file);
    if (target !== null && leavesTree(name, target)) {
      refuse(name, `a symlink to "${printable(target)}", which is outside the tree`);
    }
    // A renamed or changed link whose target the diff does not show counts as one all the same.
    links.add(name);
  }
  for (const file of files) {
    for (const name of [file.oldPath, file.newPath]) {
      const link = name === null ? undefined : parents(name).find((parent) => links.has(parent));
      if (name !== null && link !== undefined) {
        refuse(name, `which lies behind the symlink "${printable(link)}" that the series makes`);
      }
    }
  }
  for (const file of files) {
    const gone = file.change === 'deleted' || file.change === 'renamed' ? file.oldPath : null;
    if (gone !== null) links.delete(gone);
  }
}

function badName(name: string): string | null {
  if (path.posix.isAbsolute(name)) return 'an absolute path';
  if (name.includes('\0')) return 'a name with a NUL in it';
  for (const part of name.split('/')) {
    if (part === '..') return 'which leads out of the tree';
    if (part === '' || part === '.') return 'which is not a plain path';
    if (isGitFolder(part)) return "which lies in git's own folder";
  }
  return null;
}

/** `.git` in the spellings that some file systems take for it (git's is_ntfs_dotgit, is_hfs_dotgit). */
function isGitFolder(part: string): boolean {
  const folded = part
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '');
  return folded === '.git' || folded === 'git~1';
}

/** The target a diff gives a symlink; null when it does not show it. */
function linkTarget(file: FileDiff): string | null {
  const added = file.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === 'add');
  return added.length === 0 ? null : added.map((line) => line.text).join('\n');
}

function leavesTree(link: string, target: string): boolean {
  if (path.posix.isAbsolute(target)) return true;
  // Behind a name that is a symlink itself, `..` leads anywhere.
  const parts = target.split('/');
  const named = parts.findIndex((part) => part !== '..' && part !== '.');
  if (named >= 0 && parts.lastIndexOf('..') > named) return true;
  const end = path.posix.normalize(path.posix.join(path.posix.dirname(link), target));
  return end === '..' || end.startsWith('../') || end.split('/').some(isGitFolder);
}

function parents(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
