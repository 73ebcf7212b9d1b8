// SPDX-License-Identifier: MIT
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { type Prepared, prepareBuild } from '../../runs/prepare.ts';
import type { Command } from '../command.ts';
import { BUILD_OPTIONS, requestOf, SERIES_DETAILS } from '../run-options.ts';

export const build: Command = {
  options: BUILD_OPTIONS,
  details: `${SERIES_DETAILS}

Applies the series and builds its kernel and the test programs of the patched tree. A build that was made
before, by any version with the same contents, comes from the cache.`,
  run: async (context) => {
    const done: Prepared = {};
    const made = await context.follow(prepareBuild(await requestOf(context), done, context.signal));
    if (context.json) context.printJson(made);
    else if (!context.ndjson) {
      const facts = [
        ['kernel', `${made.release}, ${made.profile}, ${made.compiler}`],
        ['bzImage', made.bzImage],
        ['vmlinux', made.vmlinux],
        ['config', made.config],
        ['programs', Object.keys(made.programs).join(' ')],
        ...made.missing.map(({ program, why }) => ['not built', `${program}: ${why}`]),
        ['step time-out', `${made.stepTimeout} s (the tree's own is ${made.ownTimeout} s)`],
      ];
      context.stdout.write(
        formatTable(
          [{ title: '' }, { title: '' }],
          facts.map((row) => row.map(printable)),
          { bare: true },
        ),
      );
    }
    return 0;
  },
};
