// SPDX-License-Identifier: MIT
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tree } from '../core/tree.ts';
import { cachePath } from '../system/paths.ts';
import { change, errorOf, finish, listing, makeClone, room, sh, startProcess } from './fixtures.ts';
import { importTree } from './import-tree.ts';
import { listTrees, removeTree } from './registry.ts';
import { acquireSlot, type Slot } from './slot.ts';

let folder: string;
let done: () => Promise<void>;
let clone: string;
let tree: Tree;
let base: string;
let other: string;
const FILE = 'net/vmw_vsock/af_vsock.c';

beforeEach(async () => {
  ({ folder, done } = await room());
  clone = makeClone(path.join(folder, 'clone'));
  base = sh(clone, 'git', 'rev-parse', 'HEAD').trim();
  other = change(clone, FILE, 'changed\n', 'vsock: changed');
  tree = (await finish(importTree(`git:${clone}#${base}`))).value;
});
afterEach(async () => await done());

const take = async (commit = base, profile = 'fast'): Promise<Slot> =>
  (await finish(acquireSlot(tree, commit, { profile }))).value;

/** Makes all times old, to see what is written later. */
function age(slot: Slot): void {
  for (const name of readdirSync(slot.sourceDir, { recursive: true, withFileTypes: true })) {
    const file = path.join(name.parentPath, name.name);
    if (name.isFile() && !file.includes('/.git/')) utimesSync(file, 1_600_000_000, 1_600_000_000);
  }
  // git has to know the new times, as it knows those of a real checkout.
  sh(slot.sourceDir, 'git', 'update-index', '-q', '--refresh');
}

function clean(slot: Slot, commit: string): void {
  expect(sh(slot.sourceDir, 'git', 'rev-parse', 'HEAD').trim()).toBe(commit);
  expect(sh(slot.sourceDir, 'git', 'status', '--porcelain', '--ignored')).toBe('');
  expect(sh(slot.sourceDir, 'git', 'diff', '--stat', commit)).toBe('');
}

/** A process that is dead and only not yet waited for does not count. */
function running(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
}

describe('acquireSlot', () => {
  test('a checkout and a build folder; the next time only what differs is written', async () => {
    const first = await take();
    expect(first).toMatchObject({ number: 0, fresh: true });
    expect(first.buildDir).toBe(
      cachePath('slots', path.basename(path.dirname(tree.gitDir)), '0', 'build-fast'),
    );
    expect(existsSync(first.buildDir)).toBe(true);
    clean(first, base);
    writeFileSync(path.join(first.buildDir, 'vmlinux'), 'built');
    age(first);
    writeFileSync(path.join(first.sourceDir, 'left.o'), 'left');
    mkdirSync(path.join(first.sourceDir, 'include/config'));
    await first.release();

    const second = await take(other);
    expect(second).toMatchObject({ number: 0, fresh: false });
    clean(second, other);
    expect(existsSync(path.join(second.sourceDir, 'include/config'))).toBe(false);
    expect(readFileSync(path.join(second.buildDir, 'vmlinux'), 'utf8')).toBe('built');
    const time = (name: string): number => statSync(path.join(second.sourceDir, name)).mtimeMs;
    expect(time('Makefile')).toBe(1_600_000_000_000);
    expect(time(FILE)).toBeGreaterThan(1_600_000_000_000);
    await second.release();
  });

  test('two at once have a slot each; a free one is taken again, the nearest first', async () => {
    const [one, two] = await Promise.all([take(base), take(other)]);
    expect([one.number, two.number].sort()).toEqual([0, 1]);
    clean(one, base);
    clean(two, other);
    await one.release();
    await two.release();
    for (const [commit, wanted] of [
      [base, one.number],
      [other, two.number],
    ] as const) {
      await using again = await take(commit);
      expect(again).toMatchObject({ number: wanted, fresh: false });
    }
  });

  test('a profile has a build folder of its own', async () => {
    await using slot = await take(base, 'debug');
    expect(path.basename(slot.buildDir)).toBe('build-debug');
  });

  test.each<[string, (source: string) => void, boolean]>([
    ['index.lock', (source) => writeFileSync(path.join(source, '.git/index.lock'), ''), false],
    ['files of another commit', (source) => writeFileSync(path.join(source, FILE), 'half'), false],
    ['files gone', (source) => sh(source, 'rm', '-r', 'net'), false],
    ['no index', (source) => sh(source, 'rm', '.git/index'), true],
    ['a broken index', (source) => writeFileSync(path.join(source, '.git/index'), 'DIRC'), true],
    ['no HEAD', (source) => sh(source, 'rm', '.git/HEAD'), true],
    ['an empty HEAD', (source) => writeFileSync(path.join(source, '.git/HEAD'), ''), true],
    ['no .git', (source) => sh(source, 'rm', '-r', '.git'), true],
    ['no sources', (source) => sh(source, 'rm', '-r', source), true],
    [
      'a folder in the place of a file',
      (source) => sh(source, 'sh', '-c', 'rm Makefile; mkdir -p Makefile/x'),
      false,
    ],
    ['a repository within', (source) => sh(source, 'git', 'init', '-q', 'within'), false],
  ])('left behind: %s', async (_, spoil, fresh) => {
    const first = await take();
    spoil(first.sourceDir);
    await first.release();
    await using second = await take(other);
    expect(second).toMatchObject({ number: 0, fresh });
    clean(second, other);
  });

  test.each(['during the first checkout', 'during a switch'])(
    'SIGKILL %s, then another start',
    async (when) => {
      if (when === 'during a switch') await (await take(other)).release();
      // A git that is stuck in the middle: its lock is there, a file is half written.
      const mark = path.join(folder, 'stuck');
      const git = sh(folder, 'sh', '-c', 'command -v git').trim();
      const bin = path.join(folder, 'bin');
      mkdirSync(bin);
      const script = `#!/bin/sh
case " $* " in
*" checkout "*) mkdir -p net/vmw_vsock; echo half > ${FILE}; : > .git/index.lock; echo $$ > ${mark}; exec tail -f /dev/null;;
esac
exec ${git} "$@"
`;
      writeFileSync(path.join(bin, 'git'), script, { mode: 0o755 });
      const module = path.join(import.meta.dirname, 'slot.ts');
      const { PATH } = process.env;
      process.env['PATH'] = `${bin}:${PATH}`;
      const child = startProcess(
        `const { acquireSlot } = await import(${JSON.stringify(module)});
       for await (const _ of acquireSlot(${JSON.stringify(tree)}, ${JSON.stringify(base)}, { profile: 'fast' }));`,
      );
      process.env['PATH'] = PATH;
      await child.until(() => existsSync(mark) && readFileSync(mark, 'utf8').endsWith('\n'));
      child.kill();
      await child.ended;
      await using slot = await take(base);
      clean(slot, base);
      // The stuck one was ended before the new one began to write.
      expect(running(Number(readFileSync(mark, 'utf8')))).toBe(false);
    },
  );

  test('the clone is as it was', async () => {
    const before = listing(clone);
    await (await take(base)).release();
    await (await take(other)).release();
    expect(listing(clone)).toEqual(before);
    expect(sh(clone, 'git', 'worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  test('an unknown commit, a pruned clone', async () => {
    expect(await errorOf(take('1'.repeat(40)))).toMatchObject({ code: 'TREE_BROKEN', blame: 'machine' });
    sh(folder, 'rm', '-r', 'clone/.git/objects');
    expect(await errorOf(take(base))).toMatchObject({ code: 'TREE_BROKEN', blame: 'machine' });
  });
});

describe('removeTree', () => {
  test('refuses while a slot is in use', async () => {
    const slot = await take();
    expect(await errorOf(removeTree(tree.source))).toMatchObject({ code: 'TREE_IN_USE', blame: 'machine' });
    expect(await listTrees()).toHaveLength(1);
    await slot.release();
    await removeTree(tree.source);
    expect(existsSync(slot.sourceDir)).toBe(false);
    expect(await listTrees()).toEqual([]);
  });
});
