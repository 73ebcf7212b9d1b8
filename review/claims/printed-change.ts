// SPDX-License-Identifier: MIT
/** A printed percentage, and whether it is the one the numbers give. */

export interface PrintedChange {
  /** With its sign, if it has one. */
  value: number;
  /** How many digits are behind its point. */
  decimals: number;
  signed: boolean;
  /** `~18%` */
  rough: boolean;
  /** `12% faster`: what the sign would be is for the reader to know; null without such a word. */
  word: string | null;
}

const PERCENT = /([+−–↑↓-])?\s?(~|≈|about |approx\.? )?\s?(\d{1,9}(?:[.,]\d{1,6})?)\s?%(?:\s?([↑↓]))?/;
const WORD =
  /(?<![\w-])(?:faster|slower|less|lower|more|higher|better|worse|improve(?:d|ment)?|increased?|decreased?|reduc(?:ed|tion)|regression|drop|gain|speed-?up|overhead|of)(?!\w)/i;

/** As `respin perf` prints it in a message and in a table, and other words for the same. */
const NONE =
  /^[\s([,;:–—-]{0,10}(?:(?:no|without) (?:(?:measurable|significant|visible|real) )?(?:change|difference)|unchanged|(?:with)?in (?:the )?noise|~\s*$)/i;

/** The first percentage in a text, or that there is none to be seen: a rough 0. Null where it says neither. */
export function readChange(text: string): PrintedChange | null {
  const head = text.slice(0, 120);
  if (NONE.test(head)) return { value: 0, decimals: 0, signed: false, rough: true, word: null };
  const match = PERCENT.exec(head);
  if (!match) return null;
  const digits = (match[3] ?? '').replace(',', '.');
  const sign = match[1] ?? match[4];
  const value = Number(digits) * (sign !== undefined && '−–-↓'.includes(sign) ? -1 : 1);
  return {
    value: value === 0 ? 0 : value,
    decimals: digits.split('.')[1]?.length ?? 0,
    signed: sign !== undefined,
    rough: match[2] !== undefined || head.slice(0, match.index).includes('~'),
    word: WORD.exec(head)?.[0].toLowerCase() ?? null,
  };
}

/** (after − before) / before, per cent. */
export function changeOf(before: number, after: number): number {
  return ((after - before) / before) * 100;
}

/**
 * Whether the printed percentage is the computed one, rounded or cut at the digits that are printed.
 *
 * Null where it depends on how it was meant: a word or nothing in place of the sign, a rough value,
 * a plus before a time that has become shorter. There a percentage that fits is right, and one that
 * does not is only not known to be wrong.
 * @param before not zero
 * @param time less is better
 */
export function isRight(
  printed: PrintedChange,
  before: number,
  after: number,
  time: boolean,
): boolean | null {
  const computed = changeOf(before, after);
  const { value, decimals } = printed;
  if (fits(value, computed, decimals)) return contradicts(printed.word, computed, time) ? null : true;
  if (printed.word !== null) {
    const down = /^(?:less|lower|decrease|reduc|drop)/.test(printed.word);
    const better = /^(?:faster|better|improve|speed|gain)/.test(printed.word);
    const turned = fits(-value, computed, decimals) && computed < 0;
    return turned && (down || (better && time)) ? true : null;
  }
  if (printed.rough) return null;
  const turned = fits(-value, computed, decimals);
  if (!printed.signed && turned) return null;
  // `+14%` for 100 us that became 88 us: 12 % less time, 14 % more speed.
  if (time && (turned || (after > 0 && fits(value, changeOf(after, before), decimals)))) return null;
  return false;
}

/** `12% less` when it is 12 % more. */
function contradicts(word: string | null, computed: number, time: boolean): boolean {
  if (word === null || computed === 0) return false;
  const down = /^(?:less|lower|decrease|reduc|drop)/.test(word) ? true : null;
  const up = /^(?:more|higher|increase)/.test(word) ? true : null;
  if (down !== null || up !== null) return down === true && computed > 0;
  const better = /^(?:faster|better|improve|speed|gain)/.test(word);
  const worse = /^(?:slower|worse|regress|overhead)/.test(word);
  if (better) return time === computed > 0;
  return worse ? time !== computed > 0 : false;
}

function fits(printed: number, computed: number, decimals: number): boolean {
  const step = 10 ** -decimals;
  const slack = 1e-9 * Math.max(1, Math.abs(computed));
  if (Math.abs(printed - computed) <= step / 2 + slack) return true;
  if (printed !== 0 && Math.sign(printed) !== Math.sign(computed)) return false;
  const over = Math.abs(computed) - Math.abs(printed);
  return over >= -slack && over < step + slack;
}
