// SPDX-License-Identifier: MIT
import { RespinError } from '../../../core/errors.ts';
import { applySeries } from '../../../kernel-tree/apply.ts';
import { changedFiles, commitsNamed } from '../../../kernel-tree/history.ts';
import { notMailsYet } from '../not-mails-yet.ts';
import { pathOf, placed, SERIES } from '../places.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';

export const baseCommit: Rule = {
  id: 'base-commit',
  kind: 'series',
  severity: 'warning',
  title: 'a base-commit: line names the commit the series is made on, and it applies there',
  explanation: `"When other developers receive your patches and start the review process, it is absolutely necessary for them
to know what is the base commit/branch your work applies on". git format-patch --base=auto writes it below the
cover letter, or below the first patch. On netdev the tree in the prefix says most of it: there its lack is a note.
Whether it is true is tried where the tree is a clone that has the commit; whether the commit is public cannot be told.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#providing-base-tree-information',
  needs: 'tree',
  advice: 'make the mails with git format-patch --base=auto',
  ofSeries: true,
  check: async (input) => {
    const named = baseOf(input);
    if (named === null) {
      const early = notMailsYet(input.series);
      if (early !== null) return early;
      const severity = input.profile === 'netdev' ? 'note' : 'warning';
      return [{ place: SERIES, quote: null, text: 'no mail says which commit it is made on', severity }];
    }
    const { place, quote, commit } = named;
    if (commit === null) return [{ place, quote, text: 'the base-commit: line has no whole commit id' }];
    const { tree } = (await input.tree()).applied;
    if (commit === tree.commit) return [];
    if (!(await commitsNamed(tree, [commit], input.signal)).has(commit)) {
      const text = `${tree.source} does not have base-commit ${commit.slice(0, 12)}, so it was not tried`;
      const advice =
        'name a clone that has it with --tree git:/path/to/linux#REF; make sure that it is public';
      return [{ place, quote, text, advice, severity: 'note' }];
    }
    const changed = await changedFiles(tree, commit, tree.commit);
    const touched = input.series.patches.flatMap(({ files }) =>
      files.flatMap((file) => [pathOf(file), file.oldPath ?? pathOf(file)]),
    );
    if (!touched.some((name) => changed.has(name))) return [];
    return await applied(input, commit, { place, quote });
  },
};

interface NamedBase extends Pick<Found, 'place' | 'quote'> {
  /** null when it is cut short. */
  commit: string | null;
}

/** The cover letter's, else the first patch's that has one. */
function baseOf({ series, mails }: CheckInput): NamedBase | null {
  for (const { patch, text } of mails) {
    const match = /^base-commit:[ \t]*(\S*)/m.exec(text);
    if (match === null) continue;
    const [quote, id = ''] = match;
    const line = patch === 0 ? (series.cover?.body ?? '').split('\n').indexOf(quote) + 1 : 0;
    const place = line > 0 ? placed('cover', 0, line) : placed('mail', patch);
    return { place, quote, commit: /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(id) ? id : null };
  }
  return null;
}

/** Tries it: the files of the series are others there than in the tree it was checked on. */
async function applied(
  { series, tree, signal }: CheckInput,
  commit: string,
  where: Pick<Found, 'place' | 'quote'>,
): Promise<Found[]> {
  const base = { ...(await tree()).applied.tree, commit };
  try {
    const steps = applySeries(base, series, { signal });
    while ((await steps.next()).done !== true);
    return [];
  } catch (error) {
    if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
    const text = `the series does not apply to its base-commit ${commit.slice(0, 12)}: ${error.message}`;
    return [{ ...where, text, advice: 'rebase the series, and make the mails anew', severity: 'error' }];
  }
}
