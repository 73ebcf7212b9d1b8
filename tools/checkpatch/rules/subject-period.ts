// SPDX-License-Identifier: MIT
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

export const subjectPeriod: Rule = {
  id: 'subject-period',
  kind: 'series',
  severity: 'note',
  title: 'a subject ends without a full stop',
  explanation: `The subject is a heading, and headings have no full stop; "subsystem: summary phrase" is its form.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'take it off',
  check: ({ series }) =>
    series.patches
      .filter(
        ({ subject }) => /[^.]\.$/.test(subject) && !/\b(?:etc|e\.g|i\.e|vs|Inc|Ltd|Co)\.$/i.test(subject),
      )
      .map(({ index, subject }) => ({
        place: placed('subject', index),
        quote: subject,
        text: 'the subject ends in a full stop',
      })),
};
