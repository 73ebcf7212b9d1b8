// SPDX-License-Identifier: MIT
/** Signs that a mailer has changed a patch that can still be parsed. */
import type { RespinError } from '../core/errors.ts';
import type { FileDiff } from '../core/series.ts';
import { damaged, truncated } from './diff-errors.ts';

/** The error of a format=flowed mail whose patch came out broken. */
export function refuseFlowed(origin: string, what: string): RespinError {
  return damaged(`${origin} was sent as format=flowed, which re-wraps lines: ${what}`);
}

/**
 * @throws RespinError MAIL_DAMAGED when context lines were space-stuffed (format=flowed, RFC 3676
 *   4.4), or when every tab has become spaces
 */
export function checkDamage(files: readonly FileDiff[], flowed: boolean, origin: string): void {
  const context = files.flatMap((file) =>
    file.hunks.flatMap((hunk) => hunk.lines.filter((line) => line.kind === 'context' && line.text !== '')),
  );
  if (flowed && context.length > 0 && context.every((line) => line.text.startsWith(' '))) {
    throw refuseFlowed(origin, 'every line of context has one blank too many');
  }
  if (tabsLost(files)) {
    throw damaged(`${origin}: every tab of the code has become spaces`);
  }
}

/**
 * Kernel C is indented with tabs. Old lines (they come from the tree) that are indented by 8 or
 * more spaces, three at least, none by 2 to 7, and not a tab anywhere: a mailer did that.
 */
function tabsLost(files: readonly FileDiff[]): boolean {
  let wide = 0;
  for (const file of files) {
    if (!/\.[chS]$/.test(file.oldPath ?? '')) continue;
    for (const { kind, text } of file.hunks.flatMap((hunk) => hunk.lines)) {
      if (text.includes('\t')) return false;
      if (kind === 'add') continue;
      const indent = /^ */.exec(text)?.[0].length ?? 0;
      if (indent >= 2 && indent < 8) return false;
      if (indent >= 8) wide++;
    }
  }
  return wide >= 3;
}

/**
 * A mail cut between two hunks parses well. Its own diffstat tells, unless the mail is whole to
 * the signature: then a person has edited the patch, which is theirs to do.
 * @throws RespinError PATCH_TRUNCATED
 */
export function checkDiffstat(files: readonly FileDiff[], notes: string, diff: string, origin: string): void {
  const stat = /^ (\d+) files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?\s*$/m.exec(
    notes,
  );
  if (!stat || /^-- ?\r?$/m.test(diff)) return;
  const lines = files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
  const there = {
    files: files.length,
    added: lines.filter((line) => line.kind === 'add').length,
    deleted: lines.filter((line) => line.kind === 'del').length,
  };
  const said = { files: Number(stat[1]), added: Number(stat[2] ?? 0), deleted: Number(stat[3] ?? 0) };
  if (there.files >= said.files && there.added >= said.added && there.deleted >= said.deleted) return;
  const count = (of: typeof said): string => `${of.files} files, +${of.added} -${of.deleted}`;
  throw truncated(
    `${origin} ends early: its diffstat promises ${count(said)}, it holds ${count(there)} and no signature`,
  );
}
