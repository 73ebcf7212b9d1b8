// SPDX-License-Identifier: MIT
/** The changelog of a version that is about to be sent, as far as it can be told: a person edits it. */
import type { Comment } from '../../core/review.ts';
import { wrapText } from '../../core/table.ts';
import type { Correspondence, VersionPatches } from '../build/version-patches.ts';
import { type DraftEntry, entriesOfComments } from './draft-comments.ts';
import { type Covered, entriesOfPatches } from './draft-patches.ts';
import { archiveLink, realId } from './message-ids.ts';

export interface Draft {
  version: string;
  since: string;
  entries: DraftEntry[];
  /** To the mail of the version before; null when it was never mailed. */
  link: string | null;
  /** What its author should look at before sending it. */
  warnings: string[];
}

export interface DraftInput {
  /** The version that was sent last. */
  before: VersionPatches;
  /** What is about to be sent; null when it is not there yet. */
  after: VersionPatches | null;
  /** What the new version is called. */
  version: string;
  correspondence: Correspondence;
  comments: readonly Comment[];
}

const WIDTH = 72;

export function draftChangelog(input: DraftInput): Draft {
  const { before, after, version, correspondence, comments } = input;
  const sent = before.mails.posting.date.slice(0, 10);
  const about = comments.filter(
    (one) => one.version === before.version || (one.decision !== null && one.decision.date >= sent),
  );
  const addressed = about.filter(({ state }) => state === 'addressed');
  const [first] = before.patches;
  const author = before.cover?.mail.from ?? first?.mail.from ?? { name: '', email: '' };
  const patchOf = (comment: Comment): number | null => patchNow(comment, input);
  const entries = entriesOfComments(addressed, patchOf, author);
  if (after === null) {
    const text = `what else changed since ${before.version}?`;
    entries.push({ text, todo: true, patch: null, credits: [], comments: [] });
  } else {
    const covered = addressed.flatMap((one): Covered[] => {
      const patch = patchOf(one);
      return patch === null ? [] : [{ patch, part: one.anchor.on === 'message' ? 'message' : 'diff' }];
    });
    const pairs = correspondence.pairs(before.version, after.version);
    entries.push(...entriesOfPatches(before, after, pairs, covered));
    if (entries.length === 0) {
      entries.push({ text: 'no changes', todo: false, patch: null, credits: [], comments: [] });
    }
  }
  const head = before.cover ?? first;
  const mailed = head !== undefined && (head.mail.quotedOnly || head.mail.origin.startsWith('mail/'));
  const id = head !== undefined && mailed ? realId(head.mail) : null;
  return {
    ...{ version, since: before.version, entries },
    link: id === null ? null : archiveLink(id),
    warnings: warningsOf(about, addressed, after),
  };
}

/** `Changes in v4:` and a bullet each, to be put below `---` or into the cover letter. */
export function formatDraft({ version, since, entries, link }: Draft, patches: number): string {
  const bullets = entries.map(({ text, todo, patch, credits }) => {
    const where = patch === null || patches < 2 ? '' : `patch ${patch}: `;
    const credit = credits.length === 0 ? '' : ` (${credits.join(', ')})`;
    return `${todo ? 'TODO: ' : ''}${where}${text}${credit}`;
  });
  const wrapped = bullets.flatMap((bullet) =>
    wrapText(bullet, WIDTH - 2).map((line, at) => `${at === 0 ? '- ' : '  '}${line}`),
  );
  // Not wrapped: it is one word that matters.
  const links = link === null ? [] : [`- Link to ${since}: ${link}`];
  return `Changes in ${version}:\n${[...wrapped, ...links].join('\n')}\n`;
}

/** The number of a comment's patch in the new version, or in the last one while there is none. */
function patchNow(comment: Comment, { before, after, correspondence }: DraftInput): number | null {
  const { patch } = comment.anchor;
  if (patch === null || patch === 0) return null;
  const to = after?.version ?? before.version;
  if (comment.version === to) return patch;
  return correspondence.pairOf(patch, comment.version, to)?.after ?? null;
}

function warningsOf(
  about: readonly Comment[],
  addressed: readonly Comment[],
  after: VersionPatches | null,
): string[] {
  const open = about.filter(({ state }) => state === 'open').length;
  const warnings =
    open === 0
      ? []
      : [`${open} ${open === 1 ? 'comment is' : 'comments are'} still open: respin review status lists them`];
  for (const { id, anchor, fate } of after === null ? [] : addressed) {
    const now = fate.find(({ version }) => version === after?.version);
    if (anchor.on !== 'line' || now?.what !== 'unchanged') continue;
    warnings.push(`${id} is addressed, and its line is what it was`);
  }
  return warnings;
}
