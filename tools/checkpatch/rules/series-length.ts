// SPDX-License-Identifier: MIT
import { SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

const MOST = 15;

export const seriesLength: Rule = {
  id: 'series-length',
  kind: 'series',
  severity: 'warning',
  title: `a series has at most ${MOST} patches`,
  explanation: `"Avoid sending series longer than 15 patches. Larger series takes longer to review as reviewers will defer
looking at it until they find a large chunk of time." Several smaller series, one after the other, are merged sooner.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#dividing-work-into-patches',
  needs: 'mails',
  profile: 'netdev',
  advice: 'split it into series that make sense one by one, and post the next when the first is merged',
  ofSeries: true,
  check: ({ series }) => {
    const count = series.patches.length;
    return count <= MOST ? [] : [{ place: SERIES, quote: null, text: `the series has ${count} patches` }];
  },
};
