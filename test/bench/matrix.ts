// SPDX-License-Identifier: MIT
/**
 * How long matrices take: `npm run bench:matrix [-- --debug]`. v1…v4 × 3 directions on a built base are to take 6 minutes
 * on two cores, all four combinations of one version 2; with --debug, a kernel that checks itself is to be built in 12
 * minutes and a run of it to take 3. Kernels that are in the cache already are not built again: the first is what counts.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDuration } from '../../core/duration.ts';
import type { MatrixRecord } from '../../core/matrix.ts';
import type { RunRecord } from '../../core/run.ts';
import { matrixCounts } from '../../reports/matrix-words.ts';
import { run } from '../../system/exec.ts';

const RESPIN = path.resolve(import.meta.dirname, '../../bin/respin');
const SERIES = 'vsock-rx-buffers';
const MINUTE = 60_000;

const { values } = parseArgs({ options: { debug: { type: 'boolean', default: false } } });
let missed = false;

/** What is printed by --json, and the milliseconds it took. */
async function timed<T>(...args: string[]): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const { stdout } = await run(RESPIN, [...args, '--json'], {
    onLine: (line, stream) => {
      if (stream === 'stderr') process.stderr.write(`${line}\n`);
    },
  });
  return { value: JSON.parse(stdout) as T, ms: performance.now() - began };
}

function tell(what: string, ms: number, most: number, more: string): void {
  missed ||= ms > most;
  const late = ms > most ? '  TOO LONG' : '';
  process.stdout.write(`${what}  ${formatDuration(ms)} (${formatDuration(most)} wanted)  ${more}${late}\n`);
}

await run(RESPIN, ['-q', 'build', '--base']);
const versions = await timed<MatrixRecord>('matrix', SERIES, '--versions', 'v1..v4', '--again');
tell('v1…v4 x 3 directions', versions.ms, 6 * MINUTE, matrixCounts(versions.value));
const interop = await timed<MatrixRecord>('matrix', SERIES, '--versions', 'v4', '--interop', '--again');
tell('v4 --interop', interop.ms, 2 * MINUTE, matrixCounts(interop.value));
if (values.debug) {
  for (const profile of ['debug,fast', 'fast,debug']) {
    const built = await timed<unknown>('build', SERIES, '--version', 'v4', '--profile', profile);
    tell(`build --profile ${profile}`, built.ms, 12 * MINUTE, '');
    const ran = await timed<RunRecord>('run', SERIES, '--version', 'v4', '--profile', profile, '--no-probes');
    tell(`run --profile ${profile}`, ran.ms, 3 * MINUTE, ran.value.why);
  }
}
process.exit(missed ? 1 : 0);
