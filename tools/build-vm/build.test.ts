// SPDX-License-Identifier: MIT
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespinError } from '../../core/errors.ts';
import type { RespinEvent } from '../../core/events.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { type AcquireSlot, type Build, build } from './build.ts';
import { type FakeKernel, fakeKernel } from './fake-kernel.ts';

let fake: FakeKernel;
let slots: AcquireSlot;
let taken: number;
let released: number;
const before = { ...process.env };

beforeEach(async () => {
  fake = await fakeKernel();
  process.env['XDG_CACHE_HOME'] = path.join(fake.folder, 'cache');
  taken = 0;
  released = 0;
  slots = async function* () {
    taken++;
    yield { type: 'note', level: 'info', text: 'slot taken' };
    return {
      sourceDir: fake.sourceDir,
      buildDir: fake.buildDir,
      [Symbol.asyncDispose]: async () => {
        released++;
      },
    };
  };
});

afterEach(async () => {
  if (before['XDG_CACHE_HOME'] === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before['XDG_CACHE_HOME'];
  await fake[Symbol.asyncDispose]();
});

async function buildIt(
  applied: AppliedSeries,
  stepTimeout = 60,
): Promise<{ value: Build; events: RespinEvent[] }> {
  const events: RespinEvent[] = [];
  const steps = build(applied, {
    profile: 'fast',
    stepTimeout,
    ccache: false,
    slots,
    fragmentFolder: fake.fragmentFolder,
  });
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return { value: next.value, events };
    events.push(next.value);
  }
}

async function failure(applied: AppliedSeries, stepTimeout?: number): Promise<RespinError> {
  return await buildIt(applied, stepTimeout).then(
    () => {
      throw new Error('it did build');
    },
    (error: unknown) => error as RespinError,
  );
}

const VSOCK = 'tools/testing/vsock';

describe('build', () => {
  test('keeps kernel, programs and scripts; the programs run, static, with the time-out compiled in', async () => {
    const { value, events } = await buildIt(await fake.series());
    expect((await readdir(value.folder)).sort()).toEqual([
      ...['System.map', 'build.json', 'bzImage', 'config', 'programs', 'scripts', 'vmlinux'],
    ]);
    expect(await readdir(value.scripts)).toEqual(['decode_stacktrace.sh', 'decodecode']);
    expect(Object.keys(value.programs).sort()).toEqual(['vsock_perf', 'vsock_test']);
    expect(value.missing.map(({ program }) => program)).toEqual(['vsock_diag_test', 'vsock_uring_test']);
    expect((await run(value.programs['vsock_test'] ?? '', [])).stdout).toBe('3 4 60\n');
    expect((await run('ldd', [value.programs['vsock_test'] ?? ''])).exitCode).not.toBe(0);
    expect(value).toMatchObject({ stepTimeout: 60, ownTimeout: 10, release: '6.99.0', profile: 'fast' });
    expect(events.at(-1)).toMatchObject({ type: 'stage-end', outcome: 'done' });
    const status = await run('git', ['-C', fake.sourceDir, 'status', '--porcelain', '--ignored']);
    expect(status.stdout).toBe('');
  });

  test('the second call takes no slot and gives the same; a damaged folder is made again', async () => {
    const applied = await fake.series();
    const first = await buildIt(applied);
    const second = await buildIt({ ...applied, commit: '0'.repeat(40) });
    expect(second.value).toEqual(first.value);
    expect(second.events.map(({ type }) => type)).toEqual(['stage', 'stage-end']);
    expect([taken, released]).toEqual([1, 1]);
    await rm(path.join(first.value.folder, 'build.json'));
    expect((await buildIt(applied)).value).toEqual(first.value);
    expect(taken).toBe(2);
  });

  test('another time-out, fragment or tree is another key', async () => {
    const applied = await fake.series();
    const keys = [(await buildIt(applied)).value.key, (await buildIt(applied, 61)).value.key];
    await writeFile(path.join(fake.fragmentFolder, 'host.config'), '# CONFIG_OTHER is not set\n');
    keys.push((await buildIt(applied)).value.key);
    const patched = await fake.series({
      subject: 'vsock_test: more',
      changes: [{ file: `${VSOCK}/vsock_test.c`, find: '%d\\n', replace: '%d more\\n' }],
    });
    const last = await buildIt(patched);
    keys.push(last.value.key);
    expect(new Set(keys).size).toBe(4);
    expect((await run(last.value.programs['vsock_test'] ?? '', [])).stdout).toBe('3 4 60 more\n');
  });

  test('two at once: one builds, both have it', async () => {
    const applied = await fake.series();
    const [one, two] = await Promise.all([buildIt(applied), buildIt(applied)]);
    expect(one.value).toEqual(two.value);
    expect(taken).toBe(1);
  });

  test('the programs are the same bytes from another folder', async () => {
    const { value } = await buildIt(await fake.series());
    const bytes = await readFile(value.programs['vsock_test'] ?? '');
    await rm(value.folder, { recursive: true });
    const { sourceDir, buildDir } = fake;
    await using other = await fakeKernel();
    Object.assign(fake, { sourceDir: other.sourceDir, buildDir: other.buildDir });
    const again = await buildIt(await other.series());
    Object.assign(fake, { sourceDir, buildDir });
    expect(await readFile(again.value.programs['vsock_test'] ?? '')).toEqual(bytes);
  });

  test('a failure leaves nothing behind and gives the slot back', async () => {
    const applied = await fake.series({
      subject: 'net: nonsense',
      changes: [{ file: 'net/y.c', find: 'a * 2', replace: 'a *' }],
    });
    expect(await failure(applied)).toMatchObject({ code: 'BUILD_FAILED' });
    expect(released).toBe(1);
    expect((await readdir(cachePath('builds'))).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });
});

describe('programs', () => {
  test("one that a patch breaks is the series' fault", async () => {
    const applied = await fake.series({
      subject: 'vsock_test: call a stranger',
      changes: [{ file: `${VSOCK}/vsock_test.c`, find: 'return 0;', replace: 'return stranger;' }],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
    expect(error.message).toContain('1/1 vsock_test: call a stranger');
    expect(error.detail).toContain(`${VSOCK}/vsock_test.c:10: error: ‘stranger’ undeclared`);
    expect(error.detail).toContain('@@ ');
  });

  test("one that the series brings and that does not build is the series' fault", async () => {
    const applied = await fake.series({
      subject: 'vsock_uring_test: a new program',
      changes: [
        { file: `${VSOCK}/vsock_uring_test.c`, find: '', replace: 'int main(void) { return stranger; }\n' },
        {
          file: `${VSOCK}/Makefile`,
          find: 'vsock_perf: vsock_perf.o',
          replace: 'vsock_perf: vsock_perf.o\nvsock_uring_test: vsock_uring_test.o',
        },
      ],
    });
    expect(await failure(applied)).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
  });

  test("a uapi header that a patch breaks them with is the series' fault", async () => {
    const applied = await fake.series({
      subject: 'uapi: rename a limit',
      changes: [{ file: 'include/uapi/linux/fake.h', find: 'FAKE_LIMIT', replace: 'FAKE_BOUND' }],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
    expect(error.detail).toContain(`${VSOCK}/vsock_test.c:9: error: ‘FAKE_LIMIT’ undeclared`);
  });

  test("a warning in the base's lines is let pass, one in a line of the series is not", async () => {
    const applied = await fake.series({
      subject: 'vsock_test: an unused variable',
      changes: [
        { file: `${VSOCK}/vsock_test.c`, find: '\treturn 0;', replace: '\tint unused;\n\n\treturn 0;' },
      ],
    });
    const error = await failure(applied);
    expect(error).toMatchObject({ code: 'BUILD_FAILED', blame: 'series' });
    expect(error.detail).toContain('unused variable ‘unused’');
    expect(error.detail).not.toContain('unused_from_the_start');
  });

  test('one that the base breaks is missing, but vsock_test cannot be', async () => {
    const breakIt = async (name: string): Promise<AppliedSeries> => {
      const applied = await fake.series({
        subject: `break ${name}`,
        changes: [{ file: `${VSOCK}/${name}.c`, find: 'return 0;', replace: 'return stranger;' }],
      });
      const { commit } = applied;
      return { ...applied, variant: 'base', patches: [], tree: { ...applied.tree, commit } };
    };
    const perf = await buildIt(await breakIt('vsock_perf'));
    expect(perf.value.missing).toContainEqual({
      program: 'vsock_perf',
      why: 'it does not build on the base either',
    });
    const error = await failure(await breakIt('vsock_test'));
    expect(error).toMatchObject({ code: 'BASE_BUILD_FAILED', blame: 'machine', exitCode: 3 });
  });

  test('a timeout.h without its one TIMEOUT is an error, never a silent ten seconds', async () => {
    const applied = await fake.series({
      subject: 'timeout.h: twice',
      changes: [{ file: `${VSOCK}/timeout.h`, find: '};', replace: '};\n/* TIMEOUT = 5 */' }],
    });
    expect(await failure(applied)).toMatchObject({ code: 'TIMEOUT_NOT_FOUND' });
    expect(await failure(await fake.series(), 0)).toMatchObject({ code: 'BAD_TIMEOUT', blame: 'usage' });
  });
});
