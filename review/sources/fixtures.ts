// SPDX-License-Identifier: MIT
/** For the tests of this folder: mails, and a reading that writes down what happens. */
import type { RawMail, Reading, Skipped } from './reading.ts';

export const FROM_LINE = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

/** A mail of a thread, with a body if one is wanted. */
export function mail(number: number, body = `Looks good to me, number ${number}.\n`): string {
  return `From: Rita Reviewer <rita@example.org>\nMessage-ID: <${number}@example.org>\nSubject: Re: [PATCH] x\n\n${body}`;
}

export function mbox(...mails: string[]): Buffer {
  return Buffer.from(mails.map((one) => `${FROM_LINE}${one}\n`).join(''));
}

export function testReading(more: Partial<Reading> = {}): Reading & { skipped: Skipped[] } {
  const skipped: Skipped[] = [];
  return {
    signal: new AbortController().signal,
    mailLimit: 1 << 20,
    progress: { source: 'x', bytes: 0, total: null, mails: 0 },
    tell: () => {},
    skip: (origin, why) => void skipped.push({ origin, why }),
    skipped,
    ...more,
  };
}

/** Origin and text of each. */
export async function all(mails: AsyncIterable<RawMail>): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { origin, bytes } of mails) found.push([origin, Buffer.from(bytes).toString('latin1')]);
  return found;
}

export async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
