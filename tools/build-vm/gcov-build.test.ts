// SPDX-License-Identifier: MIT
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppliedSeries } from '../../core/tree.ts';
import { type AcquireSlot, type Build, build } from './build.ts';
import { type FakeKernel, fakeKernel } from './fake-kernel.ts';

let fake: FakeKernel;
let rooms: string[];
const before = process.env['XDG_CACHE_HOME'];

beforeEach(async () => {
  fake = await fakeKernel();
  process.env['XDG_CACHE_HOME'] = path.join(fake.folder, 'cache');
  rooms = [];
});

afterEach(async () => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  await fake[Symbol.asyncDispose]();
});

const slots: AcquireSlot = async function* (_tree, _commit, { profile }) {
  rooms.push(profile);
  yield { type: 'note', level: 'info', text: 'slot taken' };
  const { sourceDir, buildDir } = fake;
  return { sourceDir, buildDir, [Symbol.asyncDispose]: async () => {} };
};

async function buildIt(applied: AppliedSeries, gcov?: readonly string[]): Promise<Build> {
  const { fragmentFolder } = fake;
  const options = { profile: 'fast', stepTimeout: 60, ccache: false, slots, fragmentFolder } as const;
  const steps = build(applied, { ...options, ...(gcov === undefined ? {} : { gcov }) });
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}

const CHANGE = {
  subject: 'net: a branch that is not built',
  changes: [{ file: 'net/y.c', find: 'int y(', replace: '#ifdef NOT_THERE\nint a;\n#endif\n\nint y(' }],
};

describe('a kernel that counts', () => {
  test('keeps the notes of its objects and what the preprocessor left, in a room of its own', async () => {
    const applied = await fake.series(CHANGE);
    const made = await buildIt(applied, ['net/y.c', 'net/not-built.c']);
    expect(rooms).toEqual(['fast-gcov']);
    expect(Object.keys(made.gcov?.notes ?? {})).toEqual(['net/y.c']);
    // GCOV_NOTE_MAGIC
    expect((await readFile(made.gcov?.notes['net/y.c'] ?? '')).toString('latin1', 0, 4)).toBe('oncg');
    expect(JSON.parse(await readFile(made.gcov?.lines ?? '', 'utf8'))).toEqual({
      'net/y.c': [8, 9, 10, 11],
    });
    // And finds them again.
    expect(await buildIt(applied, ['net/y.c', 'net/not-built.c'])).toEqual(made);
    expect(rooms).toHaveLength(1);
  });

  test('is another than one that does not, and than one that counts other objects', async () => {
    const applied = await fake.series(CHANGE);
    const builds = [
      await buildIt(applied),
      await buildIt(applied, ['net/y.c']),
      await buildIt(applied, ['net/x.c']),
    ];
    expect(new Set(builds.map(({ key }) => key)).size).toBe(3);
    expect(rooms).toEqual(['fast', 'fast-gcov', 'fast-gcov']);
    expect(builds[0]?.gcov).toBeNull();
  });

  test('is none when the tree does not keep the symbols', async () => {
    await writeFile(path.join(fake.fragmentFolder, 'gcov.config'), 'CONFIG_GCOV_KERNEL=y\n');
    const lost = expect.objectContaining({
      code: 'CONFIG_SYMBOL_LOST',
      message: expect.stringContaining('GCOV_KERNEL'),
    });
    await expect(buildIt(await fake.series(CHANGE), ['net/y.c'])).rejects.toEqual(lost);
    expect((await buildIt(await fake.series(CHANGE))).gcov).toBeNull();
  });
});
