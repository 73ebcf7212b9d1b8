// SPDX-License-Identifier: MIT
import { printable } from '../../core/escape.ts';
import { formatTable } from '../../core/table.ts';
import { importTree } from '../../kernel-tree/import-tree.ts';
import { listTrees, removeTree, type StoredTree, showTree } from '../../kernel-tree/registry.ts';
import { parseTreeSource } from '../../kernel-tree/source.ts';
import { chooseVerb } from '../arguments.ts';
import type { Command, Context } from '../command.ts';

export const tree: Command = {
  options: {},
  details: `A tree is imported into the cache once; a clone on this machine is only read.
SOURCE is one of
  debian:PACKAGE[=VERSION]     debian:linux-source-6.12, debian:linux-source-6.1
  git:URL#COMMIT, git:/path#REF
  tar:/path, tar:URL#sha256=SUM
show and remove also take a name: the source without its kind, or the start of the commit id.`,
  run: async (context) => {
    const { verb, args } = chooseVerb('tree', context.positionals, {
      add: ['SOURCE'],
      list: [],
      show: ['SOURCE'],
      remove: ['SOURCE'],
    });
    const [source = ''] = args;
    switch (verb) {
      case 'add':
        await add(context, source);
        break;
      case 'list':
        await list(context);
        break;
      case 'show':
        print(context, await showTree(source, context.cwd));
        break;
      case 'remove':
        await remove(context, source);
        break;
    }
    return 0;
  },
};

async function add(context: Context, named: string): Promise<void> {
  const { source } = parseTreeSource(named, context.cwd);
  await context.follow(importTree(source, { signal: context.signal }));
  if (!context.ndjson) print(context, await showTree(source, context.cwd));
}

async function list(context: Context): Promise<void> {
  const trees = await listTrees();
  if (context.json) context.printJson(trees);
  else context.stdout.write(treesText(trees));
}

async function remove(context: Context, named: string): Promise<void> {
  const removed = await removeTree(named, context.cwd);
  if (context.json) context.printJson(removed);
  else context.stdout.write(`removed ${printable(removed.source)} ${removed.commit.slice(0, SHORT)}\n`);
}

function print(context: Context, one: StoredTree): void {
  if (context.json) context.printJson(one);
  else context.stdout.write(treeText(one));
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
