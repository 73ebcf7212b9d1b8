// SPDX-License-Identifier: MIT
/** The shipped series under every rule there is, those that build among them. */
import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import type { CheckReport } from '../../../core/check.ts';
import { leftBehind, newPlace, start } from '../kernels/respin.ts';

it('has no error under the netdev profile', async () => {
  const place = newPlace();
  onTestFinished(() => rmSync(place.state, { recursive: true, force: true }));
  const { status, stdout, stderr } = await start(place, [
    'check',
    'vsock-rx-buffers',
    '--profile',
    'netdev',
    '--json',
  ]).ended;
  expect(stdout, stderr).not.toBe('');
  const { findings } = JSON.parse(stdout) as CheckReport;
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  // 3: a package of the optional ones is missing here.
  expect([0, 3]).toContain(status);
  expect(leftBehind(place)).toEqual([]);
});
