// SPDX-License-Identifier: MIT
/** SIGKILL in the middle of build, boot and test: nothing lives on, and the next run goes on cleanly. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { editedSeries } from '../../edited-series.ts';
import { leftBehind, leftHalfMade, newPlace, passed, respin, start } from './respin.ts';

const place = newPlace();
const scratch = mkdtempSync(path.join(tmpdir(), 'respin-kill-'));
// A source that no earlier run has built, so that there is something to kill.
const series = editedSeries(scratch, `${Date.now()}`);

afterAll(() => {
  for (const folder of [place.state, scratch]) rmSync(folder, { recursive: true, force: true });
});

const STAGES = [
  ['build', /"type":"progress","stage":"build"/],
  ['boot', /"type":"machine","machine":"host","phase":"first-byte"/],
  ['test', /"type":"case"/],
] as const;

describe.each(STAGES)('killed in the middle of %s', (_, sign) => {
  it('leaves no process', async () => {
    const run = start(place, ['run', series, '--direction', 'g2h', '--ndjson']);
    await vi.waitUntil(() => sign.test(run.said()), { timeout: 900_000, interval: 20 });
    run.kill('SIGKILL');
    await run.ended;
    await vi.waitUntil(() => leftBehind(place).length === 0, { timeout: 30_000, interval: 200 });
  });
});

it('and then it runs through, with nothing half-made left', async () => {
  const { status, record, stderr } = await respin(place, ['run', series, '--direction', 'g2h']);
  expect(status, stderr).toBe(0);
  expect(passed(record, 'vsock_test', 'g2h')).toBe(27);
  expect(leftHalfMade(place)).toEqual([]);
  expect(leftBehind(place)).toEqual([]);
});

it('ends on SIGINT with 130, ends what it started, and says so in the record', async () => {
  const run = start(place, ['run', series, '--direction', 'g2h', '--json']);
  // Its own progress says when the machines are up.
  await vi.waitUntil(() => /^test /m.test(run.said()), { timeout: 600_000, interval: 20 });
  run.kill('SIGINT');
  const { status, stdout } = await run.ended;
  expect(status).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ exit: 130, error: { code: 'INTERRUPTED' } });
  expect(leftBehind(place)).toEqual([]);
});
