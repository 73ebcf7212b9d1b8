// SPDX-License-Identifier: MIT
import path from 'node:path';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { COMMENT_STATES, type Comment, type CommentState, type Review } from '../../core/review.ts';
import { decide, expectChange } from '../../review/store/decide.ts';
import { aboutOf } from '../../review/store/decisions.ts';
import { readReview } from '../../review/store/read-review.ts';
import { whoDecides } from '../../system/who-decides.ts';
import type { Context } from '../command.ts';
import { reviewedSeries, seriesFolder } from './which-series.ts';

/** `respin review resolve ID… --as STATE --why …`: all of them, or none. */
export async function resolve(context: Context, ids: string[]): Promise<ExitCode> {
  const word = context.text('as');
  if (word === undefined) {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: 'how is it resolved?',
      hint: `--as ${COMMENT_STATES.filter((one) => one !== 'open').join(', --as ')}`,
    });
  }
  const state = COMMENT_STATES.find((one) => one === word && one !== 'open');
  if (state === undefined) {
    throw new RespinError({
      code: 'BAD_OPTION',
      blame: 'usage',
      message: `--as ${printable(word)}: not known`,
      hint: `it takes ${COMMENT_STATES.filter((one) => one !== 'open').join(', ')}`,
    });
  }
  const why = context.text('why')?.trim() ?? '';
  if (why === '' && state !== 'addressed') {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: `a comment is not ${state} without a reason`,
      hint: `--why "…": it is kept, and shown to who reads the thread`,
    });
  }
  return await decideAll(context, ids, state, why);
}

/** `respin review reopen ID…` */
export async function reopen(context: Context, ids: string[]): Promise<ExitCode> {
  return await decideAll(context, ids, 'open', context.text('why')?.trim() ?? '');
}

async function decideAll(
  context: Context,
  ids: string[],
  state: CommentState,
  why: string,
): Promise<ExitCode> {
  const found = await findComments(context, ids);
  const by = await whoDecides(context.cwd, context.signal);
  // Before any is written: they may be of several series.
  for (const { comment } of found) {
    const { id, decision, state: is } = comment;
    expectChange(id, decision === null ? null : { ...decision, state: is }, state, why);
  }
  for (const [folder, [first, ...more]] of Map.groupBy(found, (one) => one.folder)) {
    if (first === undefined) continue;
    const comments = [first, ...more].map(({ comment }) => comment);
    await decide(folder, first.review, { comments, state, why, by, now: new Date() }, context.signal);
  }
  if (context.json) {
    const comments = found.map(({ comment }) => ({ id: comment.id, before: comment.state }));
    context.printJson({ schema: 'respin.decision/1', state, by, why, comments });
    return 0;
  }
  for (const { comment } of found) {
    context.stdout.write(`${comment.id}  ${comment.state} → ${state}  ${printable(aboutOf(comment))}\n`);
  }
  return 0;
}

interface FoundComment {
  folder: string;
  review: Review;
  comment: Comment;
}

/**
 * The comment with this id, or the only one whose id begins so, in whichever series it is.
 * @throws RespinError COMMENT_UNKNOWN (usage)
 */
export async function findComment(context: Context, id: string): Promise<FoundComment> {
  const [found] = await findComments(context, [id]);
  return found as FoundComment;
}

/** The same for several; one that is named twice is there once. */
async function findComments(context: Context, ids: readonly string[]): Promise<FoundComment[]> {
  const { patches } = (await context.settings()).settings;
  const named = context.text('series') !== undefined;
  const names = named ? [] : reviewedSeries(patches);
  const folders =
    names.length > 0 ? names.map((name) => path.join(patches, name)) : [await seriesFolder(context)];
  const all: FoundComment[] = [];
  for (const folder of folders) {
    const review = await readReview(folder);
    for (const comment of review.comments) all.push({ folder, review, comment });
  }
  return [...new Set(ids.map((id) => chosen(all, id)))];
}

function chosen(all: readonly FoundComment[], id: string): FoundComment {
  const found = id === '' ? [] : all.filter(({ comment }) => comment.id.startsWith(id));
  const exact = found.find(({ comment }) => comment.id === id);
  const [first] = found;
  if (exact !== undefined) return exact;
  if (first !== undefined && found.length === 1) return first;
  throw new RespinError({
    code: 'COMMENT_UNKNOWN',
    blame: 'usage',
    message:
      first === undefined
        ? `there is no comment ${printable(id)}`
        : `${printable(id)} is the beginning of ${found.length} ids: ${found
            .slice(0, 6)
            .map(({ comment }) => comment.id)
            .join(', ')}${found.length > 6 ? ', …' : ''}`,
    hint: 'respin review status lists those that are open, respin review show all of them',
  });
}
