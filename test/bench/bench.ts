// SPDX-License-Identifier: MIT
/**
 * `npm run bench [-- --first] [--times N] [--only TEXT]`: what the stages take, as medians, beside what
 * they may take. --first adds the two that begin with an empty cache (about 15 minutes); --only leaves
 * those with TEXT in their names.
 * Numbers are this machine's; the table names it.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import { once } from '../../core/once.ts';
import type { RunRecord } from '../../core/run.ts';
import { formatTable } from '../../core/table.ts';
import { cachePath } from '../../system/paths.ts';
import { editedSeries } from '../edited-series.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RESPIN = path.join(ROOT, 'bin/respin');

interface Row {
  what: string;
  limitMs: number;
  /** Milliseconds, one a time it was done. */
  ms: number[];
}

function call(args: string[], env: Record<string, string> = {}): SpawnSyncReturns<string> & { ms: number } {
  const started = performance.now();
  const result = spawnSync(RESPIN, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { ...result, ms: performance.now() - started };
}

/** A run that must come to pass or flaky: a figure of a failed run is no figure. */
function timedRun(args: string[], env: Record<string, string> = {}): { ms: number; record: RunRecord } {
  const result = call(['run', '--no-probes', '--json', '-q', ...args], env);
  const record = JSON.parse(result.stdout) as RunRecord;
  if (result.status !== 0) throw new Error(`respin run ${args.join(' ')}: ${record.verdict}: ${record.why}`);
  return { ms: result.ms, record };
}

/** A check that came to its end, whatever it found. */
function timedCheck(args: string[]): number {
  const { status, ms } = call(['check', '--json', '-q', ...args]);
  if (status !== 0 && status !== 1 && status !== 3)
    throw new Error(`respin check ${args.join(' ')}: status ${status}`);
  return ms;
}

interface Choice {
  times: number;
  first: boolean;
  /** In the names of the rows that are measured. */
  only: string;
}

function measured({ times, first, only }: Choice, folder: string): Row[] {
  const rows: Row[] = [];
  const add = (what: string, limitMs: number, measure: () => number[]): void => {
    if (!what.includes(only)) return;
    const ms = measure();
    rows.push({ what, limitMs, ms });
    process.stderr.write(`${what}: ${ms.map(formatDuration).join(', ')}\n`);
  };
  add('respin --help', 150, () => Array.from({ length: 11 }, () => call(['--help']).ms));
  const again = once(() => {
    timedRun(['vsock-rx-buffers']);
    return Array.from({ length: times }, () => timedRun(['vsock-rx-buffers']));
  });
  add('run again, nothing changed', 22_000, () => again().map(({ ms }) => ms));
  add("power-on to the host's init", 2_500, () =>
    again().map(({ record }) => record.boots[0]?.hostInitMs ?? Number.NaN),
  );
  add("power-on to the guest's init", 7_000, () =>
    again().map(({ record }) => record.boots[0]?.guestInitMs ?? Number.NaN),
  );
  add('after an edit of one vsock file', 40_000, () =>
    Array.from({ length: times }, (_, i) => timedRun([editedSeries(folder, `${Date.now()}-${i}`)]).ms),
  );
  add('a next version of five files, in a built tree', 60_000, () =>
    Array.from(
      { length: times },
      (_, i) => timedRun([editedSeries(folder, `${Date.now()}-next-${i}`, 'next-version')]).ms,
    ),
  );
  add('check of ten patches, without builds', 5_000, () =>
    Array.from({ length: times }, (_, i) =>
      timedCheck([editedSeries(folder, `${Date.now()}-ten-${i}`, 'ten-patches'), '--no-build']),
    ),
  );
  add('check of the shipped series with builds, in a built tree', 180_000, () =>
    Array.from({ length: Math.min(times, 2) }, () => {
      // What compilers said before is kept; here they are to say it again.
      rmSync(cachePath('warnings'), { recursive: true, force: true });
      return timedCheck(['vsock-rx-buffers']);
    }),
  );
  if (first) {
    const ccache = path.join(folder, 'ccache');
    for (const [what, limit] of [
      ['first time: source package to verdict', 480_000],
      ['the same with a warm ccache, empty cache folder', 150_000],
    ] as const) {
      const cache = mkdtempSync(path.join(folder, 'cache-'));
      add(what, limit, () => [
        timedRun(['vsock-rx-buffers'], { XDG_CACHE_HOME: cache, CCACHE_DIR: ccache }).ms,
      ]);
      rmSync(cache, { recursive: true, force: true });
    }
  }
  return rows;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

const { values } = parseArgs({
  options: {
    first: { type: 'boolean', default: false },
    times: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const folder = mkdtempSync(path.join(tmpdir(), 'respin-bench-'));
const state = path.join(folder, 'state');
process.env['XDG_STATE_HOME'] = state;
try {
  const rows = measured({ ...values, times: Number(values.times) }, folder);
  if (rows.length === 0) throw new Error(`no row has "${values.only}" in its name`);
  const { record } = timedRun(['vsock-rx-buffers']);
  process.stdout.write(
    formatTable(
      [
        { title: 'what' },
        { title: 'median', align: 'right' },
        { title: 'of', align: 'right' },
        { title: 'at most', align: 'right' },
        { title: '' },
      ],
      rows.map(({ what, limitMs, ms }) => [
        what,
        formatDuration(median(ms)),
        String(ms.length),
        formatDuration(limitMs),
        median(ms) <= limitMs ? 'ok' : 'over',
      ]),
    ),
  );
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `mode ${record.machine?.mode}, QEMU ${record.machine?.qemu}, ${record.kernels?.host.compiler}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
