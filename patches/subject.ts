// SPDX-License-Identifier: MIT
/** `[RFC PATCH net-next v3 2/5] vsock: …`: what the words in the brackets say. */

export interface ParsedSubject {
  /** Without `Re:` and without the brackets in front. */
  subject: string;
  /** The words of the brackets but PATCH, version and numbering: `net-next`, `RFC`, `RESEND`. */
  prefixes: string[];
  /** `v1` when none is named. */
  version: string;
  /** Whether a version was named: a mail without one may get it from its folder. */
  versionNamed: boolean;
  /** null when the mail is not numbered. */
  index: number | null;
  total: number | null;
  /** Whether PATCH (or RFC) stands in the brackets. */
  isPatch: boolean;
  isReply: boolean;
}

/** An honest one has less; a hostile one has megabytes of brackets. */
const LONGEST = 10_000;

const REPLY = /^(re|aw|antw|sv|vs|fwd?|wg)(\[\d+\])?:\s*/i;

/**
 * Reads a subject line, its encoded words decoded. White space is folded as git mailinfo does.
 * Reply words count up to the brackets with PATCH in them: behind these stands the commit's own
 * subject, which may well be `fw: …`. Number and version are those of these brackets, too.
 */
export function parseSubject(raw: string): ParsedSubject {
  let rest = raw.slice(0, LONGEST).replace(/\s+/g, ' ').trim();
  const parsed: ParsedSubject = {
    subject: '',
    prefixes: [],
    version: 'v1',
    versionNamed: false,
    index: null,
    total: null,
    isPatch: false,
    isReply: false,
  };
  for (;;) {
    const reply = parsed.isPatch ? null : REPLY.exec(rest);
    if (reply) {
      parsed.isReply = true;
      rest = rest.slice(reply[0].length);
      continue;
    }
    const bracket = /^\[([^\]]*)\]\s*/.exec(rest);
    if (!bracket) break;
    const words = (bracket[1] ?? '').split(/[\s,]+/);
    const numbered = !parsed.isPatch;
    for (const word of words) readWord(parsed, word, numbered);
    rest = rest.slice(bracket[0].length);
  }
  parsed.subject = rest;
  return parsed;
}

function readWord(parsed: ParsedSubject, word: string, numbered: boolean): void {
  if (word === '') return;
  const numbers = /^(\d{1,4})\/(\d{1,4})$/.exec(word);
  const version = /^(RFC|PATCH|RFC-?PATCH)?-?v(\d{1,4})$/i.exec(word);
  if (numbers) {
    if (!numbered) return;
    parsed.index = Number(numbers[1]);
    parsed.total = Number(numbers[2]);
    return;
  }
  const name = (version ? (version[1] ?? '') : word).toUpperCase();
  if (version && numbered) {
    parsed.version = `v${Number(version[2])}`;
    parsed.versionNamed = true;
  }
  if (name.includes('PATCH') || name === 'RFC') parsed.isPatch = true;
  if (name === 'RFC' || name === 'RFCPATCH' || name === 'RFC-PATCH') addPrefix(parsed, 'RFC');
  else if (!version && name !== 'PATCH') addPrefix(parsed, word);
}

function addPrefix(parsed: ParsedSubject, word: string): void {
  if (!parsed.prefixes.includes(word)) parsed.prefixes.push(word);
}
