// SPDX-License-Identifier: MIT
/** The trailers of a patch, for the rules that are about them. */
import type { Place } from '../../core/check.ts';
import type { Patch, Person } from '../../core/series.ts';
import type { MailFacts } from '../../patches/mail-facts.ts';
import { type MessageTrailer, trailersOfMessage } from '../../patches/trailer-message.ts';
import { samePerson } from '../../patches/trailer-person.ts';
import { placed } from './places.ts';

export interface PatchTrailer extends MessageTrailer {
  /** Its first line as it stands there. */
  written: string;
}

/** No honest patch has more; rules hold trailers against each other. */
export const MOST_TRAILERS = 300;

export function trailersOf({ body }: Patch): PatchTrailer[] {
  const lines = body.split('\n');
  return trailersOfMessage(body)
    .slice(0, MOST_TRAILERS)
    .map((one) => ({ ...one, written: lines[one.line - 1] ?? '' }));
}

/** Where a finding about a trailer stands. */
export function atTrailer(
  { index }: Patch,
  { line, written }: Pick<PatchTrailer, 'line' | 'written'>,
): { place: Place; quote: string } {
  return { place: placed('message', index, line), quote: written };
}

/** Name or address is the same. */
export function isSame(one: Person, other: Person): boolean {
  return samePerson(one, other) !== 'no';
}

export function nameOf({ name, email }: Person): string {
  return name === '' ? email : name;
}

/** An AI assistant: nobody reads its address, and it cannot sign off. */
export function isTool({ email }: Person): boolean {
  return /^no-?reply@|\+copilot@|^cursoragent@/i.test(email);
}

/** A patch that somebody was sent: format-patch writes neither To nor Cc by itself. */
export function isMailed({ to, cc }: MailFacts): boolean {
  return to.length + cc.length > 0;
}
