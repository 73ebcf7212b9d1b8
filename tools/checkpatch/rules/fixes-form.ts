// SPDX-License-Identifier: MIT
import { type FixesLine, fixesOf } from '../fixes.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const FORM = /^Fixes: [0-9a-f]{12,40} \(".+"\)$/;
const ADVICE = 'write it as git log -1 --abbrev=12 --format=\'Fixes: %h ("%s")\' COMMIT does';

export const fixesForm: Rule = {
  id: 'fixes-form',
  kind: 'series',
  severity: 'warning',
  title: 'a Fixes: line is `Fixes: 123456789abc ("subject of that commit")`',
  explanation: `The stable team's scripts read these lines to learn which kernels need the patch: "use the 'Fixes:' tag with the
first 12 characters of the SHA-1 ID, and the one line summary. Do not split the tag across multiple lines, tags
are exempt from the 'wrap at 75 columns' rule in order to simplify parsing scripts." A report is named with
Closes: or Link:.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'mails',
  advice: ADVICE,
  check: ({ series }) =>
    series.patches.flatMap(({ index, body }) =>
      fixesOf(body).flatMap((one): Found[] => {
        const wrong = whatIsWrong(one);
        return wrong === null
          ? []
          : [{ place: placed('message', index, one.line), quote: one.text, ...wrong }];
      }),
    ),
};

function whatIsWrong({
  text,
  value,
  commit,
  subject,
  split,
}: FixesLine): Pick<Found, 'text' | 'advice' | 'severity'> | null {
  if (commit === null) {
    const advice = /^https?:/.test(value) ? 'name a report with Closes: or Link:' : ADVICE;
    return { text: 'the Fixes: line names no commit', advice };
  }
  if (split) {
    return {
      text: 'the Fixes: line is split',
      advice: 'write it in one line, however long',
      severity: 'error',
    };
  }
  if (commit.length < 12) return { text: `the commit id has ${commit.length} digits, not 12` };
  if (subject === null) return { text: 'the Fixes: line does not say the subject of the commit' };
  return FORM.test(text) ? null : { text: 'the Fixes: line is not written as scripts read it' };
}
