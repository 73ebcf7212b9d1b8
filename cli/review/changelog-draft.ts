// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { readGitRange } from '../../patches/git-range.ts';
import type { VersionPatches } from '../../review/build/version-patches.ts';
import { isMadeUp, type ReviewMail, readReviewMail } from '../../review/mails/mail.ts';
import { draftChangelog, formatDraft } from '../../review/out/draft-changelog.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { seriesFolder } from './which-series.ts';

/** `respin review changelog --draft [--range A..B]` */
export async function changelogDraft(context: Context): Promise<ExitCode> {
  if (!context.flag('draft')) {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: '--range is for review changelog --draft',
      hint: 'respin review changelog --draft --range A..B',
    });
  }
  const folder = await seriesFolder(context);
  const range = context.text('range');
  const known = await readWholeReview(folder);
  const before = lastSent(known.versions, range !== undefined);
  const newest = known.versions.at(-1);
  if (before === undefined || newest === undefined) throw noVersion();
  const fresh = `v${newest.mails.posting.number + 1}`;
  const built =
    range === undefined
      ? known
      : await readWholeReview(folder, { more: await mailsOf(context, range, fresh) });
  const { versions, correspondence, review } = built;
  const last = versions.at(-1);
  const after = last === undefined || last.version === before.version ? null : last;
  // Of what a range holds the number is not known: it is what comes behind the version sent last.
  const next = `v${before.mails.posting.number + 1}`;
  const version = range === undefined ? (after?.version ?? next) : next;
  const draft = draftChangelog({ before, after, version, correspondence, comments: review.comments });
  const text = formatDraft(draft, (after ?? before).patches.length);
  if (context.json) {
    context.printJson({ schema: 'respin.changelog-draft/1', ...draft, text });
    return 0;
  }
  for (const one of draft.warnings) context.warn(one);
  context.stdout.write(text);
  return 0;
}

/** A version in `vN/`, or of commits, that has no mails is yet to be sent; when none has any, the newest is. */
function lastSent(versions: readonly VersionPatches[], range: boolean): VersionPatches | undefined {
  const sent = versions.findLast(({ cover, patches }) =>
    [cover, ...patches].some(
      (one) => one?.mail.quotedOnly || (one?.mail.origin.startsWith('mail/') && !isMadeUp(one.mail)),
    ),
  );
  if (sent !== undefined) return sent;
  return range || versions.length < 2 ? versions.at(-1) : versions.at(-2);
}

async function mailsOf(context: Context, range: string, version: string): Promise<ReviewMail[]> {
  const { mails, baseCommit } = await readGitRange(context.cwd, range, { signal: context.signal });
  const read: ReviewMail[] = [];
  for (const [at, bytes] of mails.entries()) {
    const mail = await readReviewMail(bytes, `${range}, patch ${at + 1}`);
    // As git format-patch --base would say it.
    if (at === 0) mail.lines.push(`base-commit: ${baseCommit}`);
    const answers = read.slice(0, 1).map(({ messageId }) => messageId);
    read.push({ ...mail, answers, subject: { ...mail.subject, version, isPatch: true } });
  }
  return read;
}

function noVersion(): RespinError {
  return new RespinError({
    code: 'REVIEW_EMPTY',
    blame: 'usage',
    message: 'the series has no version to count changes from',
    hint: 'respin review import SOURCE fetches the mails of a series',
  });
}
