// SPDX-License-Identifier: MIT
import { pathOf, SERIES } from '../places.ts';
import { versionsOf } from '../reviewed.ts';
import type { Rule } from '../rule.ts';
import { trailersOf } from '../trailers.ts';

const PROSE = /^(?:Documentation\/|MAINTAINERS$|CREDITS$|\.mailmap$)|\.rst$/;

export const testingStated: Rule = {
  id: 'testing-stated',
  kind: 'series',
  severity: 'note',
  title: 'the series says how it was tested',
  explanation: `Whoever takes the series wants to know what it went through: which programs, on what, which
configurations, or that it was only built. A sentence in the cover letter or below --- does it: "Tested with
vsock_test in both directions". A table of measurements counts as well, and so does a
Tested-by.`,
  link: 'https://docs.kernel.org/process/submit-checklist.html#test-your-code',
  needs: 'mails',
  advice: 'say in the cover letter or below --- what was run, and on what',
  ofSeries: true,
  check: (input) => {
    const paths = input.series.patches.flatMap(({ files }) => files.map(pathOf));
    if (paths.every((path) => PROSE.test(path))) return { notForThis: 'it changes documentation only' };
    const { now } = versionsOf(input);
    if (now === null || now.tested.length > 0 || now.performance.length > 0) return [];
    const tagged = input.series.patches.some((patch) =>
      trailersOf(patch).some(({ kind }) => kind === 'Tested-by' || kind === 'Reported-and-tested-by'),
    );
    if (tagged) return [];
    return [{ place: SERIES, quote: null, text: 'nothing in it says how it was tested' }];
  },
};
