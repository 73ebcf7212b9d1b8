// SPDX-License-Identifier: MIT
import { type ExitCode, RespinError } from '../../core/errors.ts';
import type { PerfChange, PerfRecord } from '../../core/perf.ts';
import { PERF_RECORDS } from '../../runs/perf-record.ts';
import type { Context } from '../command.ts';
import { expectNoMore } from '../expect-no-more.ts';
import { readPerfRecord } from '../perf-record-file.ts';
import { terminalWidth } from '../width.ts';

/** `respin perf list` */
export async function list(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 0, 'perf list');
  const records = await PERF_RECORDS.list();
  if (context.json) context.printJson(records);
  else {
    const { formatPerfList } = await import('../../reports/perf-list.ts');
    await context.show(formatPerfList(records));
  }
  return 0;
}

/** `respin perf show [RECORD]` */
export async function show(context: Context, args: readonly string[]): Promise<ExitCode> {
  expectNoMore(args, 1, 'perf show [RECORD]');
  await showPerf(context, await readPerfRecord(args[0] ?? 'last', context.cwd));
  return 0;
}

/** `respin perf compare A B` */
export async function compare(context: Context, args: readonly string[]): Promise<ExitCode> {
  const [first, second] = args;
  if (first === undefined || second === undefined) {
    throw new RespinError({
      code: 'MISSING_ARGUMENT',
      blame: 'usage',
      message: 'respin perf compare needs two records',
      hint: 'respin perf list shows them',
    });
  }
  expectNoMore(args, 2, 'perf compare A B');
  const [a, b] = await Promise.all([readPerfRecord(first, context.cwd), readPerfRecord(second, context.cwd)]);
  const changes = await betweenRecords(a, b);
  const { formatPerfCompare, perfDifferences } = await import('../../reports/perf-compare.ts');
  if (context.json) {
    const differences = perfDifferences(a, b);
    // Of records that were not measured alike no change is claimed.
    const told = changes.map((one) => ({ ...one, real: one.real && differences.length === 0 }));
    context.printJson({ a: a.id, b: b.id, differences, changes: told });
  } else {
    await context.show(formatPerfCompare(a, b, changes, shape(context)));
  }
  return 0;
}

/** As the options ask: the table, the block for a commit message, a plot, or JSON. */
export async function showPerf(
  context: Context,
  record: PerfRecord,
  { withoutError = false } = {},
): Promise<void> {
  if (context.json) return context.printJson(record);
  if (context.flag('commit-message')) {
    // An error is printed by who measured; of a record without figures the block says so itself.
    if (withoutError && record.error !== null) return;
    const { formatCommitMessage } = await import('../../reports/perf-commit-message.ts');
    context.stdout.write(formatCommitMessage(record));
    return;
  }
  if (context.flag('svg')) {
    const { formatPerfSvg } = await import('../../reports/perf-svg.ts');
    context.stdout.write(formatPerfSvg(record));
    return;
  }
  if (context.flag('plot')) {
    const { formatPerfPlot } = await import('../../reports/perf-plot.ts');
    await context.show(formatPerfPlot(record, shape(context)));
    return;
  }
  const { formatPerf } = await import('../../reports/perf-table.ts');
  await context.show(formatPerf(record, { ...shape(context), withoutError }));
}

function shape(context: Context): { width?: number; color: boolean; ascii: boolean } {
  const width = terminalWidth(context);
  return { ...(width === undefined ? {} : { width }), color: context.color, ascii: !context.unicode };
}

/** The last kernels of each against those of the other, by the tests that both have. */
async function betweenRecords(a: PerfRecord, b: PerfRecord): Promise<PerfChange[]> {
  const { compareSamples } = await import('../../tools/run-vsock-perf/changes.ts');
  const clock = a.machine?.clock ?? 'wall';
  return a.changes.flatMap((one) => {
    const same = (other: PerfChange): boolean =>
      other.test === one.test &&
      other.of === one.of &&
      other.after.host === one.after.host &&
      other.after.guest === one.after.guest;
    const other = b.changes.find(same);
    if (other === undefined) return [];
    return [
      {
        ...{ test: one.test, of: one.of, before: one.after, after: other.after },
        ...compareSamples(one.samples.after, other.samples.after, clock),
      },
    ];
  });
}
