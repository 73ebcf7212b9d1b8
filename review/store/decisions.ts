// SPDX-License-Identifier: MIT
/**
 * Which comment a decision is on. A comment's id is made of its words, and these change when another
 * copy of its mail is used, which a list has put a footer below: then it is told by mail and words.
 */
import type { Comment, OrphanDecision, Review } from '../../core/review.ts';
import { similarLines } from '../anchors/similar-lines.ts';
import type { Decision, ReviewState } from './state.ts';

type Told = Pick<Comment, 'id' | 'messageId' | 'author' | 'anchor' | 'version' | 'text'>;

export interface Placed {
  /** By comment id: the decision, and the id it stands under in review.toml. */
  of: Map<string, { key: string; decision: Decision }>;
  /** Those whose comment is not there. */
  orphans: OrphanDecision[];
}

const SAME_PLACE = 0.1;
/** A footer stands behind the words. */
const BEGINS = 0.9;

export function placeDecisions(comments: readonly Told[], { decisions }: ReviewState): Placed {
  const placed: Placed = { of: new Map(), orphans: [] };
  const ids = new Set(comments.map(({ id }) => id));
  const left = new Map<string, Decision>();
  for (const [key, decision] of decisions) {
    if (ids.has(key)) placed.of.set(key, { key, decision });
    else left.set(key, decision);
  }
  const pairs = [...left].flatMap(([key, decision]) =>
    likely(decision, comments).map(({ id, score }) => ({ key, decision, id, score })),
  );
  for (const { key, decision, id } of pairs.sort((a, b) => b.score - a.score)) {
    if (!left.has(key) || placed.of.has(id)) continue;
    placed.of.set(id, { key, decision });
    left.delete(key);
  }
  placed.orphans = [...left].map(([id, { state, by, date, why, about }]) => ({
    ...{ id, state, by, date, why, about },
  }));
  return placed;
}

/** The review with what people decided. */
export function decided(review: Review, state: ReviewState): Review {
  const { of, orphans } = placeDecisions(review.comments, state);
  const comments = review.comments.map((comment) => {
    const decision = of.get(comment.id)?.decision;
    if (decision === undefined) return comment;
    const { by, date, why } = decision;
    return { ...comment, state: decision.state, decision: { by, date, why } };
  });
  return { ...review, comments, orphans };
}

/** `Stefano Garzarella on drivers/vhost/vsock.c:121 (v8): Here I think we can …` */
export function aboutOf({ author, anchor, version, text }: Told): string {
  const place =
    anchor.file === null ? anchor.on : `${anchor.file}${anchor.line === null ? '' : `:${anchor.line}`}`;
  return `${author.name} on ${place} (${version}): ${text.replace(/\s+/g, ' ').slice(0, 60).toWellFormed()}`;
}

function likely({ mail, about }: Decision, comments: readonly Told[]): { id: string; score: number }[] {
  // As files were written that do not name the mail.
  if (mail === '')
    return comments.flatMap((one) => (aboutOf(one) === about ? [{ id: one.id, score: 1 }] : []));
  const candidates = comments.filter(({ messageId }) => messageId === mail);
  const [place, words] = inTwo(about);
  const parts = candidates.map((one) => inTwo(aboutOf(one)));
  const similar = new Map(
    similarLines(parts.map((one) => one[1]))()(words).map(({ target, similarity }) => [target, similarity]),
  );
  return candidates.flatMap(({ id }, at) => {
    const others = parts[at]?.[1] ?? '';
    const score = others === words ? 1 : begins(words, others) ? BEGINS : similar.get(at);
    return score === undefined ? [] : [{ id, score: score + (parts[at]?.[0] === place ? SAME_PLACE : 0) }];
  });
}

function begins(one: string, other: string): boolean {
  return one !== '' && other !== '' && (one.startsWith(other) || other.startsWith(one));
}

/** Who and where, and the words without blanks. */
function inTwo(about: string): [place: string, words: string] {
  const match = /^(.*? \((?:rfc-)?v[\d.]*\)): (.*)$/s.exec(about);
  return [match?.[1] ?? '', (match?.[2] ?? about).replace(/\s+/g, '')];
}
