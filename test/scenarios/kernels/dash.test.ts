// SPDX-License-Identifier: MIT
/** A run that is started and watched in the dashboard, on real machines in a real terminal. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { RunRecord } from '../../../core/run.ts';
import { noTmux, Terminal } from '../tmux.ts';
import { environment, leftBehind, leftHalfMade, newPlace, passed, ROOT } from './respin.ts';

const LONG = 900_000;
const place = newPlace();
const folder = mkdtempSync(path.join(tmpdir(), 'respin-dash-'));

afterAll(() => {
  for (const one of [place.state, folder]) rmSync(one, { recursive: true, force: true });
});

function open(): Terminal {
  const words = `'${path.join(ROOT, 'bin/respin')}' dash vsock-rx-buffers; echo status $?`;
  return new Terminal({ folder, env: environment(place) }, words, [200, 50]);
}

/** The terminal itself stays until the test is over. */
const left = (): string[] => leftBehind(place).filter((one) => !/^\d+ tmux -S /.test(one));

async function atRuns(terminal: Terminal): Promise<void> {
  await terminal.shows('versions of vsock-rx-buffers');
  terminal.keys('5');
  await terminal.shows(/runs of vsock-rx-buffers/);
}

/** Their records, oldest first; null for one that did not end. */
function records(): (RunRecord | null)[] {
  const runs = path.join(place.state, 'respin/runs');
  return readdirSync(runs)
    .sort()
    .map((id) => {
      try {
        return JSON.parse(readFileSync(path.join(runs, id, 'run.json'), 'utf8')) as RunRecord;
      } catch {
        return null;
      }
    });
}

describe.skipIf(noTmux)('a run in the dashboard (skipped without tmux)', () => {
  it('is started, watched to its verdict, and its record takes its place', async () => {
    using terminal = open();
    await atRuns(terminal);
    await terminal.shows('nothing was run yet: r runs it');
    terminal.keys('r');
    await terminal.shows(/running {2}now/);
    await terminal.shows(/▸ boot/, LONG);
    await terminal.shows(/SOCK_STREAM connection reset +pass/, LONG);
    terminal.keys('Tab');
    await terminal.shows(/console of the host[\s\S]*Linux version/);
    terminal.keys('Escape');
    await terminal.shows(/vsock-rx-buffers: (?:pass|flaky): /, LONG);
    await terminal.shows(/\d\d-\d\d \d\d:\d\d +(?:pass|flaky) +v4/);
    const [record, ...more] = records();
    expect(more).toEqual([]);
    if (record == null) throw new Error('no record');
    expect(passed(record, 'vsock_test', 'g2h')).toBe(27);
    terminal.keys('q', 'q');
    await terminal.shows('status 0');
    expect(left()).toEqual([]);
  });

  it('a case of its result is run again, and its verdict is not that of the series', async () => {
    using terminal = open();
    await atRuns(terminal);
    await terminal.shows(/SOCK_STREAM bind only +pass/);
    terminal.keys('Tab', '/');
    terminal.type('bind only');
    terminal.keys('Enter', 'a');
    await terminal.shows('vsock_test “SOCK_STREAM bind only” in g2h, h2g, loopback, how often? 10');
    terminal.keys('C-u', '2', 'Enter');
    await terminal.shows('only vsock_test “SOCK_STREAM bind only”');
    await terminal.shows(/vsock-rx-buffers: (?:pass|flaky): .*nothing else was run/, LONG);
    expect(records().at(-1)).toMatchObject({
      part: { cases: ['vsock_test:SOCK_STREAM bind only'], times: 2 },
      suites: [0, 1, 2].map(() => ({ cases: [{ name: 'SOCK_STREAM bind only', attempts: 2 }] })),
    });
    terminal.keys('C-c');
    await terminal.shows('status 0');
    expect(left()).toEqual([]);
  });

  it('x cancels it, and nothing of it is left', async () => {
    using terminal = open();
    await atRuns(terminal);
    terminal.keys('r');
    // Then what is shown is no longer the last run's.
    await terminal.shows(/running {2}now/);
    await terminal.shows(/SOCK_STREAM connection reset +pass/, LONG);
    terminal.keys('x');
    await terminal.shows('vsock-rx-buffers: interrupted', LONG);
    expect(records().at(-1)).toMatchObject({ exit: 130 });
    terminal.keys('C-c');
    await terminal.shows('status 0');
    await vi.waitUntil(() => left().length === 0, { timeout: 30_000, interval: 200 });
  });

  it('ends with the dashboard, however that ends', async () => {
    for (const how of ['C-c', 'KILL']) {
      using terminal = open();
      await atRuns(terminal);
      terminal.keys('r');
      await terminal.shows(/running {2}now/);
      await terminal.shows(/▸ boot/, LONG);
      if (how === 'KILL') execFileSync('pkill', ['-KILL', '-P', String(terminal.pid)]);
      else terminal.keys(how);
      await terminal.shows(/status (?:0|137)/, LONG);
      await vi.waitUntil(() => left().length === 0, { timeout: 30_000, interval: 200 });
    }
    expect(leftHalfMade(place)).toEqual([]);
    using again = open();
    await atRuns(again);
    await again.shows(/unfinished/);
  });
});
