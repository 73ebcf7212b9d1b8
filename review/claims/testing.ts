// SPDX-License-Identifier: MIT
/**
 * Sentences in which an author says that something was tested, or that it was not.
 *
 * What stands in a changelog is not read: it is about the version it was written for.
 */
import type { TestingClaim } from '../../core/review.ts';
import { changelogRanges } from './changelog.ts';
import { endsText, isDiffstat, isTrailer, isUnderline, readBullet } from './changelog-lines.ts';
import { directionsIn } from './directions.ts';

/** A word that says it was done. */
const DONE =
  /(?<![\w-])(?:(?:re-?|boot-?|run-?|smoke-?|stress-?|runtime-?)?tested|verified (?:with|on|using|by|in)|exercised (?:with|by)|(?:re-?)?ran(?= .{0,80}(?:test|uperf|iperf|perf|suite))|pass(?:es|ed|ing)?(?= .{0,80}(?:test|suite|uperf|iperf))|(?:tests?|suites?|selftests?|kselftests?|\w{1,30}_test)(?= .{0,60}(?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|(?:is|are|still) (?:ok|fine|green|happy))(?!\w)))(?!\w)/i;
const LABEL = /^(?:testing|tests?|tested|test results?|tested with|how tested)(?: done)?\s?(?::|$)/i;
const TESTING = /(?<![\w-])testing (?:done|was|has|shows|showed|passed|with|on|in both)(?!\w)/i;
const UNTESTED =
  /(?<![\w-])(?:un-?tested|(?:not|never|no|(?:have|has|was|were|did|is|could|does)n['’]t)(?: been| yet| been yet| really| actually)? (?:boot-|run-|runtime[- ])?test(?:ed|ing)?|(?:only )?(?:compile|build)[- ]?test(?:ed)?)(?!\w)/i;
/** Of the future, or of what somebody else may do. */
const NOT_YET =
  /(?<![\w-])(?:(?:should|must|will|would|can|could|may|might|needs? to|has to|have to|to|not|if|once|when|until) be (?:\w+ )?tested|needs? (?:\w+ )?testing|(?:needs?|please|wants?|want to|let me|going to|try to|how to|should|must|will|could) test|testing (?:is|would be) (?:welcome|appreciated|needed)|to be tested|being tested|(?:the |a )tested)(?!\w)/i;
const NO_TROUBLE =
  '(?:an? |any |new |known |single |further )*(?:regression|failure|error|issue|problem|warning|splat|change)';
const NEGATED = new RegExp(
  "(?<![\\w-])(?:(?:un-?tested|not|never|cannot|(?:ca|did|could|have|has|was|were|is|do)n['’]t|except|excluding|" +
    `(?:compile|build)[- ]?test(?:ed)?)(?!\\w)|(?:no|without) (?!${NO_TROUBLE}))`,
  'i',
);

const PROGRAMS =
  /^(?:vsock_(?:test|perf|diag_test|uring_test)|uperf|iperf\d*|netperf|sockperf|kselftests?|selftests?|sockmap|kunit|ltp|fio|xfstests|fstests|blktests|syzkaller|pktgen|socat|ncat|test_progs|test_maps|\w{1,40}_tests?)$/i;
/** Nobody says it in more. */
const LONGEST = 2000;

/**
 * The claims, in their order. One that says that something was not tested, or only compiled, has its
 * words and no programs or directions; those a sentence excepts are not among its others either.
 */
export function testingOf(text: string, patch: number): TestingClaim[] {
  return sentencesOf(text).flatMap(({ text: sentence, listed }) => {
    if (!isClaim(sentence, listed)) return [];
    const claimed = claimedPart(sentence);
    return [{ text: sentence, programs: programsIn(claimed), directions: directionsIn(claimed), patch }];
  });
}

function isClaim(sentence: string, listed: boolean): boolean {
  if (UNTESTED.test(sentence)) return true;
  if (NOT_YET.test(sentence)) return false;
  // `Test: 64KB` is the head of a measurement.
  const labelled = LABEL.test(sentence) && !/^tests?\s?:\s?\d/i.test(sentence);
  return labelled || listed || DONE.test(sentence) || TESTING.test(sentence);
}

/** A sentence without the clauses that say what was not tested. */
function claimedPart(sentence: string): string {
  let negated = false;
  const parts: string[] = [];
  for (const clause of sentence.split(
    /([,;()]|(?<!\w)(?:but|however|while|although|except|excluding)(?!\w))/i,
  )) {
    const except = /^(?:except|excluding)$/i.test(clause);
    if (except || NEGATED.test(clause)) negated = true;
    else if (negated && (DONE.test(clause) || /^but$/i.test(clause))) negated = false;
    if (!negated) parts.push(clause);
  }
  return parts.join(' ');
}

function programsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [word] of text.matchAll(/[\w.+-]{2,80}/g)) {
    const name = word.replace(/^[.+-]{1,80}/, '').replace(/(?:\.sh)?\.{0,3}$/, '');
    if (PROGRAMS.test(name)) found.add(name);
  }
  return [...found];
}

interface Sentence {
  text: string;
  /** Below `Testing:`. */
  listed: boolean;
}

/** Cut at empty lines, bullets, labels and full stops; without trailers, changelogs, diffstat and diff. */
function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  const lines = text.split('\n');
  const skipped = changelogRanges(text);
  let unit: string[] = [];
  let length = 0;
  let list: 'none' | 'first' | 'bullets' = 'none';
  let listed = false;
  const close = (): void => {
    if (length <= LONGEST && unit.length > 0) {
      for (const one of split(unit.join(' ').split(/\s+/).join(' ').trim()))
        sentences.push({ text: one, listed });
    }
    unit = [];
    length = 0;
  };
  const begin = (words: string): void => {
    close();
    unit = [words];
    length = words.length;
  };
  let skip = 0;
  for (let at = 0; at < lines.length; at++) {
    while ((skipped[skip]?.[1] ?? Number.POSITIVE_INFINITY) <= at) skip++;
    const line = (lines[at] ?? '').trimEnd();
    const words = line.trim();
    if (endsText(line)) break;
    const inChangelog = at >= (skipped[skip]?.[0] ?? Number.POSITIVE_INFINITY);
    if (inChangelog || words === '' || isUnderline(words) || isTrailer(words) || isDiffstat(line)) {
      close();
      if (inChangelog) list = 'none';
      if (words === '' && list === 'bullets') listed = false;
      continue;
    }
    const bullet = readBullet(line);
    if (bullet !== null) {
      listed = list !== 'none';
      if (listed) list = 'bullets';
      begin(bullet.text);
    } else if (/^[A-Z][\w /-]{0,30}:(?:\s|$)/.test(words) || (LABEL.test(words) && unit.length === 0)) {
      listed = false;
      list = LABEL.test(words) && LABEL.exec(words)?.[0] === words ? 'first' : 'none';
      if (list === 'none') begin(words);
      else close();
    } else if (unit.length > 0) {
      length += words.length + 1;
      if (length <= LONGEST) unit.push(words);
    } else {
      // Below `Testing:` the first paragraph counts, below its bullets nothing does.
      listed = list === 'first';
      list = 'none';
      begin(words);
    }
  }
  close();
  return sentences;
}

/** At a full stop with a capital, a quote or a bracket behind it. */
function split(unit: string): string[] {
  return unit.split(/(?<=[.!?]) (?=[\p{Lu}"'([])/u).filter((one) => one !== '');
}
