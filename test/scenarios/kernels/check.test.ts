// SPDX-License-Identifier: MIT
/** The checks that need a tree or a compiler, on a series made to have one fault of each kind. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { CheckReport } from '../../../core/check.ts';
import { leftBehind, newPlace, start } from './respin.ts';

const place = newPlace();
afterAll(() => {
  rmSync(place.state, { recursive: true, force: true });
  expect(leftBehind(place)).toEqual([]);
});

async function check(
  series: string,
  ...args: string[]
): Promise<{ status: number | null; report: CheckReport }> {
  const { status, stdout, stderr } = await start(place, ['check', series, ...args, '--json']).ended;
  if (stdout === '') throw new Error(`no report (status ${status}):\n${stderr}`);
  return { status, report: JSON.parse(stdout) as CheckReport };
}

/** `2 compiler-warnings net/vmw_vsock/vsock_addr.c:80 what is wrong`, without lines that are shared with other rules. */
function shown({ findings }: CheckReport): string[] {
  return findings.map(({ rule, place: { patch, file, line, on }, text }) => {
    return `${patch} ${rule} ${file ?? on}:${line ?? ''} ${text}`;
  });
}

const SOURCE = 'net/vmw_vsock/vsock_addr.c';

it('finds what each compiler and tool has to say, on the patch and line that brought it', async () => {
  const { status, report } = await check('test/fixtures/check/bad-builds', '--only', 'build');
  const all = shown(report);
  // W=1 runs kernel-doc as well; it is told once.
  expect(all.filter((line) => line.includes('not described'))).toHaveLength(1);
  const has = (pattern: RegExp): void => expect(all.join('\n')).toMatch(pattern);
  expect(status).toBe(1);
  has(new RegExp(`^1 each-patch-builds ${SOURCE}:\\d+ .*vsock_addr_salt.* undeclared`, 'm'));
  // The second patch brings what the first one lacks.
  expect(all.filter((line) => /^[23] each-patch-builds /.test(line))).toEqual([]);
  has(new RegExp(`^3 compiler-warnings ${SOURCE}:\\d+ variable .unused. set but not used`, 'm'));
  has(new RegExp(`^3 kernel-doc ${SOURCE}:\\d+ .*'swap' not described in 'vsock_addr_key'`, 'm'));
  has(new RegExp(`^3 builds-on-32-bit ${SOURCE}:\\d+ left shift count >= width of type`, 'm'));
  const states = Object.fromEntries(report.rules.map(({ rule, state, why }) => [rule, [state, why]]));
  // With its package missing a rule says so, and which; both are optional.
  if (states['sparse-warnings']?.[0] === 'ran') {
    has(new RegExp(`^2 sparse-warnings ${SOURCE}:\\d+ symbol 'vsock_addr_salt' was not declared`, 'm'));
  } else expect(states['sparse-warnings']?.[1]).toContain('apt install sparse');
  if (states['coccicheck']?.[0] === 'ran') {
    has(new RegExp(`^3 coccicheck ${SOURCE}:\\d+ WARNING: kzalloc should be used for copy`, 'm'));
  } else expect(states['coccicheck']?.[1]).toContain('apt install coccinelle');
  if (states['clang-warnings']?.[0] === 'ran') {
    has(new RegExp(`^3 clang-warnings ${SOURCE}:\\d+ explicitly assigning value of variable`, 'm'));
    expect(all.filter((line) => line.includes('explicitly assigning'))).toHaveLength(1);
  } else expect(states['clang-warnings']).toEqual(['not-for-this', 'clang is not installed, and not needed']);
});

it('says the same again from what was kept', async () => {
  const first = await check('test/fixtures/check/bad-builds', '--only', 'compiler-warnings');
  const again = await check('test/fixtures/check/bad-builds', '--only', 'compiler-warnings');
  expect(shown(again.report)).toEqual(shown(first.report));
  expect(shown(again.report)).not.toEqual([]);
});

it('runs the checkpatch.pl of the tree', async () => {
  const { report } = await check(
    'vsock-rx-buffers',
    '--version',
    'v1',
    '--only',
    'checkpatch',
    '--profile',
    'netdev',
  );
  expect(shown(report).join('\n')).toMatch(
    /^1 checkpatch net\/vmw_vsock\/virtio_transport\.c:331 line length of 85 exceeds 80 columns$/m,
  );
});

it('has no error for the shipped series under the netdev profile', async () => {
  const { status, report } = await check('vsock-rx-buffers', '--profile', 'netdev', '--no-build');
  expect(
    shown({ ...report, findings: report.findings.filter(({ severity }) => severity === 'error') }),
  ).toEqual([]);
  // 3: a package of the optional ones is missing here.
  expect([0, 3]).toContain(status);
});
