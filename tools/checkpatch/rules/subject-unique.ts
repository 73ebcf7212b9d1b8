// SPDX-License-Identifier: MIT
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

export const subjectUnique: Rule = {
  id: 'subject-unique',
  kind: 'series',
  severity: 'warning',
  title: 'no two patches have the same subject',
  explanation: `"Do not use the same summary phrase for every patch in a whole patch series": it is the name by which a patch
is found, in Fixes: lines and in searches, and it should be one patch's only.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'say what each of them does that the others do not',
  check: ({ series }) => {
    const first = new Map<string, number>();
    return series.patches.flatMap(({ index, subject }) => {
      const words = subject.toLowerCase().split(/\W+/).join(' ').trim();
      const before = first.get(words);
      if (before === undefined) first.set(words, index);
      if (before === undefined) return [];
      const text = `the subject is that of patch ${before}, too`;
      return [{ place: placed('subject', index), quote: subject, text }];
    });
  },
};
