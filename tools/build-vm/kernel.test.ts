// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { runOk } from '../../system/exec.ts';
import { acquireLock } from '../../system/lock.ts';
import { type FakeKernel, fakeKernel } from './fake-kernel.ts';
import { buildKernel, type Kernel } from './kernel.ts';
import { buildLock } from './make-kernel.ts';

let fake: FakeKernel;

beforeEach(async () => {
  fake = await fakeKernel();
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

const options = () => ({ profile: 'fast' as const, fragmentFolder: fake.fragmentFolder });

async function collect<T>(steps: Steps<T>): Promise<{ value: T; events: RespinEvent[] }> {
  const events: RespinEvent[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return { value: next.value, events };
    events.push(next.value);
  }
}

async function buildIt(applied: AppliedSeries): Promise<{ value: Kernel; events: RespinEvent[] }> {
  return await collect(buildKernel(applied, fake, options()));
}

async function failure(applied: AppliedSeries): Promise<RespinError> {
  return await buildIt(applied).then(
    () => {
      throw new Error('it did build');
    },
    (error: unknown) => error as RespinError,
  );
}

const HARMLESS = {
  subject: 'net: y: triple',
  changes: [{ file: 'net/y.c', find: 'a * 2', replace: 'a * 3' }],
};

describe('a kernel that builds', () => {
  test('is found where it says, and the source folder stays clean', async () => {
    const { value, events } = await buildIt(await fake.series());
    expect(value).toMatchObject({ release: '6.99.0', compiler: 'gcc (fake) 1.0', objects: 2 });
    for (const file of [value.bzImage, value.vmlinux, value.systemMap, value.config])
      expect(existsSync(file)).toBe(true);
    expect(await readFile(value.config, 'utf8')).toContain('CONFIG_VSOCKETS=y');
    expect(events).toContainEqual(expect.objectContaining({ type: 'progress', done: 2, unit: 'objects' }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'command', name: 'kernel' }));
    const status = await runOk('git', ['-C', fake.sourceDir, 'status', '--porcelain', '--ignored']);
    expect(status.stdout).toBe('');
  });

  test('is built again only where something changed, and the .config is left alone', async () => {
    await buildIt(await fake.series());
    const config = path.join(fake.buildDir, '.config');
    const before = (await stat(config)).mtimeMs;
    expect((await buildIt(await fake.series())).value.objects).toBe(0);
    expect((await buildIt(await fake.series(HARMLESS))).value.objects).toBe(1);
    expect((await stat(config)).mtimeMs).toBe(before);
  });

  test('is configured again only for other fragments or Kconfig files', async () => {
    // The tree's allnoconfig leaves this file when the .config stays as it was.
    const trace = path.join(fake.buildDir, '.config.new');
    const configures = async (applied: AppliedSeries): Promise<boolean> => {
      await rm(trace, { force: true });
      await buildIt(applied);
      return existsSync(trace);
    };
    await buildIt(await fake.series());
    expect(await configures(await fake.series())).toBe(false);
    expect(await configures(await fake.series(HARMLESS))).toBe(false);
    const words = { file: 'Kconfig', find: '"Networking"', replace: '"Networks"' };
    expect(await configures(await fake.series({ subject: 'Kconfig: words', changes: [words] }))).toBe(true);
    await writeFile(path.join(fake.fragmentFolder, 'host.config'), '# CONFIG_OTHER is not set\n');
    expect(await configures(await fake.series())).toBe(true);
  });

  test('does not depend on the folders it is built in, nor on the environment', async () => {
    const { value } = await buildIt(await fake.series());
    await using other = await fakeKernel();
    process.env['KCFLAGS'] = '-DNOISE -O3';
    try {
      const again = await collect(buildKernel(await other.series(), other, options()));
      expect(await readFile(again.value.vmlinux)).toEqual(await readFile(value.vmlinux));
    } finally {
      delete process.env['KCFLAGS'];
    }
  });
});

test('a make that a killed run left behind is waited for', async () => {
  const lock = await acquireLock(buildLock(fake));
  const building = buildIt(await fake.series());
  const { ino } = await stat(buildLock(fake));
  const waits = new RegExp(`-> FLOCK .*:${ino} `);
  while (!waits.test(await readFile('/proc/locks', 'utf8'))) await setImmediate();
  expect(existsSync(path.join(fake.buildDir, '.config'))).toBe(false);
  await lock.release();
  expect((await building).value.objects).toBe(2);
});

describe('a series that does not build', () => {
  test('an error in a line of a patch names patch, hunk and line', async () => {
    const applied = await fake.series(HARMLESS, {
      subject: 'net: x: use what is not there',
      changes: [{ file: 'net/x.c', find: 'y(a) + 1', replace: 'y(a) + nowhere' }],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series', exitCode: 1 });
    expect(error.message).toBe(
      'the kernel does not build because of patch 2/2 net: x: use what is not there',
    );
    expect(error.detail).toContain('net/x.c:6: error: ‘nowhere’ undeclared');
    expect(error.detail).toContain('@@ -3,7 +3,7 @@');
    expect(error.detail).toContain('> 6 | \treturn y(a) + nowhere;');
  });

  test('an undefined reference found by the linker is led back to its line', async () => {
    const applied = await fake.series({
      subject: 'net: x: call what nobody defines',
      changes: [
        { file: 'include/x.h', find: 'int x(int a);', replace: 'int x(int a);\nint z(int a);' },
        { file: 'net/x.c', find: 'y(a) + 1', replace: 'z(a) + 1' },
      ],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
    expect(error.detail).toMatch(/net\/x\.c:6: undefined reference to `z'/);
    expect(error.detail).toContain('patch 1/1 net: x: call what nobody defines');
  });

  test("an error in the base's lines is the series' when the base builds; the source is put back", async () => {
    const applied = await fake.series({
      subject: 'x.h: another type',
      changes: [{ file: 'include/x.h', find: 'int y(int a);', replace: 'int y(char *a, int b);' }],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
    expect(error.detail).toContain('net/x.c:6: error: ');
    const head = await runOk('git', ['-C', fake.sourceDir, 'rev-parse', 'HEAD']);
    expect(head.stdout.trim()).toBe(applied.commit);
    // The objects of the base are not taken for the series' own on the next call.
    expect(await failure(applied)).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
  });

  test("a file that the series adds, broken by a header of the base, is the series'", async () => {
    const applied = await fake.series({
      subject: 'net: new: a file of its own',
      changes: [
        { file: 'net/new.c', find: '', replace: '#include "needs.h"\nint fresh;\n' },
        { file: 'Makefile', find: 'net/x.o net/y.o', replace: 'net/x.o net/y.o net/new.o' },
      ],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series', exitCode: 1 });
    expect(error.detail).toContain('include/needs.h:3: error: ');
  });

  test("the series' fault is found from a git hook, too, and whatever the user's settings are", async () => {
    const applied = await fake.series({
      subject: 'net: nonsense',
      changes: [{ file: 'net/y.c', find: 'a * 2', replace: 'a *' }],
    });
    const settings = path.join(fake.folder, 'gitconfig');
    await writeFile(settings, '[blame]\n\tignoreRevsFile = .git-blame-ignore-revs\n');
    vi.stubEnv('GIT_CONFIG_GLOBAL', settings);
    vi.stubEnv('GIT_DIR', path.join(fake.folder, 'elsewhere.git'));
    try {
      const error = await failure(applied);
      expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
      expect(error.detail).toContain('patch 1/1 net: nonsense');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("an #error that speaks of the disk is still the series' own", async () => {
    const applied = await fake.series({
      subject: 'net: y: cry wolf',
      changes: [
        {
          file: 'net/y.c',
          find: '#include "x.h"',
          replace: '#include "x.h"\n#error cc1: No space left on device',
        },
      ],
    });
    expect(await failure(applied)).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
  });

  test('a patch that includes a header which only the C library has is at fault, not the machine', async () => {
    const applied = await fake.series({
      subject: 'net: y: a header of the openssl library',
      changes: [
        { file: 'net/y.c', find: '#include "x.h"', replace: '#include "x.h"\n#include <openssl/nowhere.h>' },
      ],
    });
    expect(await failure(applied)).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
  });
});

describe('what the series is not to blame for', () => {
  test('a base that does not build', async () => {
    await writeFile(
      path.join(fake.sourceDir, 'net', 'y.c'),
      '#include "x.h"\nint y(int a) { return nothing; }\n',
    );
    const git = ['-C', fake.sourceDir, '-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    await runOk('git', [...git, 'commit', '-qam', 'a bad base']);
    const base = (await runOk('git', [...git, 'rev-parse', 'HEAD'])).stdout.trim();
    await writeFile(path.join(fake.sourceDir, 'tools', 'arch', 'README'), 'changed\n');
    await runOk('git', [...git, 'commit', '-qam', 'something else']);
    const head = (await runOk('git', [...git, 'rev-parse', 'HEAD'])).stdout.trim();
    const some = await fake.series();
    await runOk('git', [...git, 'checkout', '-q', head]);
    const applied: AppliedSeries = {
      ...some,
      variant: 'patched',
      commit: head,
      tree: { ...some.tree, commit: base },
      patches: [{ subject: 'something else', patchId: '', commit: head, messageId: null }],
    };
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BASE_BUILD_FAILED', blame: 'machine', exitCode: 3 });
    expect(error.detail).toContain('net/y.c:2: error: ');
  });

  test('a compiler that was killed', async () => {
    const tools = path.join(fake.folder, 'bin');
    await mkdir(tools);
    const gcc = [
      '#!/bin/sh',
      '[ "$1" = --version ] && exec echo "gcc (fake) 1.0"',
      'echo "gcc: fatal error: Killed signal terminated program cc1" >&2',
      'exit 1',
    ].join('\n');
    await writeFile(path.join(tools, 'gcc'), gcc, { mode: 0o755 });
    const before = process.env['PATH'];
    process.env['PATH'] = `${tools}:${before}`;
    try {
      expect(await failure(await fake.series(HARMLESS))).toMatchObject({
        code: 'OUT_OF_MEMORY',
        blame: 'machine',
      });
    } finally {
      process.env['PATH'] = before;
    }
  });

  test('an abort ends make and says so', async () => {
    const stop = new AbortController();
    const applied = await fake.series();
    const steps = buildKernel(applied, fake, { ...options(), signal: stop.signal });
    stop.abort();
    await expect(collect(steps)).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  });
});

describe('a symbol that does not survive', () => {
  test('unknown to the tree: the words are wrong, unless it is marked optional', async () => {
    await writeFile(path.join(fake.fragmentFolder, 'host.config'), 'CONFIG_BRAND_NEW=y\n');
    const error = await failure(await fake.series());
    expect(error).toMatchObject({ code: 'CONFIG_SYMBOL_LOST', blame: 'usage', exitCode: 2 });
    expect(error.detail).toContain(
      'CONFIG_BRAND_NEW=y (host.config:1)\n  no Kconfig file of the tree has this symbol',
    );
    await writeFile(
      path.join(fake.fragmentFolder, 'host.config'),
      'CONFIG_BRAND_NEW=y # optional: newer trees only\n',
    );
    const { events } = await buildIt(await fake.series());
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'note', text: expect.stringContaining('newer trees only') }),
    );
  });

  test('known, with a missing dependency: it is named; optional does not hide it', async () => {
    await writeFile(path.join(fake.fragmentFolder, 'base.config'), '');
    await writeFile(path.join(fake.fragmentFolder, 'vsock.config'), 'CONFIG_VSOCKETS=y # optional: no\n');
    const error = await failure(await fake.series());
    expect(error).toMatchObject({ code: 'CONFIG_SYMBOL_LOST', blame: 'usage' });
    expect(error.detail).toContain('Kconfig:5: depends on NET, which is n');
  });

  test('lost because of the series: the series is to blame', async () => {
    const applied = await fake.series({
      subject: 'vsock: depend on what is not there',
      changes: [{ file: 'Kconfig', find: 'depends on NET', replace: 'depends on NOWHERE' }],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'CONFIG_SYMBOL_LOST', blame: 'series', exitCode: 1 });
    expect(error.detail).toContain('depends on NOWHERE, which is n');
  });

  test('lost on the base as well, though the series changes a Kconfig file: not the series', async () => {
    await writeFile(path.join(fake.fragmentFolder, 'base.config'), '');
    const applied = await fake.series({
      subject: 'Kconfig: words',
      changes: [{ file: 'Kconfig', find: '"Networking"', replace: '"Networks"' }],
    });
    expect(await failure(applied)).toMatchObject({ code: 'CONFIG_SYMBOL_LOST', blame: 'usage' });
  });
});
