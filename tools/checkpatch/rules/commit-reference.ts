// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import { messageParts } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const REFERENCE = /(?<![\w/-])commit\s{1,80}([0-9a-f]{7,40})(?![\w-])/gi;
/** Of an id; fewer digits are no id to `commit` in a message. */
const SHORTEST = 7;
const TITLE = /^\s{0,80}\(\s{0,80}["“'‘]/;
/** `123456789abc "title"` and `123456789abc (title)` say which it is, though not in the form. */
const SAYS = /^[\s,:]{0,80}(?:titled )?["“'‘(]/;

export const commitReference: Rule = {
  id: 'commit-reference',
  kind: 'series',
  severity: 'warning',
  title: 'a commit is named as `commit 123456789abc ("its title")`',
  explanation: `"If you want to refer to a specific commit, don't just refer to the SHA-1 ID of the commit. Please also include
the oneline summary of the commit, to make it easier for reviewers to know what it is about." Of the id "at least
the first twelve characters", so that it stays unique. Once it was named so the id alone will do.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'mails',
  advice: 'write it as git log -1 --abbrev=12 --format=\'commit %h ("%s")\' COMMIT does',
  check: ({ series }) => series.patches.flatMap(ofPatch),
};

function ofPatch({ index, subject, body }: Patch): Found[] {
  const reverts = /\brevert "/i.test(subject);
  const named = new Set<string>();
  return messageParts(body).prose.flatMap(({ start, lines }) => {
    if (lines.some((line) => /is the first bad commit/.test(line))) return [];
    const text = lines.join('\n');
    let line = 0;
    let seen = 0;
    return [...text.matchAll(REFERENCE)].flatMap((match): Found[] => {
      const [whole, id = ''] = match;
      for (; seen < match.index; seen++) if (text[seen] === '\n') line++;
      const quote = lines[line] ?? '';
      // `commit defaced` and `commit 1234567 pages` name no commit.
      if (!/\d/.test(id) || (!/[a-f]/i.test(id) && id.length < 12) || isGiven(quote)) return [];
      const place = placed('message', index, start + line);
      const behind = text.slice(match.index + whole.length, match.index + whole.length + 200);
      // What stable and git revert write: the title is in the subject.
      if (/^\s{1,80}upstream\b/i.test(behind)) return [];
      if (reverts && /^This reverts commit /.test(quote)) return [];
      const known = named.has(id.slice(0, SHORTEST));
      const titled = SAYS.test(behind);
      if (titled) named.add(id.slice(0, SHORTEST));
      if (known) return [];
      if (id.length < 12)
        return [{ place, quote, text: `the commit id ${id} has ${id.length} digits, not 12` }];
      if (!titled) return [{ place, quote, text: `commit ${id.slice(0, 12)} is named without its title` }];
      if (TITLE.test(behind)) return [];
      const form = `the title of commit ${id.slice(0, 12)} is not written as ("title")`;
      return [{ place, quote, text: form, severity: 'note' }];
    });
  });
}

/** What git, stable and bisection write themselves, and what is quoted of them. */
function isGiven(line: string): boolean {
  return (
    /^(?:[ \t]{4,}|\t|[>#$|])/.test(line) ||
    /^(?:commit [0-9a-f]{40}(?: upstream\.?)?$|\[ ?(?:upstream )?commit|\(cherry picked from|\(backported from|upstream commit|base-commit)/i.test(
      line,
    )
  );
}
