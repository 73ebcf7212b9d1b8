// SPDX-License-Identifier: MIT
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

/** Verbs that subjects begin with, and whose other forms are seldom nouns or adjectives there. */
const VERBS =
  'add allow avoid change check clean convert correct create decrease delete disable drop enable ensure extend fix handle implement improve include increase initialize introduce make mark modify move prevent reduce refactor remove rename replace reset rework set simplify skip stop switch update use verify';

/** `adds`, `added`, `adding` → `add`. */
const FORMS = new Map(
  VERBS.split(' ').flatMap((verb) => {
    const stem = verb.endsWith('e') ? verb.slice(0, -1) : verb;
    const y = verb.endsWith('y') ? verb.slice(0, -1) : null;
    const double = /^(?:drop|set|skip|stop)$/.test(verb) ? `${verb}${verb.at(-1)}` : stem;
    const past = verb === 'make' ? 'made' : y === null ? `${double}ed` : `${y}ied`;
    const third = y !== null ? `${y}ies` : /(?:ch|x|sh)$/.test(verb) ? `${verb}es` : `${verb}s`;
    return [third, past, `${double}ing`].map((form) => [form, verb] as const);
  }),
);

export const subjectImperative: Rule = {
  id: 'subject-imperative',
  kind: 'series',
  severity: 'note',
  title: 'a subject is in the imperative mood: `add`, not `added` or `adds`',
  explanation: `"Describe your changes in imperative mood, e.g. 'make xyzzy do frotz' instead of '[This patch] makes xyzzy do
frotz' or '[I] changed xyzzy to do frotz', as if you are giving orders to the codebase to change its behaviour."
Only some verbs are known, and only as the first word: what this finds may be a noun.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'mails',
  advice: 'use the imperative mood',
  check: ({ series }) =>
    series.patches.flatMap(({ index, subject }) => {
      const word = /^[A-Za-z]+(?=\s|$)/.exec(withoutPrefix(subject))?.[0];
      const verb = word === undefined ? undefined : FORMS.get(word.toLowerCase());
      if (word === undefined || verb === undefined) return [];
      const text = `the subject begins with "${word}", not "${verb}"`;
      return [{ place: placed('subject', index), quote: subject, text }];
    }),
};

/** Behind the last of the words with a colon in front: `net: phy: `. */
function withoutPrefix(subject: string): string {
  return subject.slice(/^(?:[^\s:]{1,60}(?: [^\s:]{1,30}){0,3}: )*/.exec(subject)?.[0].length ?? 0);
}
