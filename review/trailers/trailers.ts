// SPDX-License-Identifier: MIT
/**
 * The trailers people give in replies. A tag is given when it stands in the sender's own words, above the
 * signature, on a line of its own or at the end of a sentence that gives it. What the words around it make of
 * it is told by trailer-condition.ts; which patches it is for by trailer-scope.ts.
 */
import type { Trailer } from '../../core/review.ts';
import type { Person } from '../../core/series.ts';
import { samePerson } from '../../patches/trailer-person.ts';
import { approvalsOf } from '../../patches/trailer-value.ts';
import * as conditions from './trailer-condition.ts';
import type { ReadTrailer } from './trailer-line.ts';
import { isNak, withdrawnKind, withdrawsNext } from './trailer-refusal.ts';
import {
  type ScopeWords,
  scopeOf,
  scopeOfNote,
  scopeOfReading,
  scopeOfSentence,
  scopeOfWithdrawal,
} from './trailer-scope.ts';
import { type Passage, passagesOf } from './trailer-words.ts';

export interface TrailerMail {
  from: Person;
  messageId: string;
  /** The version it answers. */
  version: string;
  /** The patch it answers, 1-based; 0 for the cover letter; null when it is not known. */
  patch: number | null;
  /** How many patches that version has; null when it is not known. */
  total?: number | null;
  /** Blocks of own lines, top to bottom: no quoted lines, nothing below the signature. */
  own: readonly (readonly string[])[];
}

/** More than any honest mail gives. */
const MOST = 200;

/**
 * What a person's own words of one mail give: approvals (Reviewed-by, Acked-by, Tested-by and their
 * combinations), Nacked-by, and withdrawals (state `withdrawn`, with the sentence as `why`; kind `tag` when
 * it names none), which settleTrailers holds against earlier mails. Other kinds are no answer to a patch.
 * `scope` is an empty list when it could not be told which patches are meant.
 */
export function trailersOf(mail: TrailerMail): Trailer[] {
  const found: Trailer[] = [];
  let pending: string | null = null;
  for (const passages of passagesOf(mail.own, mail.from)) {
    for (const [at, passage] of passages.entries()) {
      found.push(...refusals(mail, passage));
      const after = sentenceAfter(passages, at);
      for (const trailer of passage.trailers.slice(0, MOST))
        found.push(toTrailer(mail, trailer, passage, after, pending));
      if (passage.trailers.length > 0) pending = null;
      else pending = passage.sentences.find(isPending) ?? pending;
      if (found.length > MOST) return distinct(found).slice(0, MOST);
    }
  }
  return distinct(found);
}

/** `you can add my R-b once …` with no trailer below it: the trailer may come further down. */
function isPending(sentence: string): boolean {
  return (
    /\b(?:you (?:can|may|could)|feel free|(?:add|have|take|keep|put) my)\b/i.test(sentence) &&
    conditions.grants(sentence) &&
    conditions.isConditional(sentence)
  );
}

/** The first sentence below the trailers, unless it leads to the next ones. */
function sentenceAfter(passages: readonly Passage[], at: number): string | null {
  const next = passages[at + 1];
  const first = next?.sentences[0];
  if (next === undefined || first === undefined || /[:,]$/.test(first)) return null;
  return next.trailers.length > 0 && next.sentences.length === 1 ? null : first;
}

function toTrailer(
  mail: TrailerMail,
  read: ReadTrailer,
  passage: Passage,
  after: string | null,
  pending: string | null,
): Trailer {
  const { kind, person, note } = read;
  const above = passage.sentences.filter((one) => !conditions.isPleasantry(one));
  const last = above.at(-1) ?? null;
  const condition = conditionOf(above, read, after) ?? pending;
  const who = samePerson(person, mail.from);
  const taken = last !== null && withdrawsNext(last);
  const state =
    who === 'no' ? 'mismatched' : taken ? 'withdrawn' : condition !== null ? 'conditional' : 'given';
  return {
    kind,
    name: person.name === '' && who === 'same' ? mail.from.name : person.name,
    email: person.email,
    state,
    condition: condition === null || taken ? null : conditions.plainCondition(condition),
    scope: scopeOf(scopeWords(read, above, after, (mail.patch ?? 0) > 0), mail.patch, mail.total ?? null),
    note,
    version: mail.version,
    messageId: mail.messageId,
    why: taken && who !== 'no' ? last : whyOf(who, mail.from, [note, ...above, after]),
  };
}

function conditionOf(above: readonly string[], read: ReadTrailer, after: string | null): string | null {
  const last = above.at(-1);
  if (last !== undefined) {
    const leads = read.lead !== '' || conditions.leadsIn(last);
    if (leads ? conditions.isConditional(last) : conditions.isLooseCondition(last)) return last;
  }
  if (read.note !== null && conditions.isConditional(read.note)) return read.note;
  const earlier = above
    .slice(-9, -1)
    .findLast((one) => conditions.grants(one) && conditions.isConditional(one) && !isPromise(one));
  if (earlier !== undefined) return earlier;
  return after !== null && conditions.isLooseCondition(after) ? after : null;
}

/** `I'll give my R-b once …`: it is given now. */
function isPromise(sentence: string): boolean {
  return /\bi(?:'ll| will) (?:\w+ )?(?:give|add|send|offer|provide)\b/i.test(sentence);
}

function scopeWords(
  read: ReadTrailer,
  above: readonly string[],
  after: string | null,
  onePatch: boolean,
): ScopeWords | null {
  const last = above.at(-1) ?? null;
  const noted = read.note === null ? null : scopeOfNote(read.note);
  if (noted) return noted;
  const leads = last !== null && (read.lead !== '' || conditions.leadsIn(last));
  const led =
    (leads ? scopeOfSentence(last) : null) ??
    (onePatch
      ? null
      : (above
          .slice(-9)
          .map(scopeOfReading)
          .find((one) => one !== null) ?? null));
  if (led || after === null) return led;
  const words = after.replace(/^[\s(–—-]+/, '').replace(/[).!\s]+$/, '');
  const short = words.split(' ', 9).length <= 8 && !/\b(?:i|we|you|please)\b/i.test(words);
  return short && /^(?:for|and|also|the same|same|applies)\b/i.test(words) ? scopeOfSentence(words) : null;
}

function whyOf(who: ReturnType<typeof samePerson>, from: Person, words: (string | null)[]): string | null {
  if (who === 'same') return null;
  const behalf = words.find((one) => one !== null && /\bon behalf of\b/i.test(one));
  if (who === 'no' && behalf) return `given for somebody else: ${behalf}`;
  const name = from.name === '' ? '' : `${from.name} `;
  return who === 'no' ? `the mail is from ${name}<${from.email}>` : `sent from <${from.email}>`;
}

/** NAKs and withdrawals in the sentences of a passage. */
function refusals(mail: TrailerMail, passage: Passage): Trailer[] {
  const found: Trailer[] = [];
  const lead = passage.trailers.length > 0 ? passage.sentences.at(-1) : undefined;
  const base = {
    ...mail.from,
    condition: null,
    note: null,
    version: mail.version,
    messageId: mail.messageId,
  };
  const named = passage.trailers.some((one) => approvalsOf(one.kind).includes('nacked'));
  for (const sentence of passage.sentences) {
    const kind = sentence === lead && withdrawsNext(sentence) ? null : withdrawnKind(sentence);
    if (kind !== null) {
      const scope = scopeOf(scopeOfWithdrawal(sentence), mail.patch, mail.total ?? null);
      found.push({ ...base, kind, state: 'withdrawn', scope, why: sentence });
    } else if (!named && isNak(sentence)) {
      const words = scopeOfWithdrawal(sentence.split(/[,;:.]/, 1)[0] ?? '');
      const scope = scopeOf(words, mail.patch, mail.total ?? null);
      found.push({ ...base, kind: 'Nacked-by', state: 'given', scope, why: null });
    }
  }
  return found;
}

function distinct(trailers: readonly Trailer[]): Trailer[] {
  const byText = new Map<string, Trailer>();
  for (const one of trailers) {
    const key = JSON.stringify([one.kind, one.name, one.email, one.state, one.scope, one.note]);
    if (!byText.has(key)) byText.set(key, one);
  }
  return [...byText.values()];
}
