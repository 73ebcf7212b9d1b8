// SPDX-License-Identifier: MIT
/** A tree that is older than the programs' newer options: it passes its own cases. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { DIRECTIONS } from '../../../core/run.ts';
import { leftBehind, newPlace, passed, respin } from '../kernels/respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it('debian:linux-source-6.1 passes its 11 cases in each direction', async () => {
  const { status, record, stderr } = await respin(place, [
    'run',
    '--base',
    '--tree',
    'debian:linux-source-6.1',
  ]);
  expect(status, stderr).toBe(0);
  for (const direction of DIRECTIONS) expect(passed(record, 'vsock_test', direction)).toBe(11);
  expect(record.splats).toEqual([]);
  expect(leftBehind(place)).toEqual([]);
});
