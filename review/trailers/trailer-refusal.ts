// SPDX-License-Identifier: MIT
/** Words that take a tag back (`please drop my Reviewed-by`) or refuse a patch (`NAK`). */

import { ANY_TAG, plainKind } from '../../patches/trailer-value.ts';
import { isQuestion, TAG_NAME } from './trailer-condition.ts';

const MINE = `my (?:\\w+ ){0,2}?(${TAG_NAME}|tags?|acks?|naks?|nacks?)(?![\\w-])`;
const TAKE =
  '(?:drop|dropping|remove|removing|retract|retracting|withdraw|withdrawing|withdrew|revoke|revoking|rescind|' +
  "rescinding|strip|discard|disregard|scratch|take back|taking back|(?:do not|don't|not) (?:add|apply|carry|keep|use|pick up))";
const TAKES = new RegExp(`\\b${TAKE} ${MINE}`, 'i');
const TAKES_BACK = new RegExp(`\\b(?:take|taking|took) ${MINE} back\\b`, 'i');
const PASSIVE = new RegExp(
  `${MINE} (?:tag )?(?:is|are|as|should be|has to be|must be|no longer|does not|doesn't)? ?(?:hereby )?(?:withdrawn|retracted|revoked|dropped|removed|stands?|holds?|applies|apply|valid)\\b`,
  'i',
);
/** Asked not to, or only thought of. */
const NOT_DONE =
  /\b(?:don't|do not|no need to|no reason to|shouldn't|should not|not|never|would|could|might|may|had to|if|once|when|unless|will have to|why|did) (?:(?:you|i|we|have|had|want|need|please|like|to|also|ever|actually) ){0,4}(?:drop|remove|retract|withdraw|revoke|rescind|strip|discard|take|dropp\w+|remov\w+|withdraw\w+)\b/i;
const IF = /\b(?:if|once|unless|in case|should you)\b/i;
const LEAD = new RegExp(`\\b${TAKE}(?: (?:my|this|these|the following))?(?: tags?)?\\W*$`, 'i');

/** The kind a sentence takes back: `Reviewed-by`, or ANY_TAG; null when it takes none back. */
export function withdrawnKind(sentence: string): string | null {
  if (isQuestion(sentence) || IF.test(sentence) || NOT_DONE.test(sentence)) return null;
  const passive = PASSIVE.exec(sentence);
  const stands = passive !== null && /\b(?:stands?|holds?|applies|apply|valid)$/i.test(passive[0]);
  const negated = passive !== null && /\b(?:no longer|does not|doesn't)\b/i.test(passive[0]);
  const found = TAKES.exec(sentence) ?? TAKES_BACK.exec(sentence) ?? (stands && !negated ? null : passive);
  return found ? kindOfWord(found[1] ?? '') : null;
}

/** Whether a sentence takes back the trailers that follow it: `Please drop my`. */
export function withdrawsNext(sentence: string): boolean {
  return LEAD.test(sentence) && !IF.test(sentence) && !NOT_DONE.test(sentence);
}

function kindOfWord(word: string): string {
  const lower = word.toLowerCase();
  if (lower.startsWith('tag')) return ANY_TAG;
  if (lower.startsWith('na')) return 'Nacked-by';
  if (/^acks?$|^a-?b$/.test(lower)) return 'Acked-by';
  if (/^r-?b$/.test(lower)) return 'Reviewed-by';
  return /^t-?b$/.test(lower) ? 'Tested-by' : plainKind(lower);
}

/**
 * Whether a sentence is a NAK. A NAK is also what a bus or a protocol answers: only one that stands by
 * itself or is somebody's own counts.
 */
export function isNak(sentence: string): boolean {
  if (isQuestion(sentence)) return false;
  return (
    /\b(?:that's|that is|this is|it's|consider (?:this|it|that)) (?:still )?(?:an?|my) (?:\w+ )?NAC?K(?:$|[.,!:]| from me\b)/i.test(
      sentence,
    ) ||
    (/^(?:(?:so|then|sorry|again|still|strong|hard|big|a|fat|clear|firm|it's|this is)[,:]? ){0,4}(?:a )?NAC?K(?:ed)?(?:\s?(?:$|[.!,:;–—]|- )| (?:from me|from my side|from here|on this|to this|for this|for now|on the|to the|as (?:is|it is)|until|unless|because|since)\b)/i.test(
      sentence,
    ) &&
      /NAC?K|^Nac?k(?:ed)?\b/.test(sentence)) ||
    /\b(?:I|I'll|I'm|I have to|I must|I will|I am) (?:(?:have to|will|must|still|am|going to|afraid I have to|strongly) ){0,3}(?:NAC?K|nac?k|NAC?King) (?:this|the|that|it|these|patch)\b/.test(
      sentence,
    )
  );
}
