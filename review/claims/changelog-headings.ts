// SPDX-License-Identifier: MIT
/**
 * The headings that changelogs are found by: `Changes in v8:`, `Changes since RFC v2 [1]:`, `v3->v4`,
 * `v2 (https://…):`, `No changes in v4.`, `Changelog:`.
 *
 * Whether a line that could be a heading is one depends on what stands around it: a line with two
 * versions or a word for changes is `strong`, `v3: …` alone is `weak`.
 */
import { creditIn } from './credits.ts';

export interface Heading {
  /** `v3`, `rfc-v2`; null when only `since` is named, or the mail's own version is meant. */
  version: string | null;
  since: string | null;
  strength: 'strong' | 'weak';
  /** A colon (or a dash with text behind it) stands behind the version. */
  colon: boolean;
  /** What stands on the same line behind it. */
  rest: string;
  /** `v2 (Stefano):`: whose the whole of it is. */
  credit: string | null;
  /** The line says all there is: `no changes in v11`, `new in v7`. */
  remark: boolean;
}

const LEAD =
  /^(?:(?:the|main|major|notable|detailed|functional|further|patch|series|version|revision|summary of|list of) )*(?:change ?-?logs?|changes?|changed|history|updates?|updated|differences?|diff|delta|modifications?|new|what['’]?s (?:new|changed)|what changed)(?![\w-])[ :(]*/i;
const CONNECT =
  /^(?:(?:made|introduced|done|added) )?(in|for|of|with|since|from|between|after|against|compared (?:to|with)|vs\.?|versus|relative to|over|on) /i;
const SINCE = /^(?:since|from|between|after|against|compared|vs|versus|relative|over)/i;
// Not v6.1, not v6-rc2, not v4l2.
const VERSION =
  /^(?:the )?(?:(rfc)(?: patch(?:es|set)?| series)?[ /-]?)?(?:patch ?)?(?:v|version |ver\.? ?)(\d{1,3})(?!\w|[.,/]\d|\.x|-rc)(?: (rfc\b|\(rfc\)))?/i;
const RFC = /^(?:the |an? )?rfc(?!\w| ?\d)(?: (?:patch(?:es|set)?|series|version|posting))?/i;
const PREVIOUS =
  /^(?:the |my )?(?:last|previous|prior) (?:version|revision|posting|submission|series|patch(?:set)?|iteration|round)(?!\w)/i;
const ARROW = /^ ?(?:-{1,3}>|={1,2}>|[–—]>|[→⇒>]|\.{2,3}|to (?=\S)|[-–] ?(?=(?:rfc ?)?v\d)) ?/i;
const GROUP = /^ ?(?:at |from )?(?:\(([^()]{0,200})\)|\[([^[\]]{0,200})\])/;
const URL = /^ ?(?:at |[-–] )?https?:\/\/[^\s]+/;
const NO_CHANGE =
  /^(?:there (?:are|were|is|was) )?no (?:\w+ )?changes?(?: at all)?(?: (?:made )?(in|for|since|from|to) (.+?))?[.!]?$/i;
const NEW =
  /^(?:this (?:patch )?is )?(?:a )?(?:new|unchanged|added|introduced|new patch|patch added)(?: patch)? (in|for|since|with) (.+?)[.!]?$/i;
const NOTHING = /^(?:none|nothing|unchanged|no change|n\/a|not changed|nothing changed)[.!]?$/i;
const LOG = /^(?:patch |series |version |revision )?(?:change ?-?logs?|history|changes|revisions)$/i;

/** Longer lines are no headings, but for what `v3: ` begins. */
const HEAD = 300;

/** A cheap look at how a line begins, so that most lines cost nothing more. */
const MAYBE =
  /^[\s#=~*+•o[(-]{0,20}(?:(?:\d{1,3}[.)] )?(?:the |main |major |notable |detailed |functional |further |patch |series |version |revision |summary |list )?(?:v\d|ver|rfc|patch v|change|history|revision|update|diff|delta|modif|new|what|since|from|in v|in rfc|between|no |there |unchanged|added|introduced|this ))/i;

/** `Changelog:` or `History` and the like, which name no version; `own` when its list is of this mail's version. */
export function readLogHeading(line: string): { own: boolean } | null {
  if (line.length > 60) return null;
  const words = collapse(undecorated(line)).replace(/ ?:$/, '');
  if (!LOG.test(words)) return null;
  return { own: /log/i.test(words) };
}

/** Whether an entry says that there is none: `no functional changes`, `none`. */
export function saysNothingChanged(text: string): boolean {
  return text.length <= 80 && (NOTHING.test(text) || NO_CHANGE.test(text));
}

/**
 * @param line without its bullet
 * @returns null when it cannot be the heading of one version's changes
 */
export function readHeading(line: string): Heading | null {
  if (!MAYBE.test(line.slice(0, 80))) return null;
  const whole = unbracketed(collapse(undecorated(line)));
  const said = whole.length <= 80 ? readRemark(whole) : null;
  if (said !== null) return said;
  const head = whole.slice(0, HEAD);
  const found = readVersions(head);
  if (found === null) return null;
  const { rest: tail, credit, url } = afterVersions(found.rest);
  const strong = found.strong || /^ (?:changes?|change ?logs?|updates?)(?!\w)/i.test(tail);
  const left = strong ? tail.replace(/^ (?:changes?|change ?logs?|updates?)(?!\w)/i, '') : tail;
  const end = readEnd(left, strong);
  if (end === null || (found.bare && end.rest !== '')) return null;
  const more = whole.slice(HEAD);
  // Without text behind the colon there is nothing to be continued.
  if (more !== '' && end.rest === '') return null;
  return {
    version: found.version,
    since: found.since,
    strength: strong ? 'strong' : 'weak',
    colon: end.colon || url.endsWith(':'),
    rest: end.rest + more,
    credit,
    remark: false,
  };
}

interface Versions {
  version: string | null;
  since: string | null;
  strong: boolean;
  /** `In v3` and `since v2`, which begin many a sentence: nothing may stand behind the colon. */
  bare?: boolean;
  rest: string;
}

function readVersions(head: string): Versions | null {
  const lead = LEAD.exec(head)?.[0] ?? '';
  let rest = head.slice(lead.length);
  const connect = CONNECT.exec(rest);
  if (connect) rest = rest.slice(connect[0].length);
  const since = connect !== null && SINCE.test(connect[1] ?? '');
  // `new v3` and `diff v2` are words of any sentence.
  if (connect === null && /^(?:new|diff|delta|updated?)/i.test(lead)) return null;
  const previous = lead === '' || !since ? null : PREVIOUS.exec(rest);
  if (previous) return { version: null, since: null, strong: true, rest: rest.slice(previous[0].length) };
  // `The v1: …` is a sentence, `since the RFC` is not.
  if (lead === '' && connect === null && /^(?:the|an?) /i.test(rest)) return null;
  const first = readVersion(rest);
  if (first === null) return null;
  rest = first.rest;
  const group = GROUP.exec(rest)?.[0] ?? '';
  const and = /^between/i.test(connect?.[1] ?? '') ? /^ and /i.exec(rest) : null;
  const arrow = and ?? ARROW.exec(rest) ?? ARROW.exec(rest.slice(group.length));
  const skipped = and === null && ARROW.exec(rest) === null ? group.length : 0;
  const second = arrow ? readVersion(rest.slice(skipped + arrow[0].length)) : null;
  if (second)
    return { version: second.version, since: first.version, strong: true, rest: closed(lead, second.rest) };
  const strong = lead !== '';
  const bare = connect !== null && !strong;
  const named = since ? { version: null, since: first.version } : { version: first.version, since: null };
  return { ...named, strong, bare, rest: closed(lead, rest) };
}

/** `Changelog (v2 -> v3):`: the bracket that the lead has opened. */
function closed(lead: string, rest: string): string {
  return lead.includes('(') && rest.startsWith(')') ? rest.slice(1) : rest;
}

/** Reads `v3`, `RFC v2`, `rfc`, which is the first, at the beginning of a text: `v3`, `rfc-v2`, `rfc-v1`. */
export function readVersion(text: string): { version: string; rest: string } | null {
  const match = VERSION.exec(text);
  if (match) {
    const rfc = match[1] !== undefined || match[3] !== undefined;
    return { version: `${rfc ? 'rfc-' : ''}v${Number(match[2])}`, rest: text.slice(match[0].length) };
  }
  const rfc = RFC.exec(text);
  return rfc ? { version: 'rfc-v1', rest: text.slice(rfc[0].length) } : null;
}

/** Links, footnote marks and names in brackets behind the version. */
function afterVersions(text: string): { rest: string; credit: string | null; url: string } {
  let rest = text;
  let credit: string | null = null;
  let url = '';
  for (let groups = 0; groups < 4; groups++) {
    const group = GROUP.exec(rest);
    const link = group ? null : URL.exec(rest);
    if (group) credit ??= creditIn(group[1] ?? group[2] ?? '');
    if (link) url = link[0];
    const length = group?.[0].length ?? link?.[0].length ?? 0;
    if (length === 0) break;
    rest = rest.slice(length);
  }
  // `v3: (Stefano)`
  const behind = /^ ?: ?\(([^()]{1,60})\)$/.exec(rest);
  if (behind) {
    credit ??= creditIn(behind[1] ?? '');
    if (credit !== null) rest = ':';
  }
  return { rest, credit, url };
}

function readEnd(text: string, strong: boolean): { colon: boolean; rest: string } | null {
  if (text === '' || text === '.') return { colon: false, rest: '' };
  const colon = /^ ?:/.exec(text);
  if (colon) return { colon: true, rest: text.slice(colon[0].length).trim() };
  const dash = /^ ?[-–—] (?=\S)/.exec(text);
  if (dash) return { colon: true, rest: text.slice(dash[0].length) };
  // `Changes since v2, all asked for by Stefano:`
  if (strong && text.length <= 80 && text.endsWith(':') && !/[.!?] /.test(text))
    return { colon: true, rest: '' };
  return null;
}

function readRemark(line: string): Heading | null {
  const match = NO_CHANGE.exec(line) ?? NEW.exec(line);
  const found = match?.[2] === undefined ? null : readVersion(match[2]);
  if (!match || found === null || found.rest !== '') return null;
  const since = /^(?:since|from)$/i.test(match[1] ?? '');
  return {
    version: since ? null : found.version,
    since: since ? found.version : null,
    strength: 'strong',
    colon: false,
    rest: line,
    credit: null,
    remark: true,
  };
}

/** `[v3] …` and `[v2 -> v3]` without the brackets. */
function unbracketed(line: string): string {
  const match = /^\[([^[\]]{2,40})\]/.exec(line);
  const inner = match?.[1];
  if (inner === undefined || !match) return line;
  const found = readVersions(inner);
  return found !== null && found.rest === '' ? inner + line.slice(match[0].length) : line;
}

/** Without the marks of other markups: `## Changes in v3`, `== v3 ==`, `**v3:**`. */
function undecorated(line: string): string {
  const begin = /^\s*(?:[#=~]{1,6}|\*\*)\s*/.exec(line);
  if (!begin) return line;
  let end = line.length;
  while (end > 0 && ' #=~*'.includes(line.charAt(end - 1))) end--;
  return line.slice(begin[0].length, end);
}

function collapse(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}
