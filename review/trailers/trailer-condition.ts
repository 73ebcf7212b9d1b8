// SPDX-License-Identifier: MIT
/**
 * Whether words around a trailer make it conditional. Three kinds of words do:
 *
 * - hypothetical: `once …`, `if you respin, …`, `assuming …`;
 * - fixed: `With that fixed, …`, `after fixing that, …`. They are no condition when the sentence goes on
 *   to say what is the case now: `With this fixed, I confirm the tests pass`;
 * - except: `Other than that`, `Apart from that nit`, `Otherwise, LGTM`: the remarks above are meant, and the
 *   tag is for the patch without what they are about.
 *
 * When in doubt it is a condition: a person is asked, instead of a tag being carried that nobody gave.
 */

/** A tag by name, or a short form of one. */
export const TAG_NAME = '(?:(?:[a-z]{2,20}-){0,5}(?:reviewed|acked|tested|nacked)-by|[rat]-?b(?!\\w))';

const GRANT = new RegExp(
  [
    `(?<![\\w-])${TAG_NAME}`,
    '\\b(?:acks?|tags?|lgtm|feel free)\\b',
    '\\byou (?:can|may|could) (?:also |still )?(?:add|have|put|take|use|keep|include|carry|stick|apply|consider)\\b',
    "\\b(?:add|take|consider|have|put|keep|include|carry|here(?:'s| is| are)) my\\b",
    '\\blooks? (?:\\w+ )?(?:good|fine|ok|okay|great|sane|correct|reasonable|nice|right)\\b',
    "\\b(?:fine|good|ok|okay) (?:by|with|to|for) me\\b|\\bgood to go\\b|\\bi(?:'m| am) (?:\\w+ )?(?:fine|ok|okay|happy|good)\\b",
  ].join('|'),
  'i',
);

const FIXED =
  '(?:fixed|addressed|changed|corrected|resolved|sorted|removed|added|updated|done|renamed|dropped|adjusted|' +
  'cleaned|cleared|clarified|taken care|improved|re-?phrased|re-?worded|replaced|handled|tweaked|moved|folded|' +
  'squashed|in place|incorporated|amended|solved|split|converted|documented|mentioned|reverted|restored)';
/** What may follow it: `with the typo fixed, …` is a condition, `with the updated message …` is none. */
const THEN =
  "(?=\\s*(?:$|[,.:;)!–—-]|(?:up|out|in|too|also|as|you|feel|here|this|it|its|my|i|i'm|and|or|looks?|lgtm|please|for|by|" +
  'accordingly|to|before|of|properly|above|below|everything|all|then|add|have|take|from|inline|when|while|on|\\w+-by|[rat]-?b)\\b))';
const FIXING =
  '(?:fixing|addressing|changing|correcting|resolving|sorting|removing|adding|updating|renaming|dropping|' +
  "adjusting|cleaning|clarifying|rephrasing|rewording|replacing|handling|moving|folding|squashing|splitting|you(?:'ve| have)? \\w+)";
const THING =
  '(?:nits?|typos?|comments?|changes?|fix(?:es)?|tweaks?|suggestions?|remarks?|issues?|concerns?|nitpicks?|cleanups?)';
const CLAUSE = '(?:^|[,;.:(–—-]\\s*|\\b(?:and|but|so|then|thanks|lgtm|me)\\s+)';

const WITH = new RegExp(
  [
    `\\b(?:with|given|having|after)\\s(?:[^,;:]{0,80}?\\b)?${FIXED}\\b${THEN}`,
    `\\bafter ${FIXING}\\b(?! (?:my|our)\\b)`,
    `${CLAUSE}(?:with|after) (?:that|this|those|these|it|the above)(?:\\s*(?:$|[,:;.–—)-])|,? (?:you can|you may|feel free|please|here|my|i)\\b)`,
    `${CLAUSE}with (?:that|this|these|those|the|your|my|such an?|a|an) (?:[\\w']+ ){0,3}${THING}\\b`,
    `\\bwith the (?:[\\w']+ ){0,3}${THING} (?:above|below|suggested|requested|proposed|mentioned)\\b`,
    `${CLAUSE}(?:when|as soon as|once) ${FIXED}\\b`,
  ].join('|'),
  'i',
);

const EXCEPT = new RegExp(
  [
    '\\b(?:other than|apart from|aside from|besides|except|except for|beyond|with the exception of|barring|bar|minus)' +
      " (?!(?:the )?patch(?:es)?\\b)(?:that|this|these|those|the|it|which|my|what|a|an|one|two|some|few|minor|\\w+ing|\\w+'s)\\b",
    `${CLAUSE}otherwise\\b|\\botherwise,? (?:it |this |the \\w+ )?(?:looks?|lgtm|good|fine|ok|okay|i|feel)\\b`,
    `\\b(?:that|those|these|this|${THING}) aside\\b`,
  ].join('|'),
  'i',
);

const NOW_IF =
  '(?<!\\b(?:wonder|wondering|wondered|sure|see|check|checked|checking|know|ask|asked|asking|even|as|tell|matter|remember|understand|test|tested|verify|verified|be nice|be great|be good|be better|be helpful|appreciate|appreciate it) )if\\b';
const HYPOTHETICAL = new RegExp(
  [
    NOW_IF,
    "^(?:and |but )?then(?:[,: ]*$|,? (?:you (?:can|may)|feel free|please|here|it's|it is|this is|lgtm)\\b)",
    "\\bonce (?:that|this|these|those|it|the|they|there|you|we|all|my|some|a|an|it's|that's|again fixed)\\b",
    '\\b(?:unless|until|assuming|modulo|contingent|conditional|conditionally|subject to|in case|as soon as|as long as|so long as|on (?:the )?condition)\\b',
    '(?<!\\b(?:you|i|we|they|was|were|is|are|be|have|has|as) )\\b(?:provided|providing)(?: that)? (?:that|this|the|you|it|these|those|all|we|they|there|my|no)\\b',
    '\\bpending (?:that|this|the|those|these|a|an|some|my|your|review|test|testing)\\b',
    '\\bshould you\\b|\\bin the next (?:version|revision|spin|respin|iteration|round|posting)\\b',
    `\\bwhen (?:re-?spinning|re-?sending|re-?posting|applying|you\\b|(?:that|this|it|these|those|the \\w+) (?:is|are|gets?) )`,
    `\\bbefore (?:i (?:can )?(?:give|add|offer|send)|applying|merging|sending|you)\\b`,
  ].join('|'),
  'i',
);

/** What is the case now, and not what has to be done first. */
const FACT = new RegExp(
  [
    "\\b(?:i|we|i've|i'm|we've) (?:(?:can|do|have|also|just|now|re|was able to|am) ){0,3}(?:confirm|confirmed|verified|tested|re-?tested|checked|ran|re-?ran|see no|saw no|no longer|reproduced|built|booted|happy that)\\b",
    '\\b(?:tests?|test suite|suite|selftests?|it|this|everything|all|guests?|hosts?|kernel|series|patch|they|machine|board) (?:(?:now|all|still|just|also|both) ){0,2}(?:pass|passes|passed|works?|worked|boots?|booted|builds|compiles)\\b',
    '\\b(?:works|passes|worked|passed) (?:for me|here|fine|now|well|as)\\b',
    '\\b(?:is|are) gone\\b|\\bgo(?:es)? away\\b|\\bwent away\\b|\\bno longer\\b|\\bin this version\\b',
    `\\bnow (?:${FIXED}|works?|passes|looks?)\\b|\\b(?:works?|passes|good|fine|ok|okay|clear|better)(?: to me)? now\\b`,
    '(?:^|[.,;:] )(?:re-?|build-|boot-|compile-)?(?:tested|verified|checked|built|booted|ran)\\b',
    '\\bthank(?:s| you)(?: \\w+)? for (?:fixing|addressing|updating|changing|taking care|clarifying|the (?:\\w+ )?(?:update|fix|fixes|respin|changes|version|explanation|clarification))\\b',
  ].join('|'),
  'i',
);

const UNCONDITIONAL =
  /\b(?:either way|regardless|in any case|with or without|whether or not|no matter|not a (?:blocker|show-?stopper)|feel free to ignore|up to you|your call|optional|no need to (?:re-?spin|re-?send|re-?post|send)|not worth (?:a )?re-?(?:spin|send|post)(?:ning|ing)?)\b/i;

/** Modesty, not a condition. */
const POLITE =
  /\b(?:if|in case) (?:it(?:'s| is| isn't| is not)?|that(?:'s| is)?|this(?: is)?|you|not|needed|necessary|anyone|anybody|still)\s?(?:helps?|matters?|need|want|like|wish|prefer|needed|necessary|useful|of use|of any use|worth anything|counts?|too late|not too late|possible|cares?)\b|\bif (?:needed|necessary|possible|any)\b|\bif i(?:'m| am)? (?:not mistaken|understand|understood|read|remember|recall|see)\b/gi;

/** Whether it speaks of a tag, or says that all is well. */
export function grants(sentence: string): boolean {
  return GRANT.test(sentence);
}

/** Whether what a sentence grants is under a condition. A question is none. */
export function isConditional(sentence: string): boolean {
  if (isQuestion(sentence) || UNCONDITIONAL.test(sentence)) return false;
  const words = sentence.replaceAll(POLITE, ' ');
  if (HYPOTHETICAL.test(words) || EXCEPT.test(words)) return true;
  return WITH.test(words) && !FACT.test(words);
}

/**
 * Whether the sentence right above a trailer leads to it: it ends open (`:`, `,`, or nothing), or speaks of tags.
 * One that ends in a full stop is about something else, unless it is only a condition: `With that fixed.`
 */
export function leadsIn(sentence: string): boolean {
  if (isQuestion(sentence)) return false;
  // Ends in `;` or a brace: a line of code.
  return !/[.!;{})\]]["']?$/.test(sentence) || grants(sentence);
}

const ALL_WELL =
  /^(?:other than|apart from|aside from|besides|except|beyond)\b.*\b(?:fine|good|ok|okay|great|nothing|no (?:more|other|further)|happy|agree|right|correct|nice|sane)\b|\b(?:good|fine|ok|okay)\b.{0,20} (?:except|apart from|other than|aside from)\b/i;

/**
 * A condition without a main clause, to the trailer above or below: `once that is fixed.`; or a sentence that
 * all but the remarks is well.
 */
export function isLooseCondition(sentence: string): boolean {
  // Code, and not words.
  if (/[;{}]$|^(?:if|while|switch) ?\(/.test(sentence)) return false;
  const words = sentence
    .replace(/^[\s(–—-]+/, '')
    .replace(/[)\s]+$/, '')
    .replace(/^(?:but|and|so|of course)\s+/i, '');
  if (ALL_WELL.test(words) && isConditional(words)) return true;
  if (words.split(' ', 13).length > 12 || isQuestion(sentence) || FACT.test(words)) return false;
  const starts =
    /^(?:with|after|once|modulo|assuming|provided|other than|apart from|aside from|except|as soon as)\b/i;
  const small = /^(?:if|when|unless|until|pending|subject to|as long as)\b/;
  if (!starts.test(words) && !small.test(words)) return false;
  if (/, \w|\b(?:i|we|i'll|we'll|please|you (?:can|could|should|may|might|will|need))\b/i.test(words))
    return false;
  return isConditional(words);
}

/** `Thanks!`, `Hi Bobby,`: nothing that a trailer could hang on. */
export function isPleasantry(sentence: string): boolean {
  return (
    sentence.split(' ', 7).length <= 6 &&
    /^(?:thanks|thank you|thx|cheers|hi|hello|hey|dear|best|regards|kind regards|nice|great|good job|good catch|well done)\b/i.test(
      sentence,
    ) &&
    !WITH.test(sentence) &&
    !HYPOTHETICAL.test(sentence)
  );
}

export function isQuestion(sentence: string): boolean {
  return /\?["')\]]{0,2}$/.test(sentence);
}

/** The sentence as it is kept: without the colon, comma, dash or brackets that tie it to the trailer. */
export function plainCondition(sentence: string): string {
  const bare = sentence.replace(/[\s:,;–—-]+$/, '').trim();
  const inner = /^#?\s*\(([^()]*)\)\.?$/.exec(bare)?.[1] ?? bare.replace(/^#\s*/, '');
  return inner.trim();
}
