// SPDX-License-Identifier: MIT
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

const MOST = 75;

export const subjectLength: Rule = {
  id: 'subject-length',
  kind: 'series',
  severity: 'warning',
  title: `a subject has at most ${MOST} characters`,
  explanation: `The subject, without the words in brackets, becomes the first line of the commit. It is what git log
--oneline, gitk and a maintainer's pull request show of the patch: "The summary must be no more than 70-75
characters, and it must describe both what the patch changes, as well as why the patch might be necessary." That of a
revert is as long as what it reverts.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'say it shorter; what does not fit belongs into the message',
  check: ({ series }) =>
    series.patches
      .filter(({ subject }) => [...subject].length > MOST && !/^revert "/i.test(subject))
      .map(({ index, subject }) => ({
        place: placed('subject', index),
        quote: subject,
        text: `the subject has ${[...subject].length} characters`,
      })),
};
