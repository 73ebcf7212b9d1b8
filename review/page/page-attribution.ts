// SPDX-License-Identifier: MIT
/** The line a mailer puts above a quote: `On Thu, Dec 15, 2022 at 04:36AM +0000, A. Author wrote:`. */

export interface Attribution {
  /** Empty when the line has none. */
  name: string;
  /** As written; empty when the line has none. */
  date: string;
}

const WROTE = /^(.*?)\s?\b(?:wrote|writes|said)\s?:$/;
const GERMAN = /^Am (.*) schrieb (.*):$/;
/** A date ends with one of these: a number, an offset, a zone, half a day. */
const DATE_WORD =
  /^\(?(?:[+-]?\d[\d:.,/+-]*(?:st|nd|rd|th|AM|PM)?|AM|PM|UTC|GMT|CES?T|[ECMP][SD]T|JST|at)\)?,?$/i;
const LONGEST = 400;
const WRAPPED_OVER = 3;

/**
 * The attribution that begins at a line, which a mailer may have wrapped.
 * @returns it, and behind which line it ends; null when none begins there
 */
export function attributionAt(
  lines: readonly string[],
  at: number,
): { attribution: Attribution; end: number } | null {
  let joined = '';
  for (let end = at; end < at + WRAPPED_OVER && end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.length > LONGEST || line.trim() === '') return null;
    joined = joined === '' ? line.trim() : `${joined} ${line.trim()}`;
    if (joined.endsWith(':') && /(?:wrote|writes|said)\s?:$|schrieb .*:$/.test(joined)) {
      const attribution = readAttribution(joined);
      return attribution === null ? null : { attribution, end: end + 1 };
    }
    // Only what begins like one is looked for over several lines.
    if (!/^(?:On|Am) \S/.test(joined)) return null;
  }
  return null;
}

function readAttribution(line: string): Attribution | null {
  const german = GERMAN.exec(line);
  if (german) return { date: german[1] ?? '', name: nameOf(german[2] ?? '') };
  const said = WROTE.exec(line)?.[1];
  if (said === undefined) return null;
  const rest = said.replace(/^(?:\*|On)\s/, '');
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const last = words.findLastIndex((word) => DATE_WORD.test(word));
  const date = words
    .slice(0, last + 1)
    .join(' ')
    .replace(/,$/, '');
  const behind = words.slice(last + 1).join(' ');
  const name = nameOf(behind);
  // "As I wrote:" attributes nothing; a name, and nothing else, could be somebody's sentence as well.
  if (last < 0 && !/[<@]/.test(behind) && !isFullName(behind)) return null;
  return { name, date };
}

function isFullName(text: string): boolean {
  const words = text.split(' ');
  const begins = /^(?:As|Like|What|When|Where|I|You|He|She|They|We|It)$/.test(words[0] ?? '');
  return (
    !begins &&
    words.length > 1 &&
    words.length < 5 &&
    words.every((word) => /^\p{Lu}[\p{L}.'-]+$/u.test(word))
  );
}

/** A name as written beside an address: without it, and without quotes. */
function nameOf(text: string): string {
  const address = /[<[(]?([\w.+-]+)$/.exec(text.slice(0, Math.max(0, text.indexOf('@'))));
  const name = (address ? text.slice(0, address.index) : text).replace(/[<[(,]\s*$/, '').trim();
  const bare = name.replace(/^["',\s]+|["',\s]+$/g, '').replace(/\s*\((?:[^()]*)\)$/, '');
  return bare === '' ? (address?.[1] ?? '') : bare;
}
