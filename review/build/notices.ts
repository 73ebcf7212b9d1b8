// SPDX-License-Identifier: MIT
/** Who says what became of a version: applied, queued, changes requested. */
import type { Applied, PatchworkState, ReviewVersion } from '../../core/review.ts';
import { samePerson } from '../../patches/trailer-person.ts';
import type { SeriesComments } from '../anchors/read-comments.ts';
import type { ReadMail } from '../anchors/read-reply.ts';
import { readApplied, readBotCommand } from '../claims/notice.ts';

/** Sets `applied` and `patchwork` of the versions. */
export function giveNotices(
  versions: readonly ReviewVersion[],
  { thread, positionOfReply }: Pick<SeriesComments, 'thread' | 'positionOfReply'>,
): void {
  const reads = [...thread.read.values()]
    .filter(({ mail }) => mail.role === 'reply' || mail.role === 'other')
    .sort((a, b) => (a.mail.date < b.mail.date ? -1 : a.mail.date > b.mail.date ? 1 : 0));
  for (const read of reads) {
    const position = positionOfReply(read.mail);
    const version = versions.find((one) => one.version === position?.version);
    if (position === null || version === undefined) continue;
    // The author applies what was suggested to him.
    const isOwn = samePerson(read.mail.from, version.author) !== 'no';
    const applied = isOwn ? null : appliedIn(read, version, position.patch);
    if (applied !== null) version.applied = joined(version.applied, applied, version.total);
    version.patchwork = stateIn(read) ?? version.patchwork;
  }
  for (const version of versions) if (version.applied !== null) version.patchwork = null;
}

function wordsOf({ blocks }: ReadMail): string {
  return blocks.map(({ lines }) => lines.join('\n')).join('\n\n');
}

/** @param answered the patch the mail answers, 0 for the cover letter */
function appliedIn(read: ReadMail, { total }: ReviewVersion, answered: number): Applied | null {
  const { mail } = read;
  const words = readApplied(wordsOf(read));
  if (words === null) return null;
  const isWhole = words.patches === 'whole' || (words.patches === null && (answered === 0 || total < 2));
  const patches = isWhole || words.patches === 'whole' ? null : unlessAll(words.patches ?? [answered], total);
  if (patches?.length === 0) return null;
  return {
    ...{ how: words.how, tree: words.tree, by: words.by ?? (mail.from.name || mail.from.email) },
    ...{ date: mail.date, messageId: mail.messageId, patches },
    commits: words.commits.filter(({ patch }) => patch <= total),
  };
}

function unlessAll(patches: readonly number[], total: number): number[] | null {
  const some = [...new Set(patches)].filter((one) => one >= 1 && one <= total).sort((a, b) => a - b);
  return some.length === total ? null : some;
}

/** A maintainer says so, and so does the bot; or patch by patch. The first is when it was. */
function joined(first: Applied | null, next: Applied, total: number): Applied {
  if (first === null) return next;
  // What was queued is applied in the end.
  const base = first.how === 'queued' && next.how === 'applied' ? next : first;
  const known = new Set(first.commits.map(({ patch }) => patch));
  const patches = [first.patches, next.patches];
  return {
    ...base,
    tree: base.tree ?? first.tree ?? next.tree,
    patches: patches.includes(null)
      ? null
      : unlessAll(
          patches.flatMap((one) => one ?? []),
          total,
        ),
    commits: [...first.commits, ...next.commits.filter(({ patch }) => !known.has(patch))].sort(
      (a, b) => a.patch - b.patch,
    ),
  };
}

function stateIn(read: ReadMail): PatchworkState | null {
  const state = readBotCommand(wordsOf(read));
  const { from, date, messageId } = read.mail;
  return state === null ? null : { state, by: from.name || from.email, date, messageId };
}
