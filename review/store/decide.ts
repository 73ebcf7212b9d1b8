// SPDX-License-Identifier: MIT
/** Sets the state of comments, and takes that back. */
import { isDeepStrictEqual } from 'node:util';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Comment, CommentState, Review } from '../../core/review.ts';
import { aboutOf, placeDecisions } from './decisions.ts';
import { changeState, type Decision } from './state.ts';

export interface Deciding {
  /** Of one series. */
  comments: readonly Comment[];
  state: CommentState;
  /** Empty for none; `open` without one is as if nobody had ever decided. */
  why: string;
  by: string;
  now: Date;
}

/** What one decision replaced. */
export interface Decided {
  id: string;
  /** The key it had in review.toml, and what stood there; null: nothing did. */
  before: { key: string; decision: Decision } | null;
  /** What stands there now; null: nothing does. */
  after: Decision | null;
}

/**
 * Writes it into the folder of the series, all or none.
 * @returns what `undecide` needs to take it back
 * @throws RespinError NOTHING_TO_CHANGE (usage), and what reading and writing review.toml throws
 */
export async function decide(
  folder: string,
  review: Review,
  { comments, state, why, by, now }: Deciding,
  signal?: AbortSignal,
): Promise<Decided[]> {
  const date = now.toISOString().slice(0, 10);
  return await changeState(
    folder,
    (all) => {
      // As it is in the file: somebody else may have decided since the review was read.
      const placed = placeDecisions(review.comments, all).of;
      for (const { id } of comments) expectChange(id, placed.get(id)?.decision ?? null, state, why);
      return comments.map((comment): Decided => {
        const before = placed.get(comment.id) ?? null;
        if (before !== null) all.decisions.delete(before.key);
        // Opened again without a reason: as if nobody had ever closed it.
        if (state === 'open' && why === '') return { id: comment.id, before, after: null };
        const after = { state, by, date, why, mail: comment.messageId, about: aboutOf(comment) };
        all.decisions.set(comment.id, after);
        return { id: comment.id, before, after };
      });
    },
    signal,
  );
}

/**
 * Puts back what `decide` has replaced, all or none.
 * @throws RespinError DECIDED_SINCE (usage) when somebody has decided something else meanwhile
 */
export async function undecide(
  folder: string,
  decided: readonly Decided[],
  signal?: AbortSignal,
): Promise<void> {
  await changeState(
    folder,
    ({ decisions }) => {
      for (const { id, after } of decided) {
        if (!isDeepStrictEqual(decisions.get(id) ?? null, after)) throw decidedSince(id);
      }
      for (const { id, before } of decided) {
        decisions.delete(id);
        if (before !== null) decisions.set(before.key, before.decision);
      }
    },
    signal,
  );
}

/**
 * @param is what was decided; null: nothing
 * @throws RespinError NOTHING_TO_CHANGE (usage)
 */
export function expectChange(
  id: string,
  is: Pick<Decision, 'state' | 'by' | 'date' | 'why'> | null,
  state: CommentState,
  why: string,
): void {
  if ((is?.state ?? 'open') !== state || (why !== '' && why !== is?.why)) return;
  // It is in that state, and saying so again would take its reason away.
  const since = is === null ? '' : `, by ${printable(is.by)}, ${printable(is.date)}`;
  const reason = is === null || is.why === '' ? '' : `: ${printable(is.why)}`;
  throw new RespinError({
    code: 'NOTHING_TO_CHANGE',
    blame: 'usage',
    message: `${id} is ${state} already${since}${reason}`,
    hint: state === 'open' ? 'respin review resolve closes it' : '--why gives it another reason',
  });
}

function decidedSince(id: string): RespinError {
  return new RespinError({
    code: 'DECIDED_SINCE',
    blame: 'usage',
    message: `${id} was decided on again since then, and that is not undone`,
    hint: 'respin review comment shows what was decided',
  });
}
