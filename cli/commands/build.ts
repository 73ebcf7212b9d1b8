// SPDX-License-Identifier: MIT
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { type Prepared, prepareBuild } from '../../runs/prepare.ts';
import type { Build } from '../../tools/build-vm/build.ts';
import type { PlainCommand } from '../command.ts';
import { BUILD_OPTIONS, requestOf, SERIES_DETAILS } from '../run-options.ts';

export const build: PlainCommand = {
  options: BUILD_OPTIONS,
  details: `${SERIES_DETAILS}

Applies the series and builds its kernel and the test programs of the patched
tree. A build that was made before, by any version with the same contents, comes
from the cache.`,
  run: async (context) => {
    const done: Prepared = {};
    const programs = await context.follow(prepareBuild(await requestOf(context), done, context.signal));
    const { host = programs, guest = programs } = done;
    if (context.json) context.printJson({ host, guest, programs });
    else if (!context.ndjson) context.stdout.write(buildText(host, guest, programs));
    return 0;
  },
};

function buildText(host: Build, guest: Build, programs: Build): string {
  const kernels: [string, Build][] =
    host.key === guest.key
      ? [['kernel', host]]
      : [
          ['host kernel', host],
          ['guest kernel', guest],
        ];
  const facts = [
    ...kernels.flatMap(([name, made]) => [
      [name, `${made.release}, ${made.profile}, ${made.compiler}`],
      ['bzImage', made.bzImage],
      ['vmlinux', made.vmlinux],
      ['config', made.config],
    ]),
    ['programs', Object.keys(programs.programs).join(' ')],
    ...programs.missing.map(({ program, why }) => ['not built', `${program}: ${why}`]),
    ['step time-out', `${programs.stepTimeout} s (the tree's own is ${programs.ownTimeout} s)`],
  ];
  return formatTable(
    [{ title: '' }, { title: '' }],
    facts.map((row) => row.map(printable)),
    { bare: true },
  );
}
