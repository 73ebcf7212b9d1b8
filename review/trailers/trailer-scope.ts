// SPDX-License-Identifier: MIT
/** `for patches 2, 3-5`, `# patch 1/4`, `For the whole series:` → the patches a tag is for. */
import { grants } from './trailer-condition.ts';

export interface ScopeWords {
  /** null for the whole series. */
  patches: number[] | null;
  /** `all patches except 3` */
  except: number[];
  /** `Same for patch 3`: beside the patch that is answered. */
  also: boolean;
  /** `For the two others`: some of the series, and which is not said. */
  some?: true;
}

const MOST = 1000;
const NUMBER = '\\d{1,4}(?:/\\d{1,4})?';
const ITEM = `${NUMBER}(?: ?(?:-|–|—|to|through|thru|\\.\\.) ?${NUMBER})?`;
const LIST = `#?${ITEM}(?: ?(?:,|and|&|\\+|, and) ?(?:patch(?:es)? )?#?${ITEM})*(?![\\w/]|[.-]\\d)`;
const PATCHES = `(?:the )?(?:patch(?:es)?|commits?):? ?(${LIST})`;
const FIRST =
  '(?:the )?first (?:(one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}) )?patch(?:es)?\\b';
const ALL =
  '(?:(?:the|this|your) )?(?:(?:whole|entire|full|complete) )?(?:patch[ -]?)?(?:series|patch[ -]?set)\\b' +
  '|(?:the )?(?:whole|entire|full) (?:set|lot|thing)\\b' +
  '|(?:all|both)(?: of)?(?: (?:the|these|your))?(?: (?:\\w+ )?patches| of them| \\d+)\\b|(?:them )?all\\b|everything\\b';
const SOME =
  '(?:the )?(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2}) )?(?:others?|other (?:one|two|three|four|five|six|seven|eight|nine|ten|\\d{1,2})|(?:other|remaining) (?:patches|ones)|rest)\\b';

const HEAD = new RegExp(`^(?:${PATCHES}|${FIRST}|(${ALL})|(${SOME}))`, 'i');
const EXCEPT = new RegExp(
  `\\b(?:except|excluding|apart from|aside from|other than|but|without|minus|bar)(?: for)? (?:${PATCHES}|(${LIST}))`,
  'i',
);
const BARE = new RegExp(`^(?:for )?\\[?(${LIST})\\]?$`, 'i');
const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** What stands behind a trailer: `# patches 1-3`, `(for the series)`, `# 2/5`. null when it names no patches. */
export function scopeOfNote(note: string): ScopeWords | null {
  const text = plain(note);
  const words = text.replace(/^[#([ ]+/, '').replace(/[)\].!, ]+$/, '');
  if (/^(?:\w+ )?(?:rest|remaining|remainder)\b/i.test(words)) {
    return { patches: null, except: [], also: false, some: true };
  }
  const head = scopeAt(words.replace(/^(?:for|on|to|in|of)(?: the)? /i, '').trim());
  if (head) return withExceptions(head, words);
  const behind = behindWord(words, /\b(?:for|on) /gi, () => true);
  if (behind) return withExceptions(behind, words);
  // Numbers by themselves are patches only when they cannot be anything else.
  const bare = bareList(words);
  return bare && withExceptions(bare, words);
}

function bareList(words: string): ScopeWords | null {
  const list = BARE.exec(words)?.[1];
  return list !== undefined && /[/,-]|and|to/.test(list) ? readList(list) : null;
}

/**
 * The sentence above a trailer. `for patch 3` counts at the start of a clause or behind words that grant:
 * `Thanks for the series` and `with the comment on patch 3 fixed` are about something else.
 */
export function scopeOfSentence(sentence: string): ScopeWords | null {
  const text = plain(sentence);
  const numbers = bareList(text.replace(/[:, ]+$/, ''));
  if (/^for /i.test(text) && numbers) return withExceptions(numbers, text);
  const start =
    /^(?:and |also |the same |same ){0,3}(?:for |applies to |goes for |on )?/i.exec(text)?.[0] ?? '';
  const head = scopeAt(text.slice(start.length));
  const tail = head === null ? '' : text.slice(start.length + head.length).trim();
  if (
    head &&
    (/\bfor $/i.test(start) ||
      /^(?:$|[:,(-]|looks?\b|lgtm\b|(?:is|are)(?: \w+)? ?(?:$|:|fine|good|ok\b|okay|great)|except|apart)/i.test(
        tail,
      ))
  ) {
    return withExceptions({ ...head, also: /\b(?:same|also)\b/i.test(start) }, text);
  }
  const except = /^(?:apart from|except(?: for)?|other than|aside from) /i.test(text)
    ? EXCEPT.exec(text)
    : null;
  if (except)
    return { patches: null, except: readList(except[1] ?? except[2] ?? '').patches ?? [], also: false };
  const found = behindWord(text, /\bfor /gi, (clause) => clause === '' || grants(clause));
  return found && withExceptions({ ...found, also: /\b(?:same|also|as well)\b/i.test(text) }, text);
}

/** `I have only looked at patches 1-3`: a tag on the cover letter is for these. */
export function scopeOfReading(sentence: string): ScopeWords | null {
  const read =
    /\bi(?:'ve| have)? (?:only )?(?:reviewed|looked at|tested|checked|read|went through|gone through) (?:only )?/i;
  const text = plain(sentence);
  const start = read.exec(text);
  const found = start && scopeAt(text.slice(start.index + start[0].length));
  return found?.patches ? withExceptions(found, text) : null;
}

/** The sentence that withdraws a tag: `drop my R-b from patch 3`. */
export function scopeOfWithdrawal(sentence: string): ScopeWords | null {
  const text = plain(sentence);
  const found = behindWord(text, /\b(?:from|for|on|of|to) /gi, () => true);
  return found && withExceptions(found, text);
}

/**
 * The patches meant.
 * @param words what was said; null when nothing was
 * @param patch the patch the mail answers; 0 for the cover letter, null when it is not known
 * @param total how many patches there are; null when it is not known
 * @returns null for the whole series, an empty list when it could not be told
 */
export function scopeOf(
  words: ScopeWords | null,
  patch: number | null,
  total: number | null,
): number[] | null {
  const fallback = patch === 0 ? null : patch !== null ? [patch] : total === 1 ? [1] : [];
  if (words === null) return fallback;
  // In the answer to a patch it is the rest of that.
  if (words.some) return patch === null || patch === 0 ? [] : fallback;
  const most = total ?? MOST;
  if (words.patches !== null) {
    const own = words.also ? [...words.patches, ...(fallback ?? [])] : words.patches;
    const left = own.filter((one) => one <= most && !words.except.includes(one));
    return left.length > 0 ? [...new Set(left)].sort((a, b) => a - b) : fallback;
  }
  if (words.except.length === 0) return null;
  if (total === null || total > MOST) return patch === 0 ? [] : fallback;
  return Array.from({ length: total }, (_, at) => at + 1).filter((one) => !words.except.includes(one));
}

type Found = ScopeWords & { length: number };

function scopeAt(text: string): Found | null {
  const found = HEAD.exec(text);
  if (!found) return null;
  const [whole, list, count, all, some] = found;
  const length = whole.length;
  if (list !== undefined) {
    const read = readList(list);
    return read.patches?.length === 0 ? null : { ...read, length };
  }
  if (all !== undefined) return { patches: null, except: [], also: false, length };
  if (some !== undefined) return { patches: null, except: [], also: false, some: true, length };
  const named = COUNTS.indexOf((count ?? 'one').toLowerCase());
  const upTo = named < 0 ? Number(count) : named + 1;
  return { patches: Array.from({ length: upTo }, (_, at) => at + 1), except: [], also: false, length };
}

/** The first scope behind one of the words, where the clause in front of the word allows it. */
function behindWord(text: string, word: RegExp, allowed: (clause: string) => boolean): Found | null {
  for (const match of text.matchAll(word)) {
    const clause = text
      .slice(0, match.index)
      .split(/[,;:(–—]/)
      .at(-1)
      ?.trim();
    const found = scopeAt(text.slice(match.index + match[0].length));
    if (found && allowed(clause ?? '')) return found;
  }
  return null;
}

function withExceptions(found: ScopeWords, text: string): ScopeWords {
  const except = EXCEPT.exec(text);
  return { ...found, except: except ? (readList(except[1] ?? except[2] ?? '').patches ?? []) : [] };
}

function readList(list: string): ScopeWords {
  const patches: number[] = [];
  for (const item of list.split(/,|&|\+|\band\b/)) {
    const [from, to] = [...item.matchAll(/(\d{1,4})(?:\/\d{1,4})?/g)].map((one) => Number(one[1]));
    if (from === undefined || from > MOST || (to ?? from) > MOST) continue;
    for (let one = Math.max(from, 1); one <= (to ?? from); one++) patches.push(one);
  }
  return { patches, except: [], also: false };
}

function plain(text: string): string {
  return text.slice(0, 600).replaceAll(/\s+/g, ' ').trim();
}
