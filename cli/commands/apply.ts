// SPDX-License-Identifier: MIT
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { prepareTree } from '../../runs/prepare.ts';
import type { PlainCommand } from '../command.ts';
import { requestOf, SERIES_DETAILS, SERIES_OPTIONS } from '../run-options.ts';

export const apply: PlainCommand = {
  options: SERIES_OPTIONS,
  details: `${SERIES_DETAILS}

Applies the series as git am --3way would, each patch a commit, in a repository
of respin's own: no work tree of yours is touched. Applied once, it is there at
once the next time.`,
  run: async (context) => {
    const applied = await context.follow(prepareTree(await requestOf(context), {}, context.signal));
    if (context.json) context.printJson(applied);
    else if (!context.ndjson) context.stdout.write(appliedText(applied));
    return 0;
  },
};

const SHORT = 12;

function appliedText(applied: AppliedSeries): string {
  const { tree, patches, commit, treeHash } = applied;
  const facts = [
    ['tree', `${tree.source}, ${tree.version}, ${tree.commit.slice(0, SHORT)}`],
    ['commit', commit],
    ['tree hash', treeHash],
    ['look', `git --git-dir=${tree.gitDir} log -p ${tree.commit.slice(0, SHORT)}..${commit.slice(0, SHORT)}`],
  ];
  const rows = patches.map((patch, i) => [
    `${i + 1}/${patches.length}`,
    patch.commit.slice(0, SHORT),
    patch.patchId.slice(0, SHORT),
    printable(patch.subject),
  ]);
  const head = formatTable(
    [{ title: '' }, { title: '' }],
    facts.map((row) => row.map(printable)),
    { bare: true },
  );
  const columns = [{ title: 'patch' }, { title: 'commit' }, { title: 'patch-id' }, { title: 'subject' }];
  return rows.length === 0 ? head : `${head}\n${formatTable(columns, rows)}`;
}
