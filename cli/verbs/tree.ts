// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { importTree } from '../../kernel-tree/import-tree.ts';
import { listTrees, removeTree, type StoredTree, showTree } from '../../kernel-tree/registry.ts';
import { parseTreeSource } from '../../kernel-tree/source.ts';
import type { Context } from '../command.ts';

/** `respin tree add SOURCE` */
export async function add(context: Context, [named = '']: string[]): Promise<ExitCode> {
  const { source } = parseTreeSource(named, context.cwd);
  await context.follow(importTree(source, { signal: context.signal }));
  return context.ndjson ? 0 : await show(context, [source]);
}

/** `respin tree list` */
export async function list(context: Context): Promise<ExitCode> {
  const trees = await listTrees();
  if (context.json) context.printJson(trees);
  else await context.show(treesText(trees));
  return 0;
}

/** `respin tree show SOURCE` */
export async function show(context: Context, [named = '']: string[]): Promise<ExitCode> {
  const one = await showTree(named, context.cwd);
  if (context.json) context.printJson(one);
  else context.stdout.write(treeText(one));
  return 0;
}

/** `respin tree remove SOURCE` */
export async function remove(context: Context, [named = '']: string[]): Promise<ExitCode> {
  const removed = await removeTree(named, context.cwd);
  if (context.json) context.printJson(removed);
  else context.stdout.write(`removed ${printable(removed.source)} ${removed.commit.slice(0, SHORT)}\n`);
  return 0;
}

const SHORT = 12;

/** One line a tree. */
export function treesText(trees: readonly StoredTree[]): string {
  if (trees.length === 0) return 'no trees yet; respin tree add imports one, respin run the one it needs\n';
  return formatTable(
    [{ title: 'tree' }, { title: 'version' }, { title: 'commit' }, { title: 'imported' }],
    trees.map((one) => [
      printable(one.source),
      printable(one.version),
      one.commit.slice(0, SHORT),
      one.imported.slice(0, 10),
    ]),
  );
}

/** All that is known of a tree. */
export function treeText(one: StoredTree): string {
  const facts: [string, string | null][] = [
    ['tree', one.source],
    ['version', one.version],
    ['package', one.packageVersion],
    ['sha256', one.sha256],
    ['commit', one.commit],
    ['imported', one.imported],
    ['objects', one.gitDir],
    ['clone', one.clone],
  ];
  const rows = facts.flatMap(([name, value]) => (value === null ? [] : [[name, printable(value)]]));
  return formatTable([{ title: '' }, { title: '' }], rows, { bare: true });
}
