// SPDX-License-Identifier: MIT
/**
 * The text of a page of a public-inbox server (lore.kernel.org), as a browser saves it → the mail
 * it shows. Such a page keeps quote marks and the Message-ID; it adds words around header and text.
 */

const FIELD = /^(From|To|Cc|Subject|Date|Message-ID|In-Reply-To|References): (.*)$/i;
/** What the page writes behind a field: links to the thread and to the mail itself. */
const LINKS = /\s*\t?\s*(?:\[thread overview\]|\(raw\)|\[flat\|nested\])\s*$/;
/** Where the page's own words begin below the text. */
const BELOW =
  /^\s*(?:(?:next|prev|parent|reply)\b[\s\S]{0,60}\bother threads:\[|Thread overview: |\^ permalink raw reply|reply\s+other threads:)/;
const TOP_LINES = 12;
const MOST_FIELDS = 400;

/** @returns the mail's text, header and body; null when it is no such page */
export function readLorePage(text: string): string | null {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const from = lines.slice(0, TOP_LINES).findIndex((line) => /^From: \S/.test(line));
  if (from < 0) return null;
  const fields: string[] = [];
  let hasId = false;
  let hasLinks = false;
  let at = from;
  for (; at < Math.min(lines.length, from + MOST_FIELDS); at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') break;
    const bare = line.replace(LINKS, '');
    hasLinks ||= bare !== line;
    const field = FIELD.exec(bare);
    if (field === null) {
      // The rest of a long one.
      if (fields.length === 0) return null;
      fields.push(`\t${bare.trim()}`);
      continue;
    }
    const [, name = '', value = ''] = field;
    const isId = /^(?:message-id|in-reply-to)$/i.test(name);
    hasId ||= /^message-id$/i.test(name);
    fields.push(`${name}: ${isId && !value.includes('<') ? `<${value.trim()}>` : value}`);
  }
  if (!hasId || !hasLinks) return null;
  const body = lines.slice(at + 1);
  const end = body.findIndex((line) => line.length < 400 && BELOW.test(line));
  const shown = end < 0 ? body : body.slice(0, end);
  while (shown.at(-1)?.trim() === '') shown.pop();
  return `${fields.join('\n')}\nContent-Type: text/plain; charset=utf-8\n\n${shown.join('\n')}\n`;
}
