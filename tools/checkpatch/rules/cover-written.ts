// SPDX-License-Identifier: MIT
import type { CoverLetter } from '../../../core/series.ts';
import { placed, textLines } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** git format-patch --cover-letter, b4 prep. */
const TEMPLATE = /\*\*\* (?:SUBJECT|BLURB) HERE \*\*\*|^EDITME:|^# Lines starting with # will be removed/;
/** The shortlog, the diffstat, and what git and b4 put below. */
const MADE =
  /^.{1,80} \(\d{1,4}\):$|^ {2}\S|^ .{1,300} \| +(?:\d|Bin)|^ \d+ files? changed|^ (?:create|delete|rename|copy|mode) |^(?:base-commit|change-id|prerequisite-[a-z-]+):|^(?:---|--)$/;

export const coverWritten: Rule = {
  id: 'cover-written',
  kind: 'series',
  severity: 'error',
  title: 'the cover letter was written, not left as the template',
  explanation: `git format-patch --cover-letter leaves *** SUBJECT HERE *** and *** BLURB HERE *** to be replaced; b4 leaves lines
that begin with EDITME. A series that is mailed like that has to be mailed again. List of patches and diffstat
alone say nothing that the mails do not say.`,
  link: 'https://docs.kernel.org/process/5.Posting.html#sending-the-patch',
  needs: 'mails',
  advice: 'write what the series is for',
  ofSeries: true,
  check: ({ series: { cover } }) => {
    if (cover === null) return { notForThis: 'no cover letter' };
    const left = leftOvers(cover);
    return left.length > 0 ? left : silent(cover);
  },
};

function leftOvers({ subject, body }: CoverLetter): Found[] {
  const found: Found[] = [];
  if (TEMPLATE.test(subject)) {
    found.push({ place: placed('subject', 0), quote: subject, text: "the subject is the template's" });
  }
  for (const { line, text } of textLines(body)) {
    if (!TEMPLATE.test(text)) continue;
    found.push({ place: placed('cover', 0, line), quote: text, text: 'the line is left from the template' });
  }
  return found;
}

function silent({ body }: CoverLetter): Found[] {
  const says = body.split('\n').some((line) => line.trim() !== '' && !MADE.test(line.slice(0, 400)));
  if (says) return [];
  const text = 'the cover letter says nothing of its own';
  return [{ place: placed('cover', 0), quote: null, text, severity: 'warning' }];
}
