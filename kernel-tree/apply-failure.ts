// SPDX-License-Identifier: MIT
/** From a failed `git am` to an error that says what is wrong, and with what. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { Patch, Series } from '../core/series.ts';
import type { RunResult } from '../system/exec.ts';
import { tail } from '../system/exec.ts';
import type { Workshop } from './apply.ts';
import { at, fileAt, git, gitError, tryGit } from './git.ts';
import { describeRejects, findRejects } from './reject.ts';

/**
 * Says why patch number `failed` (0-based) does not go on top of `head`. A fault of the
 * machine is looked for first, so that it never becomes one of the series.
 */
export async function diagnose(
  shop: Workshop,
  series: Series,
  failed: number,
  head: string,
  am: RunResult,
): Promise<RespinError> {
  const patch = series.patches[failed];
  if (patch === undefined) return gitError('am', am.stderr);
  const machine = machineTrouble(am);
  if (machine !== null) return machine;

  const there = await alreadyThere(shop, series);
  if (there.includes(failed)) return alreadyApplied(shop, series, there);
  if (am.exitCode === 0) return emptyPatch(patch);

  const said = `${am.stdout}\n${am.stderr}`;
  if (
    /cannot apply binary patch|without full index line/.test(said) ||
    patch.files.some(binaryWithoutData(said))
  ) {
    return binary(patch, said);
  }
  if (patch.files.length === 0 || /^(error: )?(Patch is empty|No valid patches in input)/m.test(said)) {
    return emptyPatch(patch);
  }
  const why = await rejectsText(shop, patch, head, said);
  return (await wrongTree(shop, series, patch, why.detail)) ?? doesNotApply(shop, series, patch, why);
}

function machineTrouble(am: RunResult): RespinError | null {
  if (am.exitCode === null) return gitError('am', `ended by ${am.signal}\n${am.stderr}`);
  if (noSpaceLine(am.stderr)) return gitError('am', am.stderr);
  if (
    /^(fatal|error): (unable to read|bad object|missing blob|object file|unable to create|unable to write|failed to write|cannot lock)/m.test(
      am.stderr,
    )
  ) {
    return gitError('am', am.stderr);
  }
  return null;
}

/** At a line's end only: a patch's subject may say it, too. */
function noSpaceLine(stderr: string): boolean {
  return /(?:: (?:No space left on device|Disk quota exceeded)|write error\. Out of diskspace)$/m.test(
    stderr,
  );
}

/** The patches (0-based) whose change can be taken back from the base, last one first. */
async function alreadyThere(shop: Workshop, series: Series): Promise<number[]> {
  const { folder, where } = shop;
  const gitDir = path.join(folder, '.git');
  const index = path.join(gitDir, 'respin-reverse');
  const options = { ...shop.options, env: { ...shop.options.env, GIT_INDEX_FILE: index } };
  await git(where, ['read-tree', shop.tree.commit], options);
  const found: number[] = [];
  for (let i = series.patches.length - 1; i >= 0; i--) {
    const patch = series.patches[i];
    if (patch === undefined) continue;
    const diff = path.join(gitDir, 'respin-diff');
    const message = path.join(gitDir, 'respin-message');
    await writeFile(diff, '');
    // mailinfo undoes the mail's encoding as am does.
    const info = await tryGit(where, ['mailinfo', '--scissors', message, diff], {
      ...options,
      input: patch.mail,
    });
    if (info.exitCode !== 0) continue;
    const back = await tryGit(
      where,
      ['apply', '--cached', '--reverse', '--whitespace=nowarn', diff],
      options,
    );
    if (back.exitCode === 0) found.unshift(i);
  }
  return found;
}

function alreadyApplied(shop: Workshop, series: Series, there: readonly number[]): RespinError {
  const all = there.length === series.patches.length;
  const names = there.map((i) => nameOf(series.patches[i]));
  const what = all
    ? `the whole series ${series.name} is`
    : `${there.length} of ${series.patches.length} patches of ${series.name} are`;
  return new RespinError({
    code: 'ALREADY_APPLIED',
    blame: 'series',
    message: `${what} in ${shop.tree.source} already`,
    hint: all
      ? 'test the tree as it is with --base, or name an older tree'
      : 'leave those patches out, or name an older tree',
    detail: names.map((name) => `already there: ${name}`).join('\n'),
  });
}

function emptyPatch(patch: Patch): RespinError {
  return new RespinError({
    code: 'PATCH_EMPTY',
    blame: 'series',
    message: `${nameOf(patch)} changes nothing`,
    hint: 'is the mail complete?',
    detail: printable(patch.origin),
  });
}

function binaryWithoutData(
  said: string,
): (file: { binary: boolean; oldPath: string | null; newPath: string | null }) => boolean {
  return ({ binary, newPath, oldPath }) => binary && said.includes(newPath ?? oldPath ?? '\0');
}

function binary(patch: Patch, said: string): RespinError {
  const files = patch.files.filter((file) => file.binary).map((file) => file.newPath ?? file.oldPath ?? '');
  return new RespinError({
    code: 'PATCH_BINARY',
    blame: 'series',
    message: `${nameOf(patch)} has a binary file that cannot be applied: ${printable(files.join(', '))}`,
    hint: 'git format-patch --binary puts the whole contents into the mail',
    detail: gitSaid(said),
  });
}

interface Why {
  /** `file, hunk @@ …` of the first reject; null when only git knows. */
  first: string | null;
  detail: string;
}

async function rejectsText(shop: Workshop, patch: Patch, head: string, said: string): Promise<Why> {
  const read = (file: string): Promise<string | null> => fileAt(shop.tree.gitDir, head, file);
  const { rejects, files } = await findRejects(patch, read);
  const [first] = rejects;
  if (first === undefined) return { first: null, detail: `git says:\n${gitSaid(said)}` };
  const hunk = first.hunk === null ? first.why : `hunk ${printable(first.hunk.header)}`;
  return { first: `${printable(first.file)}, ${hunk}`, detail: describeRejects(rejects, files) };
}

/** Not this series' tree: most of its files are unknown there, or it names another base. */
async function wrongTree(
  shop: Workshop,
  series: Series,
  patch: Patch,
  detail: string,
): Promise<RespinError | null> {
  const { tree } = shop;
  const unknown = await unknownFiles(shop, series);
  if (unknown.of > 0 && unknown.names.length * 2 > unknown.of) {
    return new RespinError({
      code: 'WRONG_TREE',
      blame: 'series',
      message: `${unknown.names.length} of the ${unknown.of} files that ${series.name} changes are not in ${tree.source}`,
      hint: wantedTree(series) ?? 'name the tree it was made for with --tree',
      detail: unknown.names
        .slice(0, 20)
        .map((name) => `not there: ${printable(name)}`)
        .join('\n'),
    });
  }
  if (series.baseCommit === null || series.baseCommit === tree.commit) return null;
  return new RespinError({
    code: 'WRONG_TREE',
    blame: 'series',
    message: `${nameOf(patch)} does not apply: the series is for another base than ${tree.source}`,
    hint: wantedTree(series) ?? 'name the tree it was made for with --tree',
    detail: `base of the series: ${series.baseCommit}\nbase of the tree:   ${tree.commit} (${tree.version})\n\n${detail}`,
  });
}

function wantedTree(series: Series): string | null {
  if (series.baseCommit !== null)
    return `name a tree that has its base: --tree git:/path#${series.baseCommit}`;
  return series.tree === null ? null : `it names its tree: --tree ${printable(series.tree)}`;
}

/** Of the files the series expects to find, those the base does not have. */
async function unknownFiles(shop: Workshop, series: Series): Promise<{ names: string[]; of: number }> {
  const made = new Set<string>();
  const needed = new Set<string>();
  for (const { files } of series.patches) {
    for (const { oldPath, newPath } of files) {
      if (oldPath !== null && !made.has(oldPath)) needed.add(oldPath);
      if (newPath !== null && newPath !== oldPath) made.add(newPath);
    }
  }
  const list = await git(at(shop.tree.gitDir), [
    'ls-tree',
    '-z',
    '--name-only',
    shop.tree.commit,
    '--',
    ...needed,
  ]);
  const there = new Set(list.split('\0'));
  return { names: [...needed].filter((name) => !there.has(name)), of: needed.size };
}

function doesNotApply(shop: Workshop, series: Series, patch: Patch, why: Why): RespinError {
  return new RespinError({
    code: 'PATCH_DOES_NOT_APPLY',
    blame: 'series',
    message: `${nameOf(patch)} does not apply to ${shop.tree.source}${why.first === null ? '' : `: ${why.first}`}`,
    hint:
      wantedTree(series) ?? 'rebase the series on this tree, or name the tree it was made for with --tree',
    detail: why.detail,
  });
}

function nameOf(patch: Patch | undefined): string {
  return patch === undefined
    ? 'a patch'
    : `patch ${patch.index}/${patch.total} "${printable(patch.subject)}"`;
}

/** git's own words, without its advice on commands that make no sense here. */
function gitSaid(said: string): string {
  return tail(
    said
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^hint:/.test(line))
      .map((line) => printable(line))
      .join('\n'),
    20,
  );
}
