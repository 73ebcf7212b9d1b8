// SPDX-License-Identifier: MIT
/** How much a comment weighs, by what the reviewer says of that in so many words. */
import type { CommentWeight } from '../../core/review.ts';

/** More of a text than anybody writes. */
const LONGEST = 20_000;

const LABEL =
  /^\W{0,3}(?:(?:super|tiny|small|minor|style|one|another|last) )?(?:nits?|nit ?-?pick(?:s|ing)?|minor)\b(?: \w+)?\s?[:;,.–—)-]/i;
const FWIW = /^\W{0,3}fwiw\b/i;
const LIGHT =
  /\b(?:(?:just|only) a (?:tiny |small |minor |style )?nit(?:pick)?\b|\(nit(?:pick)?\)|only if you (?:(?:have|need|want|are going) to )?(?:re-?spin|re-?send|re-?post|send (?:a|another) (?:new |next )?version)|(?:in case|if) you (?:do )?(?:re-?spin|re-?send|send (?:a|another) new version)|feel free to ignore|(?:no|not any|without a) need (?:to|for you to) (?:re-?send|re-?spin|re-?post|send (?:a|another) (?:new )?version)|(?:can|could) (?:also )?be (?:done (?:as|in) )?an? follow-?up\b|not worth (?:a|another) (?:re-?spin|re-?send|new version))/i;

const HEAVY =
  /(?<![\w-])(?:nac?k(?:ed-by)?(?![\w])|you must\b|(?:this|that|it) must\b|must be (?:fixed|addressed|changed|reverted|removed)|(?<!\b(?:if|whether) )(?:this|that|it)(?: is|'s|’s)(?: (?:clearly|definitely|obviously|still))? (?:a|an)(?: (?:real|actual|serious|nasty|clear))? bug\b|(?<!not )(?:a|a real) blocker\b)/i;
/** Of a typo, too: beside a word that makes it light it says nothing. */
const FIX = /\bplease fix\b/i;
/** Only in capitals: a `nack` is also what a protocol sends. */
const NAK = /(?<![\w-])NAC?K(?:ed-by)?(?!\w)/;

/** @param text the reviewer's own words */
export function weightOf(text: string): CommentWeight {
  const words = text.slice(0, LONGEST).replace(/[ \t]+/g, ' ');
  const paragraphs = words.split(/\n\s*\n/).map((one) => one.trim().replaceAll('\n', ' '));
  const folded = paragraphs.join(' ');
  const heavy = HEAVY.exec(folded);
  const isHeavy = heavy !== null && (!/^nac?k/i.test(heavy[0]) || NAK.test(folded));
  const [first = '', ...more] = paragraphs;
  // A nit and a question is a question.
  const labelled =
    (LABEL.test(first) || FWIW.test(first)) && more.every((one) => LABEL.test(one) || !one.includes('?'));
  const isLight = labelled || LIGHT.test(folded);
  if (isLight) return isHeavy ? 'normal' : 'nit';
  return isHeavy || FIX.test(folded) ? 'blocking' : 'normal';
}
