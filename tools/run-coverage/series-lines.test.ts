// SPDX-License-Identifier: MIT
/** Which lines a series adds, and which sources are profiled for it, by a small tree in git. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Series } from '../../core/series.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { at, git } from '../../kernel-tree/git.ts';
import { parseDiff } from '../../patches/diff.ts';
import { type FakeKernel, fakeKernel } from '../build-vm/fake-kernel.ts';
import { addedLines } from './added-lines.ts';
import { profiledSources } from './profiled-sources.ts';

let fake: FakeKernel;

beforeEach(async () => {
  fake = await fakeKernel();
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

/** The series as its mails would have it: `edit` is what happened to a diff on its way. */
async function mailed(
  { tree, patches }: AppliedSeries,
  edit: (diff: string) => string = (diff) => diff,
): Promise<Series> {
  const files = [];
  for (const { commit } of patches) {
    const diff = await git(at(tree.gitDir), ['diff', '-M', `${commit}^`, commit]);
    files.push({ files: parseDiff(edit(diff)) });
  }
  return { patches: files } as unknown as Series;
}

const shown = async (applied: AppliedSeries, series: Series): Promise<string[]> =>
  (await addedLines(applied, series)).flatMap(({ path, lines }) =>
    lines.flatMap(({ text, origin }, index) =>
      origin === null
        ? []
        : [
            `${path}:${index + 1} ${text.trim()} (${origin.patch}, ${origin.at}, ${origin.hunk.slice(0, 14)})`,
          ],
    ),
  );

const TWO = [
  {
    subject: 'one',
    changes: [{ file: 'net/y.c', find: '\treturn a * 2;', replace: '\ta += 1;\n\ta += 2;\n\treturn a * 2;' }],
  },
  {
    subject: 'two',
    changes: [
      { file: 'net/y.c', find: '#include "x.h"\n', replace: '#include "x.h"\n#include "y.h"\n' },
      { file: 'net/y.c', find: '\ta += 2;\n', replace: '' },
      { file: 'net/new.c', find: '', replace: 'int n;\n' },
    ],
  },
];

it('each line has the patch that wrote it, with the numbers of that patch', async () => {
  const applied = await fake.series(...TWO);
  const wanted = [
    'net/new.c:1 int n; (2, 1, @@ -0,0 +1 @@)',
    'net/y.c:3 #include "y.h" (2, 3, @@ -1,9 +1,9 @)',
    'net/y.c:7 a += 1; (1, 6, @@ -3,5 +3,7 @)',
  ];
  const found = await shown(applied, await mailed(applied));
  expect(found).toEqual(wanted);
});

it('hunks that do not lead to what was committed are those of the commit', async () => {
  const applied = await fake.series(...TWO);
  const merged = await mailed(applied, (diff) =>
    diff.replace('+\ta += 1;', '+\ta += 9;').replaceAll('@@ -3,5 +3,7 @@', '@@ -3,5 +3,7 @@ mail'),
  );
  const found = await shown(applied, merged);
  expect(found).toContain('net/y.c:7 a += 1; (1, 6, @@ -3,5 +3,7 @)');
  expect(found.join()).not.toContain('a += 9');
});

it('profiles the sources that are changed, not those of tests', async () => {
  const test = {
    file: 'tools/testing/vsock/vsock_perf.c',
    find: '',
    replace: 'int main(void) { return 0; }\n',
  };
  const applied = await fake.series(...TWO, { subject: 'three', changes: [test] });
  expect(await profiledSources(applied)).toEqual(['net/new.c', 'net/y.c']);
});

it('profiles the vsock sources that include a header of the series', async () => {
  const vsock = [
    { file: 'net/vmw_vsock/a.c', find: '', replace: '#include <linux/virtio_vsock.h>\n' },
    { file: 'net/vmw_vsock/b.c', find: '', replace: '#include <linux/other.h>\n' },
    { file: 'drivers/vhost/vsock.c', find: '', replace: '# include <linux/virtio_vsock.h>\n' },
    { file: 'include/linux/virtio_vsock.h', find: '', replace: 'int a;\n' },
  ];
  const before = await fake.series({ subject: 'vsock', changes: vsock });
  const header = { file: 'include/linux/virtio_vsock.h', find: 'int a;', replace: 'int b;' };
  const after = await fake.series(
    { subject: 'vsock', changes: vsock },
    { subject: 'header', changes: [header] },
  );
  const applied = { ...after, tree: { ...after.tree, commit: before.commit } };
  expect(await profiledSources(applied)).toEqual(['drivers/vhost/vsock.c', 'net/vmw_vsock/a.c']);
});
