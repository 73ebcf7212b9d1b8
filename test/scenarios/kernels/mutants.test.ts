// SPDX-License-Identifier: MIT
/** Mutants in real machines: one that vsock_test kills, and one that it does not see. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { MutantsRecord } from '../../../core/mutants.ts';
import { leftBehind, newPlace, start } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it('a fault that vsock_test sees is killed, and one that it cannot see survives it', async () => {
  const only = 'bind-any-over-one,split-loses-eor';
  const run = start(place, ['mutants', '--only', only, '--no-probes', '--json']);
  const { status, stdout, stderr } = await run.ended;
  expect(status, stderr).toBe(0);
  const record = JSON.parse(stdout) as MutantsRecord;
  expect(record).toMatchObject({ schema: 'respin.mutants/1', mutants: 2, error: null });
  expect(record.base?.cases).toBeGreaterThan(80);
  const [unseen, seen] = record.results;
  expect(unseen).toMatchObject({
    name: 'bind-any-over-one',
    outcome: 'survived',
    machines: ['host', 'guest'],
  });
  expect(seen).toMatchObject({
    ...{ name: 'split-loses-eor', outcome: 'killed', machines: ['host'], kind: 'flag' },
    hit: { program: 'vsock_test', direction: 'h2g', case: 'SOCK_SEQPACKET msg bounds' },
  });
  expect(leftBehind(place)).toEqual([]);
  // What was found is not looked for again.
  const again = await start(place, ['mutants', '--only', only, '--no-probes', '--continue']).ended;
  expect(again.status, again.stderr).toBe(0);
  expect(again.stderr.match(/mutant .* cached$/gm)).toHaveLength(2);
  expect(again.stdout).toContain('vsock_test alone          1 of 2 (50 %)');
});
