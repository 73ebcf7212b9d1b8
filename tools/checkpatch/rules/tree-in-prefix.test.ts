// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { treeInPrefix } from './tree-in-prefix.ts';

const two = { cover: 'Both.', patches: [{}, {}] };

it('finds a series that names no tree', async () => {
  expect(await found(treeInPrefix, two)).toEqual(['- series none of the 3 subjects names net or net-next']);
  expect(await found(treeInPrefix, { patches: [{}], prefix: 'RFC' })).toEqual([
    '- series the subject names neither net nor net-next',
  ]);
});

it('warns where nobody said that a series is for netdev, when all it touches is', async () => {
  const of = (...paths: string[]) =>
    found(treeInPrefix, {
      profile: 'generic',
      patches: [{ diff: paths.map((path) => adds(path, ['int a;'])).join('') }],
    });
  const WARNS = ['- series the subject names neither net nor net-next'];
  const SILENT = ['not for this: it is not for netdev alone'];
  expect(await of('net/vmw_vsock/af_vsock.c', 'tools/testing/vsock/vsock_test.c')).toEqual(WARNS);
  expect(await of('drivers/net/veth.c', 'Documentation/networking/x.rst')).toEqual(WARNS);
  expect(await of('net/vmw_vsock/af_vsock.c', 'drivers/vhost/scsi.c')).toEqual(SILENT);
  expect(await of('drivers/net/wireless/ath/ath9k/main.c')).toEqual(SILENT);
  expect(await of('net/bluetooth/hci_core.c')).toEqual(SILENT);
  expect(await of('tools/testing/vsock/vsock_test.c')).toEqual(SILENT);
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
