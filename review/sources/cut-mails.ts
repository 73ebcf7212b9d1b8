// SPDX-License-Identifier: MIT
/**
 * An mbox that comes in blocks → its mails, with no more of it in memory than the mail that is
 * being gathered. What a From line is, patches/mbox.ts says, and `splitMbox` there does the same
 * to an mbox that is in memory whole, with two differences: the empty line that an mbox puts
 * behind each mail is taken off, and bytes that begin with a header line are one mail, whatever
 * From lines are in it: it may carry patches of git format-patch as they are.
 */
import {
  beginsWithHeader,
  FROM_LINE_NEEDS,
  isFromLine,
  lineEnd,
  type MboxQuoting,
  skipBlank,
  unquoteFrom,
} from '../../patches/mbox.ts';

export interface CutOptions {
  quoting: MboxQuoting;
  /** The largest mail that is kept, in bytes. */
  limit: number;
}

export interface Cut {
  /** 1-based, or null when there is nothing else in the file. 0 for what stands before the first mail. */
  number: number | null;
  /** Null for a mail above the limit, and for what stands before the first. */
  bytes: Uint8Array | null;
}

export interface Cutter {
  /** Takes the next block; gives the mails that are whole now. */
  push(block: Uint8Array): Cut[];
  /** There are no more blocks. */
  end(): Cut[];
}

/**
 * unknown: nothing but empty lines yet. one: a single mail. page: no mail so far, and all of it is
 * one thing unless a From line comes. mbox: a From line has been seen.
 *
 *     unknown ──From line──► mbox ◄──From line── page ◄──anything else── unknown ──header line──► one
 */
type State = 'unknown' | 'one' | 'page' | 'mbox';

const LF = 0x0a;
const CR = 0x0d;
const FROM = '\nFrom ';
const NOTHING = Buffer.alloc(0);

export function makeCutter({ quoting, limit }: CutOptions): Cutter {
  let state: State = 'unknown';
  /** Seen, but not yet known to be of this mail or the next. */
  let rest: Buffer = NOTHING;
  /** The mail being gathered; null once it is above the limit. */
  let parts: Buffer[] | null = [];
  let size = 0;
  let number = 0;

  const gather = (part: Buffer): void => {
    size += part.length;
    if (size > limit) parts = null;
    else if (part.length > 0) parts?.push(part);
  };

  const finish = (last: boolean): Cut[] => {
    const [whole, of, length] = [parts, number, size];
    parts = [];
    size = 0;
    number += 1;
    if (state === 'unknown') return [];
    // No From line at all: it is one thing, as it is.
    if (state !== 'mbox') return [{ number: null, bytes: whole && Buffer.concat(whole) }];
    // A page that turned out to be an mbox: what stood before its first mail.
    if (of === 0) return length === 0 ? [] : [{ number: 0, bytes: null }];
    const shown = of === 1 && last ? null : of;
    if (whole === null) return [{ number: shown, bytes: null }];
    const mail = Buffer.concat(whole);
    return [{ number: shown, bytes: quoting === 'mboxrd' ? unquoteFrom(withoutLastBlank(mail)) : mail }];
  };

  /** Gives the place up to which the window has been dealt with. */
  const begin = (window: Buffer, atEnd: boolean): number => {
    const start = skipBlank(window, 0);
    const left = window.length - start;
    if (left === 0 || (left < FROM_LINE_NEEDS && !atEnd)) return start;
    if (isFromLine(window, start)) {
      state = 'mbox';
      number = 1;
      return lineEnd(window, start);
    }
    state = beginsWithHeader(window.subarray(start)) ? 'one' : 'page';
    return start;
  };

  const take = (window: Buffer, atEnd: boolean): Cut[] => {
    const cuts: Cut[] = [];
    let from = 0;
    if (state === 'unknown') {
      from = begin(window, atEnd);
      if (state === 'unknown') {
        rest = window.subarray(from);
        return cuts;
      }
    }
    let known = atEnd || state === 'one' ? window.length : Math.max(from, window.length - FROM.length + 1);
    let search = state === 'one' ? window.length : from;
    for (;;) {
      const found = window.indexOf(FROM, search, 'latin1');
      if (found < 0) break;
      const line = found + 1;
      if (!atEnd && window.length - line < FROM_LINE_NEEDS) {
        known = found;
        break;
      }
      search = line;
      if (!isFromLine(window, line)) continue;
      gather(window.subarray(from, line));
      state = 'mbox';
      cuts.push(...finish(false));
      from = lineEnd(window, line);
      search = from;
      known = Math.max(known, from);
    }
    gather(window.subarray(from, known));
    rest = window.subarray(known);
    return cuts;
  };

  return {
    push: (block) => {
      const next = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
      return take(rest.length === 0 ? next : Buffer.concat([rest, next]), false);
    },
    end: () => [...take(rest, true), ...finish(true)],
  };
}

function withoutLastBlank(mail: Buffer): Buffer {
  if (mail.at(-1) !== LF) return mail;
  const end = mail.at(-2) === CR ? -2 : -1;
  return mail.at(end - 1) === LF ? mail.subarray(0, end) : mail;
}
