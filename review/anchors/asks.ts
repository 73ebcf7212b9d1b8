// SPDX-License-Identifier: MIT
/** Whether somebody's words want something of the author. When in doubt they do. */

import { withoutCommits } from '../claims/notice.ts';
import { grants, isLooseCondition, isPleasantry, isQuestion } from '../trailers/trailer-condition.ts';
import { sentencesOf } from '../trailers/trailer-sentences.ts';

/** More is never only praise. */
const SHORT = 200;

/** Words that praise is made of. One that is not among them, and it may be a remark. */
const PRAISE = new Set(
  (
    'this the it all that patch patches patchset series otherwise other than overall rest both now still and with ' +
    'look looks is are seem seems very much really so great good nice nicely fine ok okay sane reasonable correct ' +
    'clean better to me for from my side by work catch job lgtm thank thanks you thx cheers a lot your fix fixes ' +
    'fixing update change changes doing working on yes agreed ack acked +1 applied queued merged net net-next in'
  ).split(' '),
);

const APPLIED =
  /^(?:(?:i(?:'ve| have)?|we(?:'ve| have)?|(?:this|the) (?:series|patch(?:es)?)(?: was| were| is| are| has been| have been)?) )?(?:now |just |all )?(?:applied|queued|merged|picked(?: up)?|pushed)\b/i;

/** Senders whose mails are notices, never remarks. */
const NOTICE_BOTS = /^(?:patchwork-bot|bot\+bpf-ci|notify@)/i;

/**
 * @param text the words, trailers and what is said to a bot left out
 * @param hasTrailers whether a trailer stands with them: what only leads to it is not said of the patch
 */
export function asks(text: string, sender: string, hasTrailers = false): boolean {
  if (NOTICE_BOTS.test(sender)) return false;
  const words = withoutCommits(text).replace(/\s+/g, ' ').trim();
  if (words === '') return false;
  if (hasTrailers && words.length <= SHORT && onlyLeads(text)) return false;
  if (words.length > SHORT || /[?]/.test(words)) return true;
  if (APPLIED.test(words)) return /\b(?:but|except|please|however|can you|could you|without)\b/i.test(words);
  const bare = words
    .toLowerCase()
    .split(/[^\p{L}\p{N}+'-]+/u)
    .filter((word) => word !== '');
  return bare.length === 0 || !bare.every((word) => PRAISE.has(word));
}

/** `With that fixed, you can add my`, `For the series:`, `Fine by me now.` */
function onlyLeads(text: string): boolean {
  const sentences = text.split(/\n\s*\n/).flatMap((paragraph) => sentencesOf(paragraph.split('\n')));
  return sentences.every(
    (one) =>
      !isQuestion(one) &&
      (grants(one) || isLooseCondition(one) || isPleasantry(one) || /^(?:for|on) [\w ,-]{2,40}:$/i.test(one)),
  );
}
