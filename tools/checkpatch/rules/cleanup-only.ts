// SPDX-License-Identifier: MIT
import type { FileDiff, Patch } from '../../../core/series.ts';
import { declarationIn } from '../c-declarations.ts';
import { cLines, oldCLines } from '../c-lines.ts';
import { pathOf, placed } from '../places.ts';
import type { Rule } from '../rule.ts';

const SUBJECT =
  /\bcheckpatch\b|\b(?:xmas|christmas) tree\b|\bwhite ?space\b|\b(?:coding|code) style\b|\bindentation\b|\bcosmetic\b|\b(?:use|to) devm_/i;

export const cleanupOnly: Rule = {
  id: 'cleanup-only',
  kind: 'source',
  severity: 'warning',
  title: 'a series does more than clean up',
  explanation: `"Netdev discourages patches which perform simple clean-ups, which are not in the context of other work":
checkpatch warnings, the order of local variables, conversions to devm_ helpers. They cost reviewers time, and get in the
way of every fix that is to be applied to older kernels. "Conversely, spelling and grammar fixes are not discouraged", so
what changes in comments alone passes, as does a fix, and a clean-up beside patches that do something.

A patch that changes white space alone, or the order of declarations, is known by its diff; others by their subject, and
then it is a note.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#clean-up-patches',
  needs: 'mails',
  profile: 'netdev',
  advice: 'send it together with the work it is for, or leave it',
  check: ({ series }) => {
    const kinds = series.patches.map((patch) => ({ patch, kind: kindOf(patch) }));
    if (kinds.some(({ kind }) => kind === null)) return [];
    return kinds.map(({ patch, kind }) => ({
      place: placed('subject', patch.index),
      quote: patch.subject,
      text: kind?.text ?? '',
      severity: kind?.severity ?? 'note',
    }));
  },
};

function kindOf(patch: Patch): { text: string; severity: 'warning' | 'note' } | null {
  const { files, subject, body } = patch;
  if (/^Fixes:/m.test(body) || files.length === 0) return null;
  if (files.every((file) => onlyLines(file) && sameButSpace(file))) {
    return { text: 'the patch changes white space alone', severity: 'warning' };
  }
  if (files.every((file) => onlyLines(file) && onlyReordered(file))) {
    return { text: 'the patch changes the order of declarations alone', severity: 'warning' };
  }
  if (SUBJECT.test(subject)) return { text: 'the subject speaks of a clean-up', severity: 'note' };
  return null;
}

/** No other change than that of lines, and in a language in which white space says nothing. */
function onlyLines(file: FileDiff): boolean {
  return file.change === 'modified' && !file.binary && file.hunks.length > 0 && /\.[chS]$/.test(pathOf(file));
}

function sameButSpace({ hunks }: FileDiff): boolean {
  return hunks.every(({ lines }) => {
    const side = (kind: string): string =>
      lines
        .filter((line) => line.kind !== kind)
        .map(({ text }) => text.replaceAll(/\s/g, ''))
        .join('');
    return side('add') === side('del');
  });
}

function onlyReordered({ hunks }: FileDiff): boolean {
  return hunks.every((hunk) => {
    const removed = oldCLines(hunk).filter(({ line }) => line.kind === 'del');
    const added = cLines(hunk).filter(({ line }) => line.kind === 'add');
    const sorted = (lines: typeof added): string =>
      lines
        .map(({ line }) => line.text.trim())
        .sort()
        .join('\n');
    return sorted(removed) === sorted(added) && added.every((one) => declarationIn(one) !== null);
  });
}
