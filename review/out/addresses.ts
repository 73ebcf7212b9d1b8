// SPDX-License-Identifier: MIT
/** Lists of addresses as they stand in To and Cc → each address, as it stands there. */
import type { Person } from '../../core/series.ts';
import { encodeWords, isAscii, oneLine } from './encoded-words.ts';

/** More than this is no mail for a list. */
const MOST = 500;
const LONGEST = 900;

/**
 * The entries of a To or Cc header, unfolded. Group names (`undisclosed-recipients:;`) are left
 * out, a comma in a quoted name or a comment separates nothing.
 */
export function splitAddresses(value: string): string[] {
  const line = oneLine(value).slice(0, MOST * 200);
  const { entries, open } = split(line, true);
  // A quote that nobody closed would swallow everybody behind it.
  const found = open ? split(line, false).entries : entries;
  return found
    .map((one) => one.trim())
    .filter((one) => one !== '' && one.length <= LONGEST)
    .slice(0, MOST);
}

function split(line: string, quotes: boolean): { entries: string[]; open: boolean } {
  const entries: string[] = [];
  let start = 0;
  let quoted = false;
  let comments = 0;
  let angle = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === '\\' && (quoted || comments > 0)) at++;
    else if (char === '"' && quotes && comments === 0) quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(' && quotes) comments++;
    else if (char === ')' && comments > 0) comments--;
    else if (comments > 0) continue;
    else if (char === '<') angle = true;
    else if (char === '>') angle = false;
    else if (angle) continue;
    else if (char === ',' || char === ';') {
      entries.push(line.slice(start, at));
      start = at + 1;
    } else if (char === ':') start = at + 1;
  }
  entries.push(line.slice(start));
  return { entries, open: quoted || comments > 0 };
}

/** The address in an entry, lower case, to compare by; null when mail cannot go there. */
export function addressOf(entry: string): string | null {
  const open = entry.lastIndexOf('<');
  const close = entry.indexOf('>', open);
  const inner = open >= 0 && close > open ? entry.slice(open + 1, close) : entry.replace(/\([^()]*\)/g, '');
  const address = inner.trim();
  return isAddress(address) ? address.toLowerCase() : null;
}

/**
 * Whether mail can go there. Web archives mask addresses (`name@...`, `name@xxxxxxxx`); a mail to
 * one of these comes back.
 */
export function isAddress(address: string): boolean {
  if (address.length > 320) return false;
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  if (!/^(?:[!#-'*+\--9=?A-Z^-~]+|"[ !#-[\]-~]+")$/.test(local) || local.includes('...')) return false;
  return /^(?!x+$|x+\.x+$)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(domain);
}

/** An entry fit for a header: as it is, its name encoded where it is not ASCII. */
export function asHeaderEntry(entry: string): string {
  if (isAscii(entry)) return entry;
  const open = entry.lastIndexOf('<');
  if (open < 0) {
    const comment = /\(([^()]*)\)/.exec(entry)?.[1] ?? '';
    return formatPerson({ name: comment, email: addressOf(entry) ?? '' });
  }
  const name = entry.slice(0, open).trim();
  const bare = /^"(.*)"$/.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name;
  const close = entry.indexOf('>', open);
  return formatPerson({ name: bare, email: entry.slice(open + 1, close < 0 ? entry.length : close) });
}

/** `Name <address>`, the name quoted or encoded where it has to be. */
export function formatPerson({ name, email }: Person): string {
  const plain = oneLine(name);
  const address = oneLine(email).replace(/[<>\s]/g, '');
  if (plain === '') return address;
  if (!isAscii(plain) || plain.includes('=?')) return `${encodeWords(plain)} <${address}>`;
  if (/[()<>[\]:;@\\,."]/.test(plain)) return `"${plain.replace(/[\\"]/g, '\\$&')}" <${address}>`;
  return `${plain} <${address}>`;
}
