// SPDX-License-Identifier: MIT
/**
 * What a web archive and a list put around a reply: navigation, the table of header fields,
 * list footers. MHonArc's pages (spinics.net, mail-archive and their like) are the pattern.
 */

/** A line of the page that is left when the furniture is taken away. */
export interface RawLine {
  /** Without its line end. */
  text: string;
  /** 1-based line of the page. */
  number: number;
}

export interface PageParts {
  /** The first line of the page, or its Subject field; empty when there is neither. */
  title: string;
  /** Header fields the page shows, by lower-case name; the first of each. */
  fields: Map<string, string>;
  /** The mail's text, without empty lines above it; those below may be the end of a hunk. */
  body: RawLine[];
  /** Whether it has what only an archive's page has: navigation, or a masked address. */
  archived: boolean;
}

/** Patterns are tried on this much of a line: nothing that is looked for is longer. */
const LOOK = 1000;

const NAVIGATION = /\[(?:Date|Thread|Chronological|Msg) (?:Prev|Next|Index)\]|^Powered by Linux$/i;
const END_OF_PAGE =
  /^\[Index of Archives\]|^[*+o•-]? ?\**(?:Follow-Ups|Prev(?:ious)? by (?:Date|thread)|Next by (?:Date|thread)|Index\(es\))\** ?:|^[*+•o] \**References\** ?:/i;
const FIELD =
  /^(?:[*+•-] )?\**(Subject|From|Date|To|Cc|In-reply-to|References|Reply-to|Message-id|Sender|User-agent|Organization|List-[a-z]+)\** ?:\**(.*)$/i;
const REPLY = /^\s{0,8}(?:re|aw|sv|antw)\s?:/i;
/** A mail has at least one of these; a page that shows them all the same is taken for a mail. */
const MAIL_ONLY = /^(?:Received|Return-Path|Delivered-To|MIME-Version|Content-Type|Message-ID|X-[\w-]+):/i;
const MASKED = /[\w.+-]@(?:x{4,}|\.{3})/;

/** No-break spaces are how archives keep their links apart. */
function plain(text: string): string {
  return text.slice(0, LOOK).replaceAll('\u00a0', ' ').trim();
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/**
 * Takes a page apart. Null when it begins as a mail or an mbox does.
 * Layout: title, navigation, fields in any order, then the text.
 */
export function pageParts(page: string): PageParts | null {
  const all: RawLine[] = page
    .split('\n')
    .map((line, at) => ({ text: line.endsWith('\r') ? line.slice(0, -1) : line, number: at + 1 }));
  if (beginsAsMail(all)) return null;
  const parts: PageParts = { title: '', fields: new Map(), body: [], archived: false };
  let at = 0;
  for (; at < all.length; at++) {
    const text = plain(all[at]?.text ?? '');
    if (text === '') continue;
    if (NAVIGATION.test(text)) {
      parts.archived = true;
      continue;
    }
    const field = FIELD.exec(text);
    if (field) {
      const [name = '', value = ''] = [field[1], field[2]];
      let whole = value.trim();
      while (/^\s+\S/.test((all[at + 1]?.text ?? '').slice(0, LOOK)) && !isField(all[at + 1])) {
        whole += ` ${plain(all[++at]?.text ?? '')}`;
      }
      if (!parts.fields.has(name.toLowerCase())) parts.fields.set(name.toLowerCase(), whole);
      continue;
    }
    if (parts.title !== '' || parts.fields.has('subject')) break;
    parts.title = text;
  }
  parts.title = parts.fields.get('subject') ?? parts.title;
  parts.body = withoutFooters(all.slice(at), parts);
  parts.archived ||= all.some((line) => MASKED.test(line.text.slice(0, LOOK)));
  return parts;
}

function isField(line: RawLine | undefined): boolean {
  return line !== undefined && FIELD.test(plain(line.text));
}

function beginsAsMail(lines: readonly RawLine[]): boolean {
  const first = lines.findIndex((line) => !isBlank(line.text));
  if (first < 0) return false;
  const top = (lines[first]?.text ?? '').slice(0, LOOK);
  if (/^From \S/.test(top)) return true;
  if (REPLY.test(top)) return false;
  for (let at = first; at < lines.length; at++) {
    const text = (lines[at]?.text ?? '').slice(0, LOOK);
    if (isBlank(text)) return false;
    if (MAIL_ONLY.test(text)) return true;
  }
  return false;
}

/** Lines a list puts under a mail; the rule above them is looked for first. */
const RULE = /^_{20,}$/;
const LIST_WORDS = /mailing list|@|https?:\/\/|listinfo|unsubscribe/i;
const UNSUBSCRIBE =
  /^To unsubscribe from this list|^the body of a message to majordomo|^More majordomo info/i;
const FOOTER_LINES = 6;

function withoutFooters(lines: readonly RawLine[], parts: PageParts): RawLine[] {
  const kept: RawLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined) break;
    const text = plain(line.text);
    if (END_OF_PAGE.test(text)) {
      parts.archived = true;
      break;
    }
    if (NAVIGATION.test(text)) {
      parts.archived = true;
      continue;
    }
    if (RULE.test(text)) {
      const end = footerEnd(lines, at);
      if (end > at) {
        at = end - 1;
        continue;
      }
    }
    if (UNSUBSCRIBE.test(text)) {
      if (/^--\s*$/.test(kept.at(-1)?.text ?? '')) kept.pop();
      continue;
    }
    kept.push(line);
  }
  const first = kept.findIndex((line) => !isBlank(line.text));
  return first < 0 ? [] : kept.slice(first);
}

/** Behind the footer that the rule at `at` begins; `at` itself when it is only a rule. */
function footerEnd(lines: readonly RawLine[], at: number): number {
  let end = at + 1;
  while (end < lines.length && end - at <= FOOTER_LINES && !isBlank(lines[end]?.text ?? '')) end++;
  const isFooter = lines.slice(at + 1, end).some((line) => LIST_WORDS.test(line.text.slice(0, LOOK)));
  return isFooter ? end : at;
}
