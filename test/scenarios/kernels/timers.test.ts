// SPDX-License-Identifier: MIT
/** A host that corrects what it first took for the speed of its TSC, as on a busy machine: its guest keeps time. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { newPlace, passed, ROOT, respin } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it('a wrong first measurement of the TSC stops no timer of the guest', async () => {
  const patch = path.join(ROOT, 'test/faults/tsc-off.patch');
  const args = ['run', patch, '--direction', 'g2h', '--mode', 'tcg+svm'];
  const { record, stderr } = await respin(place, args);
  const logs = path.join(place.state, 'respin/runs', record.id);
  const console = (machine: string): string =>
    readFileSync(path.join(logs, `${machine}-console.log`), 'utf8');
  // The kernel has measured twice, and KVM went by the first.
  expect(console('host')).toMatch(/tsc: Refined TSC clocksource calibration/);
  expect(console('host')).not.toMatch(/user requested TSC rate below hardware speed/);
  expect(console('guest')).not.toMatch(/Long readout interval|soft lockup|stall/);
  expect(['pass', 'flaky'], stderr).toContain(record.verdict);
  expect(passed(record, 'vsock_test', 'g2h')).toBe(26);
});
