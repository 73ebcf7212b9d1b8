// SPDX-License-Identifier: MIT
/**
 * `npm run bench:fifty [-- --times N]`: the unpatched tree again and again while every
 * core is kept busy. What must not happen: fail or unknown, for that would be a lie about a series.
 */
import { readdirSync, readFileSync } from 'node:fs';
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
const BUSY = 'for (;;) {}';
for (let core = 0; core < availableParallelism(); core++) {
  void run(process.execPath, ['-e', BUSY], { signal: stop.signal }).catch(() => {});
}

/** Whether fewer of them run than there are cores. */
function idle(): boolean {
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It has ended since.
        return '';
      }
    });
  const burner = `${process.execPath}\0-e\0${BUSY}\0`;
  return commands.filter((command) => command === burner).length < availableParallelism();
}

try {
  for (let i = 1; i <= Number(values.times); i++) {
    const started = performance.now();
    // Not spawnSync: the burners are started by this process's event loop.
    const result = await run(RESPIN, ['run', '--base', '--no-probes', '--json', '-q']);
    if (idle()) throw new Error('nothing keeps the cores busy');
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
