// SPDX-License-Identifier: MIT
import { notMailsYet } from '../not-mails-yet.ts';
import { SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

const LEAST = 3;

export const coverLetter: Rule = {
  id: 'cover-letter',
  kind: 'series',
  severity: 'warning',
  title: `a series of ${LEAST} patches or more has a cover letter`,
  explanation: `The cover letter, patch 0, says what the patches are for together and what was tested; comments on the whole
are answers to it. "If you have a significant series of patches, it is customary to send an introductory
description as part zero." netdev turns it into the merge commit's message.`,
  link: 'https://docs.kernel.org/process/5.Posting.html#sending-the-patch',
  needs: 'mails',
  advice: 'make one with git format-patch --cover-letter and write what the series is for',
  ofSeries: true,
  check: ({ series }) => {
    const count = series.patches.length;
    if (count < LEAST || series.cover !== null) return [];
    const early = notMailsYet(series);
    if (early !== null) return early;
    return [{ place: SERIES, quote: null, text: `a series of ${count} patches has no cover letter` }];
  },
};
