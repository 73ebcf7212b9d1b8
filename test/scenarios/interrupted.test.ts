// SPDX-License-Identifier: MIT
/** Killed or interrupted in the middle of each stage, and two runs at a time. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeQemu } from '../../tools/boot-vm/fake-qemu.ts';
import {
  type FakeTree,
  fakeFirmware,
  fakeProgram,
  fakeTree,
  makeWorld,
  noProcessLeft,
  nothingHalfMade,
  processesOf,
  type Started,
  sh,
  type World,
} from './world.ts';

let world: World;
let tree: FakeTree;
/** There while the slow program works; the slow one is slow only as long as `slow` is there. */
let reached: string;
let slow: string;

beforeEach(async () => {
  world = await makeWorld();
  tree = fakeTree(world);
  tree.commit('net: forty', { 'net/long.c': (text) => text.replace('int statement_40;', 'int forty;') });
  tree.mails('series');
  tree.reset();
  reached = path.join(world.folder, 'reached');
  slow = path.join(world.folder, 'slow');
  fakeFirmware(world);
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** A program that waits when called with a word that matches, and is itself otherwise. */
function slowProgram(name: string, when: string): void {
  const real = sh(world.folder, 'sh', '-c', `command -v ${name}`).trim();
  const wait = `if [ -e ${slow} ]; then touch ${reached}; sleep 1000; fi`;
  fakeProgram(world, name, `case " $* " in ${when}) ${wait} ;; esac\nexec ${real} "$@"`);
  writeFileSync(slow, '');
}

async function untilReached(started: Started): Promise<void> {
  await vi.waitFor(
    () => {
      expect(existsSync(reached), 'the stage was never reached').toBe(true);
    },
    { timeout: 60_000, interval: 20 },
  );
  expect(started.child.exitCode).toBeNull();
}

const stages: [string, () => string[], () => void][] = [
  [
    'the import of a tarball',
    () => {
      sh(world.folder, 'tar', '--exclude=.git', '-cf', 'linux.tar', 'linux');
      return ['tree', 'add', 'tar:linux.tar'];
    },
    () => slowProgram('git', '*" fast-import "*'),
  ],
  ['apply', () => ['apply', 'series', '--tree', tree.source], () => slowProgram('git', '*" am "*')],
  [
    'the checkout',
    () => ['build', 'series', '--tree', tree.source],
    () => slowProgram('git', '*" checkout "*'),
  ],
  [
    'the build of the kernel',
    () => ['build', 'series', '--tree', tree.source],
    () => slowProgram('gcc', '*" net/x.o "*'),
  ],
  [
    'the build of the programs',
    () => ['build', 'series', '--tree', tree.source],
    () => slowProgram('gcc', '*" timeout.o "*'),
  ],
  [
    'the images',
    () => ['run', 'series', '--tree', tree.source, '--mode', 'tcg+svm'],
    () => slowProgram('gcc', '*/agent.c*'),
  ],
];

describe('SIGKILL in', () => {
  test.each(stages)(
    '%s: nothing goes on, and the same words again come to their end',
    async (_, words, makeSlow) => {
      const args = words();
      makeSlow();
      const started = world.start(args);
      await untilReached(started);
      started.child.kill('SIGKILL');
      rmSync(slow);
      // At once: what the killed one started may still be about to end.
      const again = await world.respin(...args);
      expect(again.status, again.stderr).toBe(0);
      await noProcessLeft(world.folder);
      nothingHalfMade(world);
    },
  );
});

describe('SIGINT in', () => {
  test.each(stages)('%s: 130, one word, nothing left; then it goes on', async (name, words, makeSlow) => {
    const args = words();
    makeSlow();
    const started = world.start(args);
    await untilReached(started);
    started.child.kill('SIGINT');
    const { status, stderr } = await started.ended;
    expect(status, stderr).toBe(130);
    expect(stderr).toMatch(/^interrupted$/m);
    expect(stderr).not.toContain('error[');
    expect(processesOf(world.folder)).toEqual([]);
    nothingHalfMade(world);
    if (name === 'the images')
      expect(lastRecord()).toMatchObject({ exit: 130, error: { code: 'INTERRUPTED' } });
    rmSync(slow);
    const again = await world.respin(...args);
    expect(again.status, again.stderr).toBe(0);
  });
});

const records = (): string[] => readdirSync(path.join(world.state, 'respin/runs')).sort();

function lastRecord(): Record<string, unknown> {
  const file = path.join(world.state, 'respin/runs', records().at(-1) ?? '', 'run.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

const sockets = (): string[] =>
  readdirSync(path.join(world.folder, 'tmp')).filter((name) => name.startsWith('respin-'));

describe('a boot', () => {
  const run = (): string[] => ['run', 'series', '--tree', tree.source, '--mode', 'tcg+svm', '--ndjson'];

  beforeEach(() => {
    mkdirSync(path.join(world.folder, 'tmp'));
    world.env['TMPDIR'] = path.join(world.folder, 'tmp');
  });

  /** Waits until the machine has come as far as it will. */
  async function upTo(behaviour: 'silent' | 'stuck', sign: string, args = run()): Promise<Started> {
    world.env['RESPIN_QEMU'] = fakeQemu(world.folder, behaviour);
    const started = world.start(args);
    let seen = '';
    started.child.stdout?.on('data', (text: string) => {
      seen += text;
    });
    await vi.waitFor(() => expect(seen).toContain(sign), { timeout: 60_000, interval: 20 });
    return started;
  }

  test.each([
    ['that never prints', 'silent', '"phase":"started"'],
    ['in the middle of a test', 'stuck', '"phase":"init"'],
  ] as const)(
    '%s, interrupted: 130, the record says so, QEMU and sockets are gone',
    async (_, behaviour, sign) => {
      const started = await upTo(behaviour, sign);
      started.child.kill('SIGINT');
      const { status, stdout } = await started.ended;
      expect(status).toBe(130);
      expect(stdout).toContain('"type":"verdict"');
      expect(processesOf(world.folder)).toEqual([]);
      expect(sockets()).toEqual([]);
      expect(lastRecord()).toMatchObject({ exit: 130, verdict: 'unknown', error: { code: 'INTERRUPTED' } });
    },
  );

  test.each(['SIGTERM', 'SIGHUP'] as const)('of a shell, ended by %s: nothing stays', async (signal) => {
    const shell = ['shell', 'host', 'series', '--tree', tree.source, '--mode', 'tcg+svm', '--ndjson'];
    const started = await upTo('stuck', 'both are up', shell);
    expect(readdirSync(path.join(world.folder, 'tmp')).length).toBeGreaterThan(0);
    started.child.kill(signal);
    const { status, stderr } = await started.ended;
    expect(status, stderr).toBe(130);
    expect(processesOf(world.folder)).toEqual([]);
    expect(readdirSync(path.join(world.folder, 'tmp'))).toEqual([]);
  });

  test('killed: QEMU ends, the record is known as unfinished; the next run passes and clears away', async () => {
    const started = await upTo('stuck', '"phase":"init"');
    started.child.kill('SIGKILL');
    await started.ended;
    await noProcessLeft(world.folder);
    expect(sockets()).toHaveLength(1);
    world.env['RESPIN_QEMU'] = fakeQemu(world.folder, 'good');
    const again = await world.respin(...run().slice(0, -1), '--json');
    expect(again.status, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ verdict: 'pass' });
    const list = JSON.parse((await world.respin('runs', 'list', '--json')).stdout) as { state: string }[];
    expect(list.map(({ state }) => state).sort()).toEqual(['finished', 'unfinished']);
    expect(sockets()).toEqual([]);
    nothingHalfMade(world);
  });
});

describe('two at a time', () => {
  const outcome = async (...all: Started[]): Promise<void> => {
    for (const { ended } of all) {
      const { status, stderr } = await ended;
      expect(status, stderr).toBe(0);
    }
  };

  test('of the same build: it is made once, and both have it', async () => {
    const args = ['build', 'series', '--tree', tree.source];
    const calls = path.join(world.folder, 'calls');
    const make = sh(world.folder, 'sh', '-c', 'command -v make').trim();
    fakeProgram(world, 'make', `case " $* " in *" vmlinux "*) echo x >>${calls} ;; esac\nexec ${make} "$@"`);
    await outcome(world.start(args), world.start(args));
    // make calls itself once below the first.
    const once = readFileSync(calls, 'utf8').split('\n').length - 1;
    rmSync(calls);
    rmSync(path.join(world.cache, 'respin/builds'), { recursive: true });
    await outcome(world.start(args));
    expect(readFileSync(calls, 'utf8').split('\n').length - 1).toBe(once);
    nothingHalfMade(world);
  });

  test('of two series on one tree: each in a work tree of its own', async () => {
    tree.commit('net: fifty', { 'net/long.c': (text) => text.replace('int statement_50;', 'int fifty;') });
    tree.mails('other');
    tree.reset();
    slowProgram('gcc', '*" net/x.o "*');
    const first = world.start(['build', 'series', '--tree', tree.source]);
    await untilReached(first);
    rmSync(slow);
    // The first holds its slot and does not move: the second does not wait for it.
    await outcome(world.start(['build', 'other', '--tree', tree.source]));
    const slots = path.join(world.cache, 'respin/slots');
    const [key = ''] = readdirSync(slots);
    const text = (slot: string): string =>
      readFileSync(path.join(slots, key, slot, 'source/net/long.c'), 'utf8');
    expect(text('0')).toContain('int forty;');
    expect(text('0')).not.toContain('int fifty;');
    expect(text('1')).toContain('int fifty;');
    expect(text('1')).not.toContain('int forty;');
    first.child.kill('SIGINT');
    expect((await first.ended).status).toBe(130);
  });

  test('of the same run: two records, two passes', async () => {
    const args = ['run', 'series', '--tree', tree.source, '--mode', 'tcg+svm'];
    await outcome(world.start(args), world.start(args));
    expect(records()).toHaveLength(2);
    nothingHalfMade(world);
  });
});
