// SPDX-License-Identifier: MIT
/**
 * What `respin perf` can be trusted with: `npm run bench:perf -- aa|cost|wall [--sessions N] [--runs N]`.
 *
 *   aa    the tree against itself, while another process keeps a core busy: no change may be
 *         claimed, and none of the means may lie more than 1 % apart
 *   cost  a patch that makes sending dearer by 1 %: found in at least nine sessions of ten
 *   wall  the same patch by the wall clock
 */
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import type { PerfRecord } from '../../core/perf.ts';
import { run } from '../../system/exec.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COST = path.join(ROOT, 'test/faults/send-cost.patch');

interface Experiment {
  sessions: number;
  args: readonly string[];
  /** Another process takes a core meanwhile. */
  busy: boolean;
  /** Whether a session came out as it must. */
  holds(record: PerfRecord): boolean;
  /** Of how many sessions that is wanted. */
  least(sessions: number): number;
}

const claims = ({ changes }: PerfRecord): number => changes.filter(({ real }) => real).length;

const EXPERIMENTS: Record<string, Experiment> = {
  aa: {
    ...{ sessions: 20, args: ['--base', '--clock', 'instructions'], busy: true },
    holds: (record) => claims(record) === 0 && record.changes.every(({ change }) => Math.abs(change) <= 1),
    least: (sessions) => sessions,
  },
  cost: {
    ...{ sessions: 10, args: [COST, '--clock', 'instructions'], busy: false },
    // By whichever test; none may find a gain.
    holds: ({ changes }) =>
      changes.some(({ real, change }) => real && change < 0) &&
      changes.every(({ real, change }) => !real || change < 0),
    least: (sessions) => Math.ceil(0.9 * sessions),
  },
  wall: {
    ...{ sessions: 3, args: [COST, '--clock', 'wall'], busy: false },
    holds: (record) => claims(record) === 0,
    least: (sessions) => sessions,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sessions: { type: 'string' }, runs: { type: 'string', default: '5' } },
});
const [name = ''] = positionals;
const experiment = EXPERIMENTS[name];
if (experiment === undefined) throw new Error(`which one? ${Object.keys(EXPERIMENTS).join(', ')}`);
const sessions = Number(values.sessions ?? experiment.sessions);
const stop = new AbortController();
// Under the guard: it ends when this program does, however it ends.
if (experiment.busy)
  void run(process.execPath, ['-e', 'for (;;) {}'], { signal: stop.signal }).catch(() => {});
let held = 0;
let farthest = 0;
let machine = '';
/** By test: in how many sessions a change was claimed. */
const claimed = new Map<string, number>();
try {
  for (let i = 1; i <= sessions; i++) {
    const started = performance.now();
    const args = ['perf', ...experiment.args, '--tree', 'debian:linux-source-6.12', '--runs', values.runs];
    const { stdout, stderr } = await run(path.join(ROOT, 'bin/respin'), [...args, '--json', '-q']);
    if (stdout === '') throw new Error(stderr);
    const record = JSON.parse(stdout) as PerfRecord;
    if (record.error !== null || record.changes.length === 0) {
      process.stdout.write(`${i}  no figures: ${record.error?.message}\n`);
      continue;
    }
    const holds = experiment.holds(record);
    if (holds) held += 1;
    farthest = Math.max(farthest, ...record.changes.map(({ change }) => Math.abs(change)));
    for (const { test, real } of record.changes) claimed.set(test, (claimed.get(test) ?? 0) + (real ? 1 : 0));
    const told = record.changes.map(({ test, change, p, real }) => {
      const sign = change < 0 ? '' : '+';
      return `${test} ${sign}${change.toFixed(2)}% p=${p.toFixed(3)}${real ? ' claimed' : ''}`;
    });
    const took = formatDuration(performance.now() - started);
    process.stdout.write(`${i}  ${holds ? 'holds' : 'DOES NOT HOLD'}  ${told.join(', ')}  ${took}\n`);
    const { mode = '', qemu = '' } = record.machine ?? {};
    machine = `${mode}, QEMU ${qemu}`;
  }
} finally {
  stop.abort();
}
const memory = Math.round(totalmem() / 1024 ** 3);
process.stdout.write(
  `${name}: ${held} of ${sessions} sessions hold, at least ${experiment.least(sessions)} wanted; farthest ${farthest.toFixed(2)} %\n` +
    `claimed: ${[...claimed].map(([test, count]) => `${test} ${count}`).join(', ')}\n` +
    `${availableParallelism()} × ${cpus()[0]?.model}, ${memory} GiB, ${machine}\n`,
);
process.exit(held >= experiment.least(sessions) ? 0 : 1);
