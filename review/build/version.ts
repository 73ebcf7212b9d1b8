// SPDX-License-Identifier: MIT
/** One version as a review shows it: patches, files, changelog, claims. */
import type {
  Changelog,
  PerformanceClaim,
  ReviewFile,
  ReviewPatch,
  ReviewVersion,
  TestingClaim,
} from '../../core/review.ts';
import type { FileDiff } from '../../core/series.ts';
import { changelogsOf } from '../claims/changelog.ts';
import { type Diffstat, diffstatErrors, diffstatOf } from '../claims/diffstat.ts';
import { performanceOf } from '../claims/performance.ts';
import { testingOf } from '../claims/testing.ts';
import { pathOf } from '../versions/pair-files.ts';
import type { VersionPatch, VersionPatches } from './version-patches.ts';

/** Without comments and trailers: those are put in when all versions are known. */
export function versionOf(one: VersionPatches): ReviewVersion {
  const { posting } = one.mails;
  const parts = [...(one.cover === null ? [] : [one.cover]), ...one.patches];
  const first = parts[0];
  return {
    version: one.version,
    date: posting.date.slice(0, 10),
    title: posting.title,
    prefixes: first?.mail.subject.prefixes ?? [],
    author: first?.mail.from ?? { name: 'unknown', email: '' },
    baseCommit: posting.baseCommit,
    prerequisites: posting.prerequisites,
    total: posting.total,
    missing: missingOf(one),
    cover:
      one.cover === null
        ? null
        : {
            subject: one.cover.mail.subject.subject,
            messageId: one.cover.mail.messageId,
            origin: originOf(one.cover.mail),
            comments: [],
          },
    patches: one.patches.map(reviewPatch),
    changelog: parts.flatMap((part): Changelog[] =>
      changelogsOf(wordsOf(part), { version: one.version, patch: part.index }),
    ),
    trailers: [],
    performance: parts.flatMap((part): PerformanceClaim[] => performanceOf(wordsOf(part), part.index)),
    tested: parts.flatMap((part): TestingClaim[] => testingOf(wordsOf(part), part.index)),
    applied: null,
    patchwork: null,
  };
}

/** Message and notes, as they follow each other in the mail. */
function wordsOf({ text }: VersionPatch): string {
  return [...text.message, ...(text.notes.length > 0 ? ['---', ...text.notes] : [])].join('\n');
}

function missingOf(one: VersionPatches): string[] {
  const { total } = one.mails.posting;
  const missing: string[] = [];
  for (let index = 1; index <= Math.min(total, 1000); index++) {
    const patch = one.patches.find((there) => there.index === index);
    if (patch === undefined) missing.push(`patch ${index}/${total}`);
    else if (patch.mail.quotedOnly) {
      missing.push(`patch ${index}/${total} itself: only what a reply quotes of it is there`);
    }
  }
  return missing;
}

function reviewPatch({ index, mail, text }: VersionPatch): ReviewPatch {
  const stat = diffstatOf([...text.message, '---', ...text.notes].join('\n'));
  const whole = !mail.quotedOnly && text.cut.size === 0;
  return {
    index,
    subject: mail.subject.subject,
    author: mail.from,
    date: mail.date,
    messageId: mail.quotedOnly ? null : mail.messageId,
    origin: originOf(mail),
    files: filesOf(text.files, stat, text.cut, mail.quotedOnly),
    diffstatErrors: stat !== null && whole ? diffstatErrors(stat, text.files) : [],
    comments: [],
  };
}

function originOf({ quotedOnly, isPage, origin }: VersionPatch['mail']): string | null {
  return !quotedOnly && !isPage && /\.(?:eml|patch)$/.test(origin) ? origin : null;
}

function filesOf(
  files: readonly FileDiff[],
  stat: Diffstat | null,
  cut: ReadonlySet<string>,
  quotedOnly: boolean,
): ReviewFile[] {
  const listed = new Map((stat?.files ?? []).map((file) => [file.path, file.changes]));
  const seen = new Set<string>();
  const known = files.map((file): ReviewFile => {
    const path = pathOf(file) ?? '';
    const lines = file.hunks.flatMap((hunk) => hunk.lines);
    const added = lines.filter(({ kind }) => kind === 'add').length;
    const removed = lines.filter(({ kind }) => kind === 'del').length;
    const changes = listed.get(path) ?? null;
    seen.add(path);
    const partial = cut.has(path) || (quotedOnly && changes !== null && changes !== added + removed);
    return {
      ...{ path, change: file.change, added, removed, changes },
      known: partial ? 'partial' : 'whole',
      hunks: file.hunks.map(({ header }) => ({ header, comments: [] })),
    };
  });
  // Only of a patch that is not there: else the diffstat is wrong, and says so.
  const unseen = quotedOnly ? [...listed].filter(([path]) => !seen.has(path)) : [];
  return [
    ...known,
    ...unseen.map(
      ([path, changes]): ReviewFile => ({
        ...{ path, change: 'modified' as const, added: null, removed: null, changes, known: 'none' as const },
        hunks: [],
      }),
    ),
  ];
}
