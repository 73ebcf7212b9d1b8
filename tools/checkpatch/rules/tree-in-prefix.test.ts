// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { treeInPrefix } from './tree-in-prefix.ts';

const two = { cover: 'Both.', patches: [{}, {}] };

it('finds a series that names no tree', async () => {
  expect(await found(treeInPrefix, two)).toEqual(['- series none of the 3 subjects names net or net-next']);
  expect(await found(treeInPrefix, { patches: [{}], prefix: 'RFC' })).toEqual([
    '- series the subject names net or net-next',
  ]);
});

it('finds the mails that say something else than the first', async () => {
  const patches = [{}, { brackets: 'PATCH 2/3' }, { brackets: 'PATCH net 3/3' }];
  expect(await found(treeInPrefix, { patches, prefix: 'net-next' })).toEqual([
    '2 subject the subject names no tree, others say net-next',
    '3 subject the subject says net, others say net-next',
  ]);
});

it('finds the tree in capitals, and one that series.toml contradicts', async () => {
  expect(await found(treeInPrefix, { patches: [{}], prefix: 'Net-Next' })).toEqual([
    '1 subject the tree is spelled Net-Next, not net-next',
  ]);
  const setting = { prefix: 'net', lists: [], cc: [] };
  expect(await found(treeInPrefix, { patches: [{}], prefix: 'net-next', setting })).toEqual([
    '- series the mails say net-next, series.toml says net',
  ]);
});

it('says nothing of commits', async () => {
  for (const source of ['main..mine', 'git:/linux#main..mine']) {
    expect(await found(treeInPrefix, { ...two, source })).toEqual([
      'not for this: these are commits, and their mails are not made yet',
    ]);
  }
});

it('is silent with RFC beside the tree, and on series for other trees', async () => {
  expect(await found(treeInPrefix, { ...two, prefix: 'RFC net-next' })).toEqual([]);
  expect(await found(treeInPrefix, { ...two, prefix: 'bpf-next' })).toEqual([
    'not for this: it is for bpf-next',
  ]);
});
