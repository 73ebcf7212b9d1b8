// SPDX-License-Identifier: MIT
import path from 'node:path';
import { expect } from 'vitest';
import type { Fault } from './faults.ts';
import { leftBehind, leftHalfMade, type Place, ROOT, respin } from './kernels/respin.ts';

/** Runs a fault patch and holds verdict, exit status and what is left against the table. */
export async function expectFault(place: Place, fault: Fault): Promise<void> {
  const patch = path.join(ROOT, 'test/faults', `${fault.name}.patch`);
  const tree = ['--tree', 'debian:linux-source-6.12'];
  const { status, record, stderr } = await respin(place, ['run', patch, ...tree, ...(fault.args ?? [])]);
  expect(record.why, stderr).toMatch(fault.why);
  expect(record.verdict, record.why).toBe(fault.verdict);
  expect(record.exit).toBe(fault.exit);
  expect(status).toBe(fault.exit);
  expect(record.error?.code ?? null).toBe(fault.code ?? null);
  if (fault.only !== undefined) {
    // The table speaks of vsock_test; vsock_uring_test is flaky now and then without a fault.
    const directions = record.suites.filter(
      ({ program, cases }) => program === 'vsock_test' && cases.some((one) => one.status === 'fail'),
    );
    expect(new Set(directions.map(({ direction }) => direction))).toEqual(new Set([fault.only]));
  }
  expect(leftBehind(place)).toEqual([]);
  expect(leftHalfMade(place)).toEqual([]);
}
