// SPDX-License-Identifier: MIT
/** What of the patches is not what it was → what a changelog says of it, or asks its author to say. */
import { printable } from '../../core/escape.ts';
import { trailersOfMessage } from '../../patches/trailer-message.ts';
import type { VersionPatch, VersionPatches } from '../build/version-patches.ts';
import { pathOf } from '../versions/pair-files.ts';
import type { PatchPair } from '../versions/pair-patches.ts';
import type { DraftEntry } from './draft-comments.ts';

/** What an addressed comment has been about: a change there is spoken for. */
export interface Covered {
  patch: number;
  part: 'message' | 'diff';
}

/**
 * @param pairs of the patches of both, in the order of the later version
 * @param covered by the entries of comments
 */
export function entriesOfPatches(
  before: VersionPatches,
  after: VersionPatches,
  pairs: readonly PatchPair[],
  covered: readonly Covered[],
): DraftEntry[] {
  const spoken = new Set(covered.map(({ patch, part }) => `${patch} ${part}`));
  const entries: DraftEntry[] = [];
  const say = (text: string, patch: number | null, todo = false): void => {
    entries.push({ text, todo, patch, credits: [], comments: [] });
  };
  let collected = false;
  for (const pair of pairs) {
    const old = before.patches.find(({ index }) => index === pair.before);
    const now = after.patches.find(({ index }) => index === pair.after);
    if (old === undefined && now !== undefined) say(`new patch, "${subjectOf(now)}"`, now.index);
    if (old !== undefined && now === undefined) {
      // A version of which not all is there has not dropped what is missing.
      if (after.patches.length < after.mails.posting.total) continue;
      say(`dropped patch ${old.index} of ${before.version}, "${subjectOf(old)}"`, null);
    }
    if (old === undefined || now === undefined || pair.change === 'unchanged') continue;
    if (subjectOf(old) !== subjectOf(now)) say(`retitled, was "${subjectOf(old)}"`, now.index);
    if (pair.change !== 'message' && !spoken.has(`${now.index} diff`)) {
      say(`what changed in ${filesOf(now)}?`, now.index, true);
    }
    if (pair.change === 'diff' || spoken.has(`${now.index} message`)) continue;
    if (wordsOf(old) !== wordsOf(now)) say('what changed in the commit message?', now.index, true);
    else if (tagsOf(old) !== tagsOf(now)) collected = true;
  }
  if (collected) say('trailers collected', null);
  if (isReordered(pairs)) say('patches put in another order', null);
  const [from, to] = [before.mails.posting.baseCommit, after.mails.posting.baseCommit];
  if (from !== null && to !== null && from !== to) say(`rebased on ${to.slice(0, 12)}`, null);
  return entries;
}

function isReordered(pairs: readonly PatchPair[]): boolean {
  const order = pairs.flatMap(({ before, after }) => (before === null || after === null ? [] : [before]));
  return order.some((before, at) => before < (order[at - 1] ?? 0));
}

function subjectOf({ mail }: VersionPatch): string {
  return printable(mail.subject.subject).slice(0, 200);
}

function filesOf({ text }: VersionPatch): string {
  const paths = text.files.map((file) => printable(pathOf(file) ?? '')).filter((one) => one !== '');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more files` : '';
  return paths.length === 0 ? 'the diff' : `${paths.slice(0, 3).join(', ')}${more}`;
}

/** The message without its trailers. */
function wordsOf({ text }: VersionPatch): string {
  const first = trailersOfMessage(text.message.join('\n'))[0]?.line ?? text.message.length + 1;
  return text.message
    .slice(0, first - 1)
    .join('\n')
    .trim();
}

function tagsOf({ text }: VersionPatch): string {
  return trailersOfMessage(text.message.join('\n'))
    .map(({ kind, value }) => `${kind}: ${value}`)
    .join('\n');
}
