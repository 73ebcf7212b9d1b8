// SPDX-License-Identifier: MIT
import type { Severity } from '../../../core/check.ts';
import { editDistance } from '../../../core/nearest.ts';
import type { Patch } from '../../../core/series.ts';
import { readPerson } from '../../../patches/trailer-person.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';
import { atTrailer, isTool, MOST_TRAILERS, nameOf, type PatchTrailer, trailersOf } from '../trailers.ts';

/** Those that give a name; the others do not matter when they are misspelt: nobody looks for them. */
const NAMES = [
  'Signed-off-by',
  'Co-developed-by',
  'Reviewed-by',
  'Acked-by',
  'Tested-by',
  'Reported-by',
  'Suggested-by',
];
const KNOWN = new Map([...NAMES, 'Fixes', 'Closes', 'Link', 'Cc'].map((one) => [one.toLowerCase(), one]));

/** What people write for them that is more than a letter away. */
const MEANT = new Map(
  Object.entries({
    'Signed-off-by': ['signed-by', 'sign-off-by', 'signoff-by', 'singed-of-by', 'signed-off'],
    'Co-developed-by': ['co-authored-by', 'coauthored-by', 'co-author'],
    'Reviewed-by': ['review-by'],
    'Acked-by': ['ack-by', 'acknowledged-by'],
    'Tested-by': ['test-by'],
    'Reported-by': ['report-by'],
    'Suggested-by': ['suggest-by'],
  }).flatMap(([kind, words]) => words.map((word) => [word, kind])),
);
/** One letter from a known one, and meant so. */
const ITSELF = /^(?:nacked|naked|hacked|backed|packed|tasted|rested|bested|jested|nested|vested)-by$/;

const LONGEST = 1000;

export const trailerForm: Rule = {
  id: 'trailer-form',
  kind: 'series',
  severity: 'warning',
  title: 'trailers are spelt right, as Name <address>, and there once',
  explanation: `Trailers are read by programs: b4 collects them, statistics count them, bots follow them. They know
the tag by its name and the person by the address, in the form "tag: Full Name <email address>
optional-other-stuff". A tag that is misspelt counts for nothing, and one that is there twice only shows that
nobody looked. An AI assistant is no co-developer and does not sign off: it is named as
"Assisted-by: AGENT_NAME:MODEL_VERSION".`,
  link: 'https://docs.kernel.org/process/5.Posting.html#patch-formatting-and-changelogs',
  needs: 'mails',
  advice: 'write it as Tag: Full Name <address>',
  check: ({ series }) => series.patches.flatMap((patch) => [...misspelt(patch), ...inForm(patch)]),
};

function misspelt(patch: Patch): Found[] {
  const found: Found[] = [];
  const lines = patch.body.split('\n');
  for (let at = lastLines(patch, lines); at < lines.length && found.length < MOST_TRAILERS; at++) {
    const written = lines[at] ?? '';
    const word = /^([A-Za-z][A-Za-z _-]{1,30})\t?:/.exec(written)?.[1]?.trim();
    if (word === undefined || written.length > LONGEST) continue;
    const plain = word.toLowerCase().replace(/[ _]+/g, '-');
    const kind = KNOWN.get(plain) ?? MEANT.get(plain) ?? oneLetterFrom(plain);
    const tool = kind === 'Co-developed-by' ? toolIn(written) : null;
    if (tool !== null) {
      found.push({
        place: placed('message', patch.index, at + 1),
        quote: written,
        text: `${tool} is a tool, not a co-developer`,
        advice: 'write Assisted-by: AGENT_NAME:MODEL_VERSION',
      });
      continue;
    }
    if (kind === undefined || kind === word || plain === 'cc') continue;
    // Words of a sentence: only with an address are they a tag.
    if (word.includes(' ') && !written.includes('@')) continue;
    found.push({
      place: placed('message', patch.index, at + 1),
      quote: written,
      text: `"${word}" is written ${kind}`,
      advice: `write ${kind}:`,
      ...(word.toLowerCase() === kind.toLowerCase() ? { severity: 'note' } : {}),
    });
  }
  return found;
}

/** The name of the AI assistant that a line names; null when it is a person. */
function toolIn(written: string): string | null {
  const { person } = readPerson(written.slice(written.indexOf(':') + 1));
  return person !== null && isTool(person) ? nameOf(person) : null;
}

/** The index of the first line of the trailers, or of the last paragraph. */
function lastLines(patch: Patch, lines: readonly string[]): number {
  let at = lines.length;
  while (at > 0 && lines[at - 1]?.trim() === '') at--;
  while (at > 0 && lines[at - 1]?.trim() !== '') at--;
  const [first] = trailersOf(patch);
  return first === undefined ? at : Math.min(at, first.line - 1);
}

function oneLetterFrom(word: string): string | undefined {
  if (!word.endsWith('-by') || ITSELF.test(word)) return undefined;
  return NAMES.find(
    (name) => Math.abs(name.length - word.length) <= 1 && editDistance(word, name.toLowerCase()) <= 1,
  );
}

function inForm(patch: Patch): Found[] {
  const found: Found[] = [];
  const seen = new Set<string>();
  let signer = '';
  for (const trailer of trailersOf(patch)) {
    const wrong = ofPerson(trailer);
    if (wrong !== null) found.push({ ...atTrailer(patch, trailer), ...wrong });
    const { kind, person, note, value } = trailer;
    const who = (person?.email ?? value).toLowerCase();
    const key = `${kind}\n${kind === 'Cc' || person === null ? value : `${who}\n${note ?? ''}`}`;
    // A patch may come back to who has signed it before.
    const again = kind === 'Signed-off-by' ? signer === who : seen.has(key);
    if (again && KNOWN.has(kind.toLowerCase())) {
      const name = person === null ? value.slice(0, 60) : nameOf(person);
      const text = `the ${kind} ${person === null ? '' : 'of '}${name} is there already`;
      found.push({ ...atTrailer(patch, trailer), text, advice: 'take the line out' });
    }
    seen.add(key);
    if (kind === 'Signed-off-by') signer = who;
  }
  return found;
}

function ofPerson({ kind, person, value }: PatchTrailer): { text: string; severity?: Severity } | null {
  if (!NAMES.includes(kind)) return null;
  if (value === '') return { text: `${kind} names nobody` };
  // Who has found or wanted something need not have an address.
  const outside = kind === 'Reported-by' || kind === 'Suggested-by';
  if (person === null) {
    const text = `the ${kind} of ${value.slice(0, 60)} has no address`;
    return {
      text,
      ...(outside ? { severity: 'note' } : kind === 'Signed-off-by' ? { severity: 'error' } : {}),
    };
  }
  if (person.name === '') return outside ? null : { text: `the ${kind} of ${person.email} has no name` };
  if (!value.includes('<')) return { text: `the address ${person.email} is not in < >` };
  return null;
}
