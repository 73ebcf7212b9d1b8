// SPDX-License-Identifier: MIT
/** Links from one version of a series to the mails of another. */
import { readVersion } from './changelog-headings.ts';

export interface VersionLink {
  /** `v2`, `rfc-v1`: the version it is said to lead to; null when it is only mentioned. */
  version: string | null;
  url: string;
  /** Without angle brackets; null when the address does not hold one. */
  messageId: string | null;
}

const ADDRESS = /(?:https?:\/\/|mid:)[^\s<>"]{1,2000}/g;
const ARCHIVES =
  /^(?:.+\.)?(?:lore\.kernel\.org|lkml\.kernel\.org|msgid\.link|lkml\.org|marc\.info|mail-archive\.com|spinics\.net|gmane\.org)$|^(?:patchwork|lists?|inbox|public-inbox)\./;
const WORDS =
  /^(?:(?:links?|url|lore|see|also|mail|thread|discussion|previous|prev|last|version|posting|series|patch(?:set|es)?|rfc|to|the|of|for|at|in|on|cover|letter|v\d{1,3}|\d{1,2})(?=[^a-z\d]|$)|[\s:()[\]<>.,*–=-])*$/i;
const LABEL = /(?:^|[\s([/])((?:rfc[ /-]?)?v\d{1,3}|rfc)(?![\w.])/gi;

/**
 * The links to mail archives in a text, with the version each is said to be of: `Link to v2: URL`,
 * `v1: URL`, `Changes since v2 (URL):`, `Changes since v2 [1]:` with `[1] URL` elsewhere. Reading
 * stops at the diff.
 */
export function linksOf(text: string): VersionLink[] {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.startsWith('diff --git '));
  const marks = footnotes(lines);
  const links = new Map<string, VersionLink>();
  for (const [at, line] of (end < 0 ? lines : lines.slice(0, end)).entries()) {
    if (!line.includes('://') && !line.includes('mid:')) continue;
    let before = 0;
    for (const match of line.matchAll(ADDRESS)) {
      const url = trimmed(match[0]);
      const target = archived(url);
      const label = line.slice(Math.max(before, match.index - 120), match.index);
      before = match.index + match[0].length;
      if (target === null) continue;
      const bare = /^[\s<(*-]*$/.test(label);
      const above = bare ? (lines[at - 1] ?? '').trim().slice(-120) : '';
      const version = marked(label, marks) ?? versionIn(above.endsWith(':') ? above : label);
      const known = links.get(url);
      if (known) known.version ??= version;
      else links.set(url, { version, url, messageId: target.messageId });
    }
  }
  return [...links.values()];
}

/** Whether a text is nothing but a link and what it leads to: `Link to v2: https://…`. */
export function isLinkOnly(text: string): boolean {
  if (text.length > 4000) return false;
  const rest = text.replace(ADDRESS, ' ');
  return rest !== text && rest.length <= 100 && WORDS.test(rest);
}

/** `v2 [1]`: the marks that stand behind a version, each with it; null for one behind two. */
function footnotes(lines: readonly string[]): Map<string, string | null> {
  const marks = new Map<string, string | null>();
  for (const line of lines) {
    if (line.length > 300 || !line.includes('[')) continue;
    for (const match of line.matchAll(/(?:^|[\s(/])((?:rfc[ /-]?)?v\d{1,3})(?: at)? ?:? ?\[(\d{1,2})\]/gi)) {
      const version = readVersion(match[1] ?? '')?.version ?? null;
      const mark = match[2] ?? '';
      marks.set(mark, marks.has(mark) && marks.get(mark) !== version ? null : version);
    }
  }
  return marks;
}

function marked(label: string, marks: ReadonlyMap<string, string | null>): string | null {
  const mark = /^\s*(?:Link:\s*)?\[(\d{1,2})\]:?\s*$/i.exec(label)?.[1];
  return mark === undefined ? null : (marks.get(mark) ?? null);
}

/** The one version that is named before a link; with two it could be either's. */
function versionIn(label: string): string | null {
  const found = [...label.matchAll(LABEL)].map((match) => readVersion(match[1] ?? '')?.version);
  return new Set(found).size === 1 ? (found[0] ?? null) : null;
}

/** Without what belongs to the sentence around it. */
function trimmed(url: string): string {
  let end = url.length;
  while (end > 0 && '.,;:!?)]}>\'"'.includes(url.charAt(end - 1))) end--;
  return url.slice(0, end);
}

/** null when the address is no mail archive's. */
function archived(url: string): { messageId: string | null } | null {
  if (url.startsWith('mid:')) {
    const id = decoded(url.slice('mid:'.length));
    return isMessageId(id) ? { messageId: id } : null;
  }
  if (!URL.canParse(url)) return null;
  const { hostname, pathname, username } = new URL(url);
  if (username !== '') return null;
  const id = pathname.split('/').map(decoded).find(isMessageId) ?? null;
  return id !== null || ARCHIVES.test(hostname) ? { messageId: id } : null;
}

function isMessageId(text: string): boolean {
  return /^[^\s<>@\0-\x1f\x7f]{1,250}@[^\s<>@\0-\x1f\x7f]{1,250}$/.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
