// SPDX-License-Identifier: MIT
/** Who a trailer names: `Name <address>` as people and web archives write it, and whether two are one. */
import type { Person } from '../core/series.ts';

/** A longer value is no honest trailer: RFC 5322 ends a line after 998 characters. */
const LONGEST = 1000;

export interface NamedPerson {
  /** null when there is no address in it. */
  person: Person | null;
  /** What stands behind the address; the whole text when there is none. */
  rest: string;
}

/**
 * Reads `Name <address> rest`, an address without a name or without brackets, an address written twice
 * (`a@b<mailto:a@b>`), and the spellings of archives that hide addresses (`a () b ! org`, `a at b.org`).
 */
export function readPerson(value: string): NamedPerson {
  const none = { person: null, rest: value.trim() };
  if (value.length > LONGEST) return none;
  const open = value.indexOf('<');
  if (open < 0) return readBare(value);
  const close = value.indexOf('>', open);
  if (close < 0) return none;
  const inside = value.slice(open + 1, close);
  const email = plainAddress(inside.split('<', 1)[0] ?? '');
  if (email === null) return none;
  const rest = value.slice(inside.includes('<') && value[close + 1] === '>' ? close + 2 : close + 1);
  return { person: { name: plainName(value.slice(0, open)), email }, rest: rest.trim() };
}

function readBare(value: string): NamedPerson {
  const at = value.indexOf('@');
  let start = at;
  let end = at + 1;
  while (start > 0 && !/[\s()[\],;:"]/.test(value.charAt(start - 1))) start--;
  while (end < value.length && !/[\s()[\],;:"]/.test(value.charAt(end))) end++;
  const email = at < 0 ? null : plainAddress(value.slice(start, end).replace(/\.$/, ''));
  if (email === null) return { person: null, rest: value.trim() };
  const name = value.slice(0, start).replace(/[\s([]+$/, '');
  // The bracket that was opened for the address closes behind it.
  const rest = name.length < start && /[([]/.test(value.slice(name.length, start)) ? end + 1 : end;
  return { person: { name: plainName(name), email }, rest: value.slice(rest).trim() };
}

/** null when it is no address. */
function plainAddress(written: string): string | null {
  const email = written
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/ (?:\(\)|\(a\)|\(at\)|at) /i, '@')
    .replaceAll(/ (?:!|dot) /gi, '.');
  const [local, domain, more] = email.split('@');
  return local && domain && more === undefined && !/\s/.test(email) ? email : null;
}

function plainName(written: string): string {
  const name = written.replaceAll(/\s+/g, ' ').trim();
  return name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1).trim() : name;
}

/** other-address: the same name, but another address. */
export type SamePerson = 'same' | 'other-address' | 'no';

/**
 * Whether a trailer's person is the one a mail is from. The address decides, without its case and its
 * `+detail`; a hidden one (`sgarzare@xxxxxxxxxx`) by its local part together with the name.
 */
export function samePerson(one: Person, other: Person): SamePerson {
  const [local, domain] = addressParts(one.email);
  const [otherLocal, otherDomain] = addressParts(other.email);
  const names = sameName(one.name, other.name);
  if (local !== '' && local === otherLocal) {
    if (domain === otherDomain && !isHidden(domain)) return 'same';
    const hidden = isHidden(domain) || isHidden(otherDomain);
    if (hidden && (names || one.name === '' || other.name === '')) return 'same';
  }
  return names ? 'other-address' : 'no';
}

/** samePerson as a yes or no, which remembers the pairs it has seen: a review has few people and many tags. */
export function personMatcher(): (one: Person, other: Person) => boolean {
  const seen = new Map<string, boolean>();
  return (one, other) => {
    const key = `${one.name}\n${one.email}\n${other.name}\n${other.email}`;
    const same = seen.get(key) ?? samePerson(one, other) !== 'no';
    seen.set(key, same);
    return same;
  };
}

function addressParts(email: string): [string, string] {
  const at = email.lastIndexOf('@');
  const local = (at < 0 ? email : email.slice(0, at)).toLowerCase();
  const plus = local.indexOf('+');
  return [plus > 0 ? local.slice(0, plus) : local, at < 0 ? '' : email.slice(at + 1).toLowerCase()];
}

/** Web archives put as many x (or dots) as the domain has letters. */
function isHidden(domain: string): boolean {
  return /^x[x.]{2,}$|^\.{2,}$/.test(domain);
}

/** Equal but for case, accents, order, initials and what stands in brackets; one may have more names. */
export function sameName(one: string, other: string): boolean {
  const words = nameWords(one);
  const others = nameWords(other);
  const [few, many] = words.size <= others.size ? [words, others] : [others, words];
  if (few.size === 0 || (few.size === 1 && many.size > 1)) return false;
  return [...few].every((word) => many.has(word));
}

function nameWords(name: string): Set<string> {
  const plain = name
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    // `Name via LIST`: the list has sent the mail on.
    .split(/ via /, 1)[0]
    ?.split('(', 1)[0];
  const words = (plain ?? '').split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const long = words.filter((word) => word.length > 1 || !/[a-z]/.test(word));
  return new Set(long.length > 0 ? long : words);
}
