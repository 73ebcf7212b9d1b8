// SPDX-License-Identifier: MIT
import { readSize } from '../../core/byte-size.ts';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import {
  type Kernels,
  PERF_CLOCKS,
  PERF_DIRECTIONS,
  PERF_PROGRAMS,
  type PerfClock,
  type PerfProgram,
  type SocketType,
} from '../../core/perf.ts';
import type { PerfRequest } from '../../runs/perf-series.ts';
import { errorOf } from '../../runs/record-error.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { BUILD_OPTIONS, requestOf, SERIES_DETAILS, wordsOf } from '../run-options.ts';

/** What 64 threads with 5 runs of 64KB and 16B measure: the table of the mail respin began with. */
const DEFAULTS = { runs: 5, threads: 64, messages: [65_536, 16], echoes: [1, 64] };
const MOST_RUNS = 100;
const MOST_THREADS = 512;
const MOST_BYTES = 1024 * 1024;

const { 'step-timeout': _, ...KERNEL_OPTIONS } = BUILD_OPTIONS;

export const perf: PlainCommand = {
  options: {
    ...KERNEL_OPTIONS,
    runs: { type: 'string', value: 'N', description: 'fresh boots of each pair of kernels; 5 by default' },
    message: { type: 'string', value: 'LIST', description: 'sizes; 64KB,16B by default (latency: 1B,64B)' },
    direction: { type: 'string', value: 'LIST', description: 'g2h, h2g; both by default' },
    type: { type: 'string', value: 'LIST', description: 'stream (default), seqpacket' },
    threads: { type: 'string', value: 'N', description: 'connections; 64 by default (latency: 1)' },
    bytes: { type: 'string', value: 'SIZE', description: 'of a transfer, instead of what the clock needs' },
    latency: { type: 'boolean', description: 'a message there and back, p50 and p99, instead of throughput' },
    clock: {
      type: 'string',
      value: 'NAME',
      description: 'instructions or wall; by default the wall where both machines run on KVM',
    },
    program: { type: 'string', value: 'NAME', description: 'vsock-load, vsock_perf, uperf' },
    matrix: { type: 'boolean', description: 'base and patched in all four combinations of host and guest' },
    'commit-message': { type: 'boolean', description: 'print the block for a commit message' },
    svg: { type: 'boolean', description: 'print the samples as an SVG' },
    plot: { type: 'boolean', description: 'print the samples as a plot for the terminal' },
  },
  details: `${SERIES_DETAILS}

Measures the base against the patched kernels, each run in fresh machines, in
turn, and prints a change where there is one. --host base or --guest base
leaves that machine its base kernel; --base measures a tree against itself.
What measures: for one stream (--threads 1) vsock_perf where the tree has it,
else respin's own vsock-load; --program uperf takes the uperf in PATH.
By the instruction clock a second is 1,000,000,000 instructions of the host VM:
it does not depend on what else this machine does, nor see cache misses.

  respin perf list                 the records, the newest first
  respin perf show [RECORD]        one of them, also with --commit-message,
                                   --plot, --svg
  respin perf compare A B          the patched kernels of two: v3 against v4

RECORD is an id, the beginning of one, or last. Exit status: 0 measured, 1 the
series moves wrong data or does not come to a figure, 2 wrong words, 3 the
machine could not measure.`,
  run: async (context) => {
    const [word, ...rest] = context.positionals;
    const verb = word === 'list' || word === 'show' || word === 'compare' ? word : null;
    if (verb !== null) expectNothingMeasured(context, verb);
    expectOneForm(context);
    if (verb === null) return await measure(context);
    const verbs = await import('../verbs/perf.ts');
    return await verbs[verb](context, rest);
  },
};

async function measure(context: Context): Promise<ExitCode> {
  const latency = context.flag('latency');
  const program = wordOf(context, 'program', PERF_PROGRAMS);
  const clock = wordOf(context, 'clock', PERF_CLOCKS);
  const runs = numberOf(context, 'runs', MOST_RUNS) ?? DEFAULTS.runs;
  const threads =
    numberOf(context, 'threads', MOST_THREADS) ??
    (latency || program === 'vsock_perf' ? 1 : DEFAULTS.threads);
  const choice = {
    directions: wordsOf(context, 'direction', PERF_DIRECTIONS) ?? PERF_DIRECTIONS,
    messages: sizesOf(context, 'message') ?? (latency ? DEFAULTS.echoes : DEFAULTS.messages),
    types: wordsOf<SocketType>(context, 'type', ['stream', 'seqpacket']) ?? (['stream'] as const),
    threads,
    measure: latency ? ('latency' as const) : ('throughput' as const),
    bytes: bytesOf(context),
  };
  const { variants, ...request } = await requestOf(context);
  expectOneClock(clock, request.mode);
  const { host, guest } = request.profiles;
  if (host !== guest) {
    throw badOption(
      `--profile ${host},${guest}: both machines are measured with the same`,
      'name one profile, or measure with each',
    );
  }
  const { perfTests, whyNot } = await import('../../tools/run-vsock-perf/tests.ts');
  const refused = whyNot(program ?? 'vsock-load', choice);
  if (refused !== null) throw badOption(refused, 'respin help perf tells what each program measures');
  const usual: PerfRequest['programs'] =
    whyNot('vsock_perf', choice) === null ? ['vsock_perf', 'vsock-load'] : ['vsock-load'];
  const { perfSeries } = await import('../../runs/perf-series.ts');
  const { record, folder } = await context.follow(
    perfSeries(
      {
        ...request,
        ...{ sets: setsOf(context, request.series === null, variants), clock, runs },
        programs: program === null ? usual : [program],
        tests: (by: PerfClock, what: PerfProgram, emulated: boolean) =>
          perfTests({ ...choice, clock: by, program: what, emulated }),
        argv: context.argv,
      },
      context.signal,
    ),
  );
  const { showPerf } = await import('../verbs/perf.ts');
  if (!context.ndjson) await showPerf(context, record, { withoutError: true });
  const { PERF_RECORDS } = await import('../../runs/perf-record.ts');
  await pruneRecords(context, PERF_RECORDS);
  if (record.error === null) {
    if (!context.json && !context.ndjson) context.stderr.write(`record: ${folder}\n`);
    return 0;
  }
  throw errorOf(record.error, record.exit);
}

/** The reference first. Of a tree alone its kernel twice: what the machine shows where nothing has changed. */
function setsOf(context: Context, alone: boolean, { host, guest }: Kernels): Kernels[] {
  const base: Kernels = { host: 'base', guest: 'base' };
  if (alone) {
    if (context.flag('matrix'))
      throw badOption('--matrix is about a series', 'leave out one of --base and --matrix');
    return [base, base];
  }
  if (context.flag('matrix')) {
    if (context.text('host') !== undefined || context.text('guest') !== undefined) {
      throw badOption('--matrix has all combinations', 'leave out --host and --guest');
    }
    return [
      base,
      { host: 'patched', guest: 'base' },
      { host: 'base', guest: 'patched' },
      { host: 'patched', guest: 'patched' },
    ];
  }
  return [base, { host, guest }];
}

function expectOneForm(context: Context): void {
  const forms = ['commit-message', 'svg', 'plot']
    .filter((name) => context.flag(name))
    .map((name) => `--${name}`);
  if (context.json) forms.push('--json');
  if (forms.length > 1) throw badOption(`${forms.join(' and ')} do not go together`, 'name one of them');
}

/** What says how to measure says nothing of what was measured. */
function expectNothingMeasured(context: Context, word: 'list' | 'show' | 'compare'): void {
  const forms = ['commit-message', 'svg', 'plot'];
  const given = Object.entries(perf.options ?? {})
    .filter(([name]) => word !== 'show' || !forms.includes(name))
    .find(([name, { type }]) => (type === 'boolean' ? context.flag(name) : context.text(name) !== undefined));
  if (given !== undefined)
    throw badOption(`perf ${word} has no --${given[0]}`, 'respin help perf tells what it has');
}

/** By the instruction clock the host is emulated, whatever KVM the machine has. */
function expectOneClock(clock: PerfClock | null, mode: string): void {
  if (clock === 'instructions' && mode.startsWith('kvm')) {
    throw badOption(
      `--clock instructions does not measure in ${mode}: it counts what is emulated`,
      'leave out --mode',
    );
  }
}

function bytesOf(context: Context): number | null {
  const sizes = sizesOf(context, 'bytes');
  if (sizes === null) return null;
  if (context.flag('latency'))
    throw badOption('--latency moves single messages, and no --bytes', 'leave out one');
  const [bytes, ...more] = sizes;
  if (more.length > 0) throw badOption('--bytes is one size', '--bytes 32MB');
  return bytes ?? null;
}

function wordOf<T extends string>(context: Context, option: string, words: readonly T[]): T | null {
  const text = context.text(option);
  if (text === undefined) return null;
  const found = words.find((word) => word === text);
  if (found === undefined) throw badOption(`--${option} ${text}: not known`, `it takes ${words.join(', ')}`);
  return found;
}

function numberOf(context: Context, option: string, most: number): number | null {
  const text = context.text(option);
  if (text === undefined) return null;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw badOption(`--${option} ${text}: not a number from 1 to ${most}`, `--${option} 5`);
}

function sizesOf(context: Context, option: string): number[] | null {
  const text = context.text(option);
  if (text === undefined) return null;
  const sizes = text.split(',').map((word) => {
    const bytes = readSize(word);
    if (bytes !== null && (option === 'bytes' || bytes <= MOST_BYTES)) return bytes;
    throw badOption(
      `--${option} ${text}: ${word.trim() || 'nothing'} is no size`,
      'sizes are written 16B, 64KB, 1MB; a message has 1MB at most',
    );
  });
  // Twice the same test would count as twice as many runs.
  return [...new Set(sizes)];
}

function badOption(message: string, hint: string): RespinError {
  return new RespinError({ code: 'BAD_OPTION', blame: 'usage', message, hint });
}
