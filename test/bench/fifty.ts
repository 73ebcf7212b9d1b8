// SPDX-License-Identifier: MIT
/**
 * `npm run bench:fifty [-- --times N]`: the unpatched tree again and again while every
 * core is kept busy. What must not happen: fail or unknown, for that would be a lie about a series.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import type { RunRecord } from '../../core/run.ts';
import { run } from '../../system/exec.ts';

const RESPIN = path.resolve(import.meta.dirname, '../../bin/respin');

const { values } = parseArgs({ options: { times: { type: 'string', default: '50' } } });
const count: Record<string, number> = {};
// Under the guard: they end when this program does, however it ends.
const stop = new AbortController();
for (let core = 0; core < availableParallelism(); core++) {
  void run(process.execPath, ['-e', 'for (;;) {}'], { signal: stop.signal }).catch(() => {});
}
try {
  for (let i = 1; i <= Number(values.times); i++) {
    const started = performance.now();
    const result = spawnSync(RESPIN, ['run', '--base', '--json', '-q'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const record = JSON.parse(result.stdout) as RunRecord;
    count[record.verdict] = (count[record.verdict] ?? 0) + 1;
    process.stdout.write(
      `${i} ${record.verdict} ${formatDuration(performance.now() - started)} load ${loadavg()[0]?.toFixed(1)}` +
        ` boots ${record.boots.length}${record.verdict === 'pass' ? '' : `: ${record.why}`}\n`,
    );
  }
} finally {
  stop.abort();
}
process.stdout.write(`${JSON.stringify(count)}\n`);
process.exit(count['fail'] === undefined && count['unknown'] === undefined ? 0 : 1);
