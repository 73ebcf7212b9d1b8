// SPDX-License-Identifier: MIT
import { parseSubject } from '../../../patches/subject.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const seriesNumbering: Rule = {
  id: 'series-numbering',
  kind: 'series',
  severity: 'error',
  title: 'every subject has its number, and all name one version and one total',
  explanation: `The numbers tell in which order the patches are applied and that none is missing: "1/4, 2/4, 3/4, 4/4",
the cover letter is 0/4. Every mail of a respin says v2, v3 and so on. Bots put series together by this. A series
that lacks a mail, or has a number twice, cannot be read at all.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'make the mails anew with git format-patch --reroll-count=N, all of them at once',
  ofSeries: true,
  check: ({ series, mails }) => {
    const total = series.patches.length;
    return mails.flatMap(({ patch, subject }): Found[] => {
      const said = parseSubject(subject);
      const place = placed('subject', patch);
      const found: Found[] = [];
      const say = (text: string): void => void found.push({ place, quote: subject, text });
      const right = `${patch}/${total}`;
      if (said.index === null || said.total === null) {
        if (mails.length > 1) say(`the subject has no number, it is ${right}`);
      } else if (said.index !== patch || said.total !== total) {
        say(`the subject says ${said.index}/${said.total}, it is ${right}`);
      }
      if (said.version !== series.version) {
        say(
          `the subject ${said.versionNamed ? `says ${said.version}` : 'names no version'}, the series is ${series.version}`,
        );
      }
      return found;
    });
  },
};
