// SPDX-License-Identifier: MIT
/** `On Thu, 15 Dec 2022 04:36:44 +0000, Bobby Eshleman wrote:` */
import { printable } from '../../core/escape.ts';
import type { Person } from '../../core/series.ts';
import { oneLine } from './encoded-words.ts';

const DATE =
  /^\s*(?:[A-Za-z]{3},?\s+)?(\d{1,2})\s+([A-Z][a-z]{2})[a-z]*\s+(\d{4})\s+(\d{2}:\d{2}(?::\d{2})?)\s+([+-]\d{4})/;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const LONGEST_NAME = 80;

/**
 * @param header the mail's Date header; undefined without one
 * @param iso its date in UTC, for a header that is none
 */
export function attribution(from: Person, header: string | undefined, iso: string): string {
  const name = printable(oneLine(from.name === '' ? from.email : from.name))
    .replace(/[<>:]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    .toWellFormed();
  const date = dateOf(header ?? '') ?? utc(iso);
  const who = name === '' ? 'somebody' : name;
  return date === null ? `${who} wrote:` : `On ${date}, ${who} wrote:`;
}

/** In the writer's own time zone, as they know it. */
function dateOf(header: string): string | null {
  const match = DATE.exec(header.slice(0, 100));
  if (match === null) return null;
  const [, day = '', month = '', year = '', time = '', zone = ''] = match;
  if (Number.isNaN(Date.parse(`${day} ${month} ${year} ${time} ${zone}`))) return null;
  const weekday = DAYS[new Date(Date.parse(`${day} ${month} ${year} UTC`)).getUTCDay()] ?? '';
  return `${weekday}, ${Number(day)} ${month} ${year} ${time} ${zone}`;
}

function utc(iso: string): string | null {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : new Date(ms).toUTCString().replace('GMT', '+0000');
}
