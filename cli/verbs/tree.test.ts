// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { StoredTree } from '../../kernel-tree/registry.ts';
import { treesText, treeText } from './tree.ts';

const TREE: StoredTree = {
  source: 'git:/home/x/linux#v6.12',
  version: '6.12.0\x1b[2J',
  packageVersion: null,
  sha256: null,
  gitDir: '/home/x/.cache/respin/trees/git-linux/repo.git',
  commit: '0123456789abcdef0123456789abcdef01234567',
  imported: '2026-01-31T10:20:30.000Z',
  file: null,
  clone: '/home/x/linux',
};

it('a list has a line a tree, control bytes escaped', () => {
  expect(treesText([TREE])).toBe(
    'tree                     version        commit        imported\n' +
      'git:/home/x/linux#v6.12  6.12.0\\x1b[2J  0123456789ab  2026-01-31\n',
  );
});

it('an empty list says how to get one', () => {
  expect(treesText([])).toContain('respin tree add');
});

it('a tree is shown without what it does not have', () => {
  const text = treeText(TREE);
  expect(text).toContain('commit    0123456789abcdef0123456789abcdef01234567\n');
  expect(text).not.toContain('sha256');
  expect(text).not.toContain('null');
});
