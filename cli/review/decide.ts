// SPDX-License-Identifier: MIT
import { userInfo } from 'node:os';
import path from 'node:path';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { COMMENT_STATES, type Comment, type CommentState, type Review } from '../../core/review.ts';
import { aboutOf, placeDecisions } from '../../review/store/decisions.ts';
import { readReview } from '../../review/store/read-review.ts';
import { changeState } from '../../review/store/state.ts';
import { run } from '../../system/exec.ts';
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
  return await decide(context, ids, state, why);
}

/** `respin review reopen ID…` */
export async function reopen(context: Context, ids: string[]): Promise<ExitCode> {
  return await decide(context, ids, 'open', context.text('why')?.trim() ?? '');
}

async function decide(context: Context, ids: string[], state: CommentState, why: string): Promise<ExitCode> {
  const found = await findComments(context, ids);
  const by = await whoDecides(context);
  for (const { comment } of found) {
    if (comment.state === state && (why === '' || why === comment.decision?.why)) throw nothingNew(comment);
  }
  const date = new Date().toISOString().slice(0, 10);
  for (const folder of new Set(found.map((one) => one.folder))) {
    await changeState(
      folder,
      (all) => {
        const { decisions } = all;
        for (const { comment, review } of found.filter((one) => one.folder === folder)) {
          const key = placeDecisions(review.comments, all).of.get(comment.id)?.key;
          if (key !== undefined) decisions.delete(key);
          // Opened again without a reason: as if nobody had ever closed it.
          if (state === 'open' && why === '') continue;
          const [mail, about] = [comment.messageId, aboutOf(comment)];
          decisions.set(comment.id, { state, by, date, why, mail, about });
        }
      },
      context.signal,
    );
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

/** It is in that state, and saying so again would take its reason away. */
function nothingNew({ id, state, decision }: Comment): RespinError {
  const since = decision === null ? '' : `, by ${printable(decision.by)}, ${printable(decision.date)}`;
  const why = decision === null || decision.why === '' ? '' : `: ${printable(decision.why)}`;
  return new RespinError({
    code: 'NOTHING_TO_CHANGE',
    blame: 'usage',
    message: `${id} is ${state} already${since}${why}`,
    hint: state === 'open' ? 'respin review resolve closes it' : '--why gives it another reason',
  });
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

/** As git would sign it, so that the file says the same as the log. */
async function whoDecides(context: Context): Promise<string> {
  const name = await run('git', ['config', 'user.name'], { cwd: context.cwd, signal: context.signal })
    .then(({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : ''))
    .catch(() => '');
  return name === '' ? userInfo().username : name;
}
