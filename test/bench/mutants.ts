// SPDX-License-Identifier: MIT
/**
 * How many of test/mutants the programs kill, and how long that takes: `npm run bench:mutants [-- --continue]`. The targets
 * are 90 % with the probes, and 45 minutes on two cores.
 */
import path from 'node:path';
import { formatDuration } from '../../core/duration.ts';
import type { MutantsRecord } from '../../core/mutants.ts';
import { formatMutants, scoreOf, triedMs } from '../../reports/mutants-table.ts';
import { run } from '../../system/exec.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const LEAST_PERCENT = 90;
const MOST_MINUTES = 45;

const { stdout } = await run(path.join(ROOT, 'bin/respin'), ['mutants', '--json', ...process.argv.slice(2)], {
  onLine: (line, stream) => {
    if (stream === 'stderr') process.stderr.write(`${line}\n`);
  },
});
const record = JSON.parse(stdout) as MutantsRecord;
process.stdout.write(formatMutants(record));
const { all, tried } = scoreOf(record);
const percent = tried === 0 ? 0 : (100 * all) / tried;
// Of forty: there may be more.
const minutes = (triedMs(record) / Math.max(1, record.results.length)) * (40 / 60_000);
process.stdout.write(
  `killed ${percent.toFixed(1)} % (${LEAST_PERCENT} wanted); forty take ${formatDuration(minutes * 60_000)} (${MOST_MINUTES}m wanted)\n`,
);
process.exit(record.error === null && percent >= LEAST_PERCENT && minutes <= MOST_MINUTES ? 0 : 1);
