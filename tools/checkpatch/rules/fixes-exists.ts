// SPDX-License-Identifier: MIT
import { commitsNamed, historyOf } from '../../../kernel-tree/history.ts';
import { fixesOf } from '../fixes.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const fixesExists: Rule = {
  id: 'fixes-exists',
  kind: 'series',
  severity: 'error',
  title: 'a Fixes: line names a commit of the tree, with the subject it has there',
  explanation: `A Fixes: line with a wrong id, often one of the author's own branch, sends the stable team after nothing. The
commit is looked up in the tree's repository: for this the tree has to be a git clone with its history, named with
--tree git:/path/to/linux#REF. A Debian package and a tarball have none: of these the rule says nothing.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'tree',
  advice:
    'take id and subject from git log of the tree it is in, git log -1 --format=\'Fixes: %h ("%s")\' COMMIT',
  check: async ({ series, tree: prepared, signal }) => {
    const lines = series.patches.flatMap(({ index, body }) =>
      fixesOf(body).flatMap(({ commit, ...one }) => (commit === null ? [] : [{ index, commit, ...one }])),
    );
    if (lines.length === 0) return { notForThis: 'no Fixes: line names a commit' };
    const { tree } = (await prepared()).applied;
    const known = await commitsNamed(
      tree,
      lines.map(({ commit }) => commit),
      signal,
    );
    const history = await historyOf(tree);
    if (known.size === 0 && history === 'none') {
      return { notForThis: `${tree.source} comes without the history to look them up in` };
    }
    return lines.flatMap(({ index, line, text: quote, commit, subject }): Found[] => {
      const found = known.get(commit);
      const place = placed('message', index, line);
      if (found !== undefined) {
        if (subject === null || sameWords(subject, found.subject)) return [];
        return [{ place, quote, text: `the subject of ${commit} is "${found.subject}"` }];
      }
      if (history === 'whole') {
        return [{ place, quote, text: `${tree.source} has no commit ${commit}`, severity: 'warning' }];
      }
      const text = `${commit} is not in the part of the history that ${tree.source} has`;
      return [{ place, quote, text, advice: 'look it up in a whole clone', severity: 'note' }];
    });
  },
};

function sameWords(one: string, other: string): boolean {
  const folded = (text: string): string => text.split(/\s+/).join(' ').trim();
  return folded(one) === folded(other);
}
