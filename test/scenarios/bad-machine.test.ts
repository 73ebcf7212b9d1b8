// SPDX-License-Identifier: MIT
/** A machine that is not up to it: exit status 3, never the series, and nothing half-made. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Behaviour, fakeQemu, fakeQemuScript } from '../../tools/boot-vm/fake-qemu.ts';
import {
  expectError,
  type FakeTree,
  fakeFirmware,
  fakeTree,
  makeWorld,
  noProcessLeft,
  nothingHalfMade,
  pathWithout,
  sh,
  type World,
} from './world.ts';

let world: World;
let tree: FakeTree;
let mounts: string[];

beforeEach(async () => {
  world = await makeWorld();
  tree = fakeTree(world);
  mounts = [];
  fakeFirmware(world);
});

afterEach(async () => {
  await noProcessLeft(world.folder);
  for (const mount of mounts) execFileSync('umount', ['-l', mount]);
  await world[Symbol.asyncDispose]();
});

const MEGABYTE = 1024 * 1024;

/** Why small disks cannot be had here; null when they can. */
const noMounts = ((): string | null => {
  const folder = `/tmp/respin-mount-probe-${process.pid}`;
  try {
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'respin', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return null;
  } catch {
    return 'this user may not mount a tmpfs';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

/** A disk of its own below the world. */
function smallDisk(name: string, size: string): string {
  const folder = path.join(world.folder, name);
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'respin', folder]);
  mounts.push(folder);
  return folder;
}

/** Leaves this much room on a disk. */
function fill(disk: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(path.join(disk, 'filler'), Buffer.alloc(Math.max(bavail * bsize - left, 0)));
}

function series(subject: string, edits: Parameters<FakeTree['commit']>[1]): void {
  tree.commit(subject, edits);
  tree.mails('series');
  tree.reset();
}

const noise = (bytes: number): string =>
  Array.from({ length: bytes / 64 }, (_, i) =>
    `int noise_${i}_${(i * 2_654_435_761) >>> 0};`.padEnd(63, ' '),
  ).join('\n');

describe.skipIf(noMounts !== null)(`a full disk${noMounts === null ? '' : ` (${noMounts})`}`, () => {
  test('while a tree is imported: the next try on a larger one goes on', async () => {
    writeFileSync(path.join(tree.folder, 'noise'), randomBytes(3 * MEGABYTE));
    sh(world.folder, 'tar', '--exclude=.git', '-cf', 'linux.tar', 'linux');
    const disk = smallDisk('cache', '1m');
    const said = await expectError(world, ['tree', 'add', 'tar:linux.tar'], {
      code: 'NO_SPACE',
      exit: 3,
      hint: /XDG_CACHE_HOME/,
    });
    expect(said).not.toContain('at ');
    execFileSync('mount', ['-o', 'remount,size=50m', disk]);
    expect(await world.respin('tree', 'add', 'tar:linux.tar')).toMatchObject({ status: 0 });
  });

  test('while a series is applied', async () => {
    series('net: noise', { 'net/noise.c': () => noise(4 * MEGABYTE) });
    const disk = smallDisk('cache', '30m');
    expect(await world.respin('-q', 'tree', 'add', tree.source)).toMatchObject({ status: 0 });
    fill(disk, MEGABYTE);
    await expectError(world, ['apply', 'series', '--tree', tree.source], { code: 'NO_SPACE', exit: 3 });
    rmSync(path.join(disk, 'filler'));
    const again = await world.respin('-q', 'apply', 'series', '--tree', tree.source);
    expect(again.status, again.stderr).toBe(0);
  });

  test('while the kernel is built', async () => {
    series('Makefile: something large', {
      Makefile: (text) =>
        text.replace(
          "\t@echo '  LD ",
          "\t@dd if=/dev/zero of=large bs=1M count=20 status=none\n\t@echo '  LD ",
        ),
    });
    const disk = smallDisk('cache', '60m');
    expect(await world.respin('-q', 'apply', 'series', '--tree', tree.source)).toMatchObject({ status: 0 });
    fill(disk, 8 * MEGABYTE);
    await expectError(world, ['build', 'series', '--tree', tree.source], { code: 'NO_SPACE', exit: 3 });
    rmSync(path.join(disk, 'filler'));
    const again = await world.respin('-q', 'build', 'series', '--tree', tree.source);
    expect(again.status, again.stderr).toBe(0);
  });

  test('under the records: neither a pass nor a fail is made up', async () => {
    smallDisk('state', '64k');
    const { status, stderr } = await world.respin('run', '--base', '--tree', tree.source);
    expect(stderr).toContain('error[NO_SPACE]: ');
    expect(status).toBe(3);
    nothingHalfMade(world);
  });

  test.each(['cache', 'state'])('that is read-only, under the %s', async (name) => {
    const disk = smallDisk(name, '10m');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const run = ['run', '--base', '--tree', tree.source];
    const { status, stderr } = await world.start(run).ended;
    expect(stderr).toContain('error[NOT_WRITABLE]: ');
    expect(stderr).toContain('hint: set XDG_CACHE_HOME and XDG_STATE_HOME');
    expect(status).toBe(3);
    // One document: the record where one could be kept, else the error.
    const { stdout } = await world.start([...run, '--json']).ended;
    expect((JSON.parse(stdout) as { error: unknown }).error).toMatchObject({ code: 'NOT_WRITABLE' });
  });
});

describe('a program that is missing', () => {
  test.each(['git', 'gcc', 'make', 'flock', 'ld'])('%s', async (name) => {
    world.env['PATH'] = pathWithout(world, name);
    await expectError(world, ['build', '--base', '--tree', tree.source], {
      code: 'TOOL_MISSING',
      exit: 3,
      message: new RegExp(`^${name} (?:is not installed|cannot be started)`),
      hint: /./,
    });
  });

  test.each(['flex', 'bison', 'bc'])('%s, which only the kernel’s make calls', async (name) => {
    // As Kbuild calls them: by a shell, in the middle of the build.
    series(`Makefile: call ${name}`, {
      Makefile: (text) =>
        text.replace('\t@awk -f', `\t@set -e; ${name} --version >/dev/null; true\n\t@awk -f`),
    });
    world.env['PATH'] = pathWithout(world, name);
    await expectError(world, ['build', 'series', '--tree', tree.source], {
      code: 'TOOL_MISSING',
      exit: 3,
      message: new RegExp(name),
      hint: new RegExp(`apt-get install ${name}`),
    });
  });

  test('dpkg-deb or apt-get, for a package', async () => {
    world.env['PATH'] = pathWithout(world, 'apt-get');
    await expectError(world, ['tree', 'add', 'debian:linux-source-6.12'], {
      code: 'TOOL_MISSING',
      exit: 3,
      message: /apt-get/,
    });
  });
});

describe('a QEMU', () => {
  const build = (): string[] => ['build', '--base', '--tree', tree.source];

  test.each<[string, () => string]>([
    ['that is not there', () => path.join(world.folder, 'no-qemu')],
    [
      'that ends with status 1',
      () => fakeQemuScript(world.folder, 'broken', 'echo "error while loading shared libraries" >&2; exit 1'),
    ],
    ['that is something else', () => fakeQemuScript(world.folder, 'other', 'echo "BusyBox v1.36"')],
    ['that cannot be executed', () => tree.folder],
  ])('%s', async (_, make) => {
    world.env['RESPIN_QEMU'] = make();
    await expectError(world, build(), {
      code: 'QEMU_MISSING',
      exit: 3,
      message: /does not run as a QEMU/,
      hint: /qemu-system-x86_64/,
    });
  });

  test('that hangs when asked for its version is given up, and ended', async () => {
    world.env['RESPIN_QEMU'] = fakeQemuScript(world.folder, 'hanging', 'sleep 1000; sleep 1000');
    const { status, stderr } = await world.respin(...build());
    expect(stderr).toContain('error[QEMU_MISSING]: ');
    expect(status).toBe(3);
    await noProcessLeft(world.folder);
  });

  test('that is old is used, and said to be', async () => {
    world.env['RESPIN_QEMU'] = fakeQemuScript(
      world.folder,
      'old',
      '[ "$1" = --version ] && echo "QEMU emulator version 4.2.1"; exit 0',
    );
    const { status, stderr } = await world.respin(...build());
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/warning: QEMU 4\.2\.1 can corrupt the host VM's memory/);
  });
});

describe('a run', () => {
  const run = (...more: string[]): string[] => [
    'run',
    '--base',
    '--tree',
    tree.source,
    '--mode',
    'tcg+svm',
    ...more,
  ];

  test('with machines that work passes: the record, and one document with --json', async () => {
    const { status, stdout, stderr } = await world.respin(...run('--json'));
    expect(status, stderr).toBe(0);
    const record = JSON.parse(stdout) as {
      verdict: string;
      suites: { cases: unknown[]; direction: string }[];
    };
    expect(record.verdict).toBe('pass');
    expect(record.suites.filter(({ cases }) => cases.length === 3).map(({ direction }) => direction)).toEqual(
      ['g2h', 'h2g', 'loopback'],
    );
    const runs = path.join(world.state, 'respin/runs');
    const [id = '', ...others] = readdirSync(runs);
    expect(others).toEqual([]);
    expect(readFileSync(path.join(runs, id, 'build.log'), 'utf8')).toMatch(/CC +net\/x\.o/);
    nothingHalfMade(world);
    await noProcessLeft(world.folder);
  });

  test.each<[Behaviour, RegExp]>([
    ['exit', /Cannot allocate memory/],
    ['panic', /Unable to mount root fs|panic/],
  ])('whose QEMU does %s blames nobody wrongly, with one record', async (behaviour, why) => {
    world.env['RESPIN_QEMU'] = fakeQemu(world.folder, behaviour);
    const { status, stdout, stderr } = await world.respin(...run('--json'));
    const record = JSON.parse(stdout) as { verdict: string; why: string; exit: number };
    expect(record.why).toMatch(why);
    expect(record.exit, stderr).toBe(status);
    // There is no series here, and nothing shows that this machine runs kernels at all.
    expect(status).toBe(3);
    expect(record.verdict).toBe('unknown');
    await noProcessLeft(world.folder);
  });
});

test('what goes wrong after the verdict does not take its place', async () => {
  series('net: forty', { 'net/long.c': (text) => text.replace('int statement_40;', 'int forty;') });
  // The settings are good when the run begins, and bad when old records are to be removed.
  const toml = path.join(world.folder, 'respin.toml');
  const good = fakeQemu(world.folder, 'good');
  world.env['RESPIN_QEMU'] = fakeQemuScript(
    world.folder,
    'spoils',
    `echo 'keep-runs = "many"' >${toml}; exec ${good} "$@"`,
  );
  const { status, stdout, stderr } = await world.respin(
    ...['run', 'series', '--tree', tree.source, '--mode', 'tcg+svm'],
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('pass');
  expect(stderr).toMatch(/^warning: old records are still there: .*keep-runs/m);
});
