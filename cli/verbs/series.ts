// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { FileDiff, Patch, Series } from '../../core/series.ts';
import { formatTable } from '../../core/table.ts';
import { listSeries } from '../../patches/list-series.ts';
import type { Context } from '../command.ts';
import { readNamed } from '../read-named.ts';

/** `respin series list` */
export async function list(context: Context): Promise<ExitCode> {
  const all = await listSeries({ patchesDir: (await context.settings()).settings.patches });
  if (context.json) {
    context.printJson(all);
    return 0;
  }
  const rows = all.map((one) => [
    printable(one.name),
    printable(one.versions.map(({ version }) => version).join(' ')),
    String(one.versions.at(-1)?.patches ?? 0),
    printable(one.tree ?? ''),
    printable(one.title),
  ]);
  await context.show(
    formatTable(
      [
        { title: 'series' },
        { title: 'versions' },
        { title: 'patches', align: 'right' },
        { title: 'tree' },
        { title: 'title' },
      ],
      rows,
    ),
  );
  return 0;
}

/** `respin series show SERIES` */
export async function show(context: Context, [what = '']: string[]): Promise<ExitCode> {
  const one = await readNamed(context, what, context.text('version'));
  if (context.json) context.printJson(withoutMails(one));
  else await context.show(seriesText(one));
  return 0;
}

/** The mails' bytes are for git am, not for reading. */
function withoutMails(one: Series): unknown {
  const cover = one.cover === null ? null : { ...one.cover, mail: undefined };
  return { ...one, cover, patches: one.patches.map(({ mail: _, ...patch }) => patch) };
}

/** A series as it is read: what it is, then its patches with the lines they change. */
export function seriesText(one: Series): string {
  const facts = [
    ['series', `${one.name} ${one.version}`],
    ['title', one.title],
    ['from', one.source],
    ['tree', one.tree ?? 'not said'],
    ['base', one.baseCommit ?? 'not said'],
    ['author', [...new Set(one.patches.map(({ author }) => `${author.name} <${author.email}>`))].join(', ')],
  ];
  const rows = one.patches.map((patch) => {
    const { added, removed } = countLines(patch);
    return [
      `${patch.index}/${patch.total}`,
      `+${added}`,
      `-${removed}`,
      printable(patch.subject),
      patch.files.map((file) => printable(filePath(file))).join(' '),
    ];
  });
  return `${formatTable(
    [{ title: '' }, { title: '' }],
    facts.map((row) => row.map(printable)),
    { bare: true },
  )}\n${formatTable(
    [
      { title: 'patch', align: 'right' },
      { title: 'added', align: 'right' },
      { title: 'removed', align: 'right' },
      { title: 'subject' },
      { title: 'files' },
    ],
    rows,
  )}`;
}

function filePath(file: FileDiff): string {
  return file.newPath ?? file.oldPath ?? '';
}

function countLines(patch: Patch): { added: number; removed: number } {
  const lines = patch.files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
  return {
    added: lines.filter(({ kind }) => kind === 'add').length,
    removed: lines.filter(({ kind }) => kind === 'del').length,
  };
}
