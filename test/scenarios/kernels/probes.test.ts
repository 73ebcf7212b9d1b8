// SPDX-License-Identifier: MIT
/** The probes in real machines, on a tree without a series. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { RunRecord } from '../../../core/run.ts';
import { PROBES } from '../../../tools/run-vsock-test/programs.ts';
import { newPlace, ROOT, start } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it('run behind the tree’s own programs unless told otherwise, and find what the kernel is known for and nothing else', async () => {
  const run = start(place, ['run', '--base', '--json'], ROOT, { RESPIN_PROBES: '' });
  const { status, stdout, stderr } = await run.ended;
  const record = JSON.parse(stdout) as RunRecord;
  expect(status, `${record.why}\n${stderr}`).toBe(0);
  const probes = record.suites.filter(({ program }) => program.startsWith('probe-'));
  expect(probes.map(({ program, direction }) => `${program} ${direction}`).toSorted()).toEqual(
    PROBES.flatMap(({ name, directions }) =>
      directions.map((direction) => `${name} ${direction}`),
    ).toSorted(),
  );
  for (const { program, cases } of probes) {
    // Under emulation a case may be flaky; then it says so, and has passed.
    expect(
      cases.filter((one) => !['pass', 'xfail', 'flaky', 'skip'].includes(one.status)),
      program,
    ).toEqual([]);
    // This kernel has no fault injection.
    const ran = cases.some((one) => one.status === 'pass');
    expect(ran, program).toBe(program !== 'probe-faults');
  }
  const expected = probes.flatMap(({ cases }) => cases.filter((one) => one.status === 'xfail'));
  expect(expected.map((one) => one.name)).toContain('SOCK_SEQPACKET send from a half bad address');
  expect(expected.find((one) => one.name.includes('half bad'))?.reason).toContain('a message of 65544 bytes');
});

it('a driver that has larger buffers in its rings while large packets come has no leak', async () => {
  // v4 posts large rx buffers when large packets have come: some 3.5 MB of them.
  const words = ['run', 'vsock-rx-buffers', '--case', 'probe-leaks', '--direction', 'g2h', '--json'];
  const { status, stdout, stderr } = await start(place, words).ended;
  const record = JSON.parse(stdout) as RunRecord;
  expect(status, `${record.why}\n${stderr}`).toBe(0);
  const [leaks] = record.suites;
  expect(leaks?.cases).toMatchObject([{ name: 'connections that come to nothing' }]);
  expect(['pass', 'flaky'], leaks?.cases[0]?.reason ?? '').toContain(leaks?.cases[0]?.status);
});
