// SPDX-License-Identifier: MIT
/** Who wrote the reply on a page: its From field, else the signature and the tags that are given. */
import type { Person } from '../../core/series.ts';
import { isClosing } from '../mails/mail-words.ts';
import { isBlank } from './page-furniture.ts';
import { isName, trailerOf } from './page-prose.ts';

/** Tags people give in their own name. */
const GIVEN = /^(?:Reviewed|Acked|Tested)(?:-and-(?:reviewed|acked|tested))?-by$/i;

/** `Name <address>`, `address (Name)`, or one of the two alone. */
export function personOfField(value: string): Person | null {
  const text = value.slice(0, 500).trim();
  if (text === '') return null;
  const angled = /^([^<>]*)<([^<>]*)>/.exec(text);
  if (angled) return { name: unquoted(angled[1] ?? ''), email: (angled[2] ?? '').trim() };
  const round = /^([^\s()@]+@[^\s()]+)\s*(?:\(([^()]*)\))?$/.exec(text);
  if (round) return { name: unquoted(round[2] ?? ''), email: round[1] ?? '' };
  return { name: unquoted(text), email: '' };
}

function unquoted(name: string): string {
  return name.replace(/^["'\s]+|["'\s]+$/g, '');
}

/**
 * @param own the own lines, in order
 * @returns null when neither a signature nor a tag tells; without an address when only a signature does
 */
export function personOfLines(own: readonly string[]): Person | null {
  const given = own.flatMap((line) => {
    const trailer = trailerOf(line);
    return trailer !== null && GIVEN.test(trailer.kind) ? [trailer] : [];
  });
  const signed = signatureOf(own);
  if (signed !== null) {
    const first = signed.split(' ')[0]?.toLowerCase() ?? '';
    const tag = given.find((trailer) => trailer.name.toLowerCase().split(' ').includes(first));
    return tag ? { name: tag.name, email: tag.email } : { name: signed, email: '' };
  }
  const [one] = given;
  if (one === undefined || given.some((trailer) => trailer.name !== one.name)) return null;
  return { name: one.name, email: one.email };
}

/** The name below the last closing, or below a signature's border. */
function signatureOf(own: readonly string[]): string | null {
  const border = own.findLastIndex((line) => isClosing(line) || /^--\s?$/.test(line));
  if (border < 0) return null;
  const name = own.slice(border + 1, border + 5).find((line) => !isBlank(line));
  return name !== undefined && isName(name) ? name.trim() : null;
}
