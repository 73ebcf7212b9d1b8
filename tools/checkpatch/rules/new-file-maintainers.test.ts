// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found, newFile } from '../fixture.ts';
import type { CheckInput, CheckTree } from '../rule.ts';
import { newFileMaintainers } from './new-file-maintainers.ts';

const MAINTAINERS = 'VSOCK\nF:\tnet/vmw_vsock/\n\nTHE REST\nF:\t*\nF:\t*/\n';
const PATCHES = [
  { diff: newFile('net/vmw_vsock/new.c', ['int a;']) },
  { diff: newFile('net/other/new.c', ['int a;']) },
];

function tree(text: string | null): CheckInput['tree'] {
  const one: Partial<CheckTree> = {
    applied: { tree: { source: 'tar:/a' } } as CheckTree['applied'],
    after: (patch) => `after ${patch}`,
    file: async (commit, path) => (commit === 'after 2' && path === 'MAINTAINERS' ? text : null),
  };
  return async () => one as CheckTree;
}

it('finds a new file that only THE REST has, after the last patch', async () => {
  expect(await found(newFileMaintainers, { patches: PATCHES, tree: tree(MAINTAINERS) })).toEqual([
    '2 net/other/new.c no section of MAINTAINERS has the new file net/other/new.c',
  ]);
});

it('is silent when the series names it', async () => {
  const text = MAINTAINERS.replace('\n\n', '\nF:\tnet/other/\n\n');
  expect(await found(newFileMaintainers, { patches: PATCHES, tree: tree(text) })).toEqual([]);
});

it('asks for no tree without a new file', async () => {
  expect(
    await found(newFileMaintainers, { patches: [{ diff: adds('net/core/dev.c', ['int a;']) }] }),
  ).toEqual(['not for this: no new file in it']);
});

it('cannot tell in a tree without MAINTAINERS', async () => {
  await expect(found(newFileMaintainers, { patches: PATCHES, tree: tree(null) })).rejects.toMatchObject({
    code: 'NO_MAINTAINERS',
    blame: 'machine',
  });
});
