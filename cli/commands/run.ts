// SPDX-License-Identifier: MIT

import type { CheckReport } from '../../core/check.ts';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import type { Steps } from '../../core/events.ts';
import type { Series } from '../../core/series.ts';
import { pruneRuns } from '../../runs/prune-runs.ts';
import { errorOf } from '../../runs/record-error.ts';
import { runSeries, type TestRequest } from '../../runs/run-series.ts';
import { MOST_TIMES, parseChosen, parseTimes } from '../../tools/run-vsock-test/chosen-cases.ts';
import { PROBES, TEST_PROGRAMS } from '../../tools/run-vsock-test/programs.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import {
  directionsOf,
  namedSeries,
  PROBE_OPTIONS,
  probesOf,
  requestOf,
  SERIES_DETAILS,
  TEST_OPTIONS,
  testsOf,
} from '../run-options.ts';
import { shownRecord } from '../shown-record.ts';

export const run: PlainCommand = {
  options: {
    ...TEST_OPTIONS,
    ...PROBE_OPTIONS,
    case: {
      type: 'string',
      value: 'PROGRAM[:CASE]',
      multiple: true,
      description: 'these cases alone, of vsock_test, a probe, …: a number, 3-5, or a part of the name',
    },
    times: { type: 'string', value: 'N', description: 'runs each --case N times; once by default' },
    check: {
      type: 'boolean',
      description: 'also check the series, without the rules that build; an error of theirs exits with 1',
    },
  },
  details: `${SERIES_DETAILS}

Applies the series to the tree, builds kernel and test programs, boots a host VM
and in it a guest VM, and runs vsock_test, vsock_diag_test and vsock_uring_test
in each direction, and behind them the probes, where those take less than a
minute: not with --profile debug, nor without any virtualization. --probes and
--no-probes say so for one run, the setting probes for all. What was done before
comes from the cache. Exit status: 0 pass, 1 the series is at fault, 2 wrong
words, 3 the machine could not tell.

--case repeats what failed, or what one is at work on: --case vsock_test:21
--times 20 --direction h2g. Its verdict is of these cases, and never that of
the series: respin dash, respin review and a Tested-by leave such runs out.`,
  run: async (context) => {
    // Before anything that takes time: what is wrong with the words.
    const part = partOf(context);
    const wanted = await requestOf(context);
    const request = {
      ...wanted,
      ...testsOf(part, directionsOf(context), probesOf(context, wanted.probes)),
      strict: context.flag('strict'),
      argv: context.argv,
      check: context.flag('check') ? await seriesCheck(context, wanted.series) : null,
    };
    const { record, folder, check } = await context.follow(runSeries(request, context.signal));
    if (context.json) context.printJson(check === null ? record : { ...record, check });
    else if (!context.ndjson) {
      context.stdout.write(shownRecord(record, folder, context.stdout.columns, { withoutError: true }));
      if (check !== null) context.stdout.write(await checkSummary(check, context));
    }
    await pruneRecords(context, { prune: pruneRuns });
    // A series with an error is at fault, whatever the machine could tell of the run.
    const exit = check?.exit === 1 && record.exit !== 130 ? 1 : record.exit;
    if (record.error !== null) throw errorOf(record.error, exit);
    return exit as ExitCode;
  },
};

/** @throws RespinError BAD_OPTION (usage) */
function partOf(context: Context): TestRequest['part'] {
  const chosen = context.list('case').map((text) => parseChosen(text, [...TEST_PROGRAMS, ...PROBES]));
  const text = context.text('times');
  const times = parseTimes(text ?? '1');
  const wrong = (message: string, hint: string): RespinError =>
    new RespinError({ code: 'BAD_OPTION', blame: 'usage', message, hint });
  if (times === null)
    throw wrong(`--times ${text}: not a number from 1 to ${MOST_TIMES}`, 'for example --times 20');
  if (chosen.length > 0) {
    if (!context.flag('probes') && !context.flag('no-probes')) return { chosen, times };
    throw wrong('--case names what is run: --probes and --no-probes say nothing', 'leave them out');
  }
  if (text === undefined) return null;
  throw wrong(
    '--times is about cases, and no --case names one',
    'for example --case vsock_test:3 --times 20',
  );
}

/**
 * The checks beside a run: those that build are left out, the run builds the series itself, and
 * patch by patch it would take longer than the run.
 */
async function seriesCheck(context: Context, series: Series | null): Promise<Steps<CheckReport>> {
  if (series === null) {
    throw new RespinError({
      code: 'BAD_ARGUMENT',
      blame: 'usage',
      message: '--check is about a series, and --base runs the tree without one',
      hint: 'leave out one of the two',
    });
  }
  const { checkSteps } = await import('../check/check-steps.ts');
  const { RULES } = await import('../../tools/checkpatch/catalogue.ts');
  const { name } = await namedSeries(context);
  const rules = RULES.filter(({ needs }) => needs !== 'build');
  // --profile of a run is that of the kernel.
  return await checkSteps(context, { name, series }, { rules, profile: null });
}

async function checkSummary(check: CheckReport, context: Context): Promise<string> {
  const { formatCheckSummary } = await import('../../reports/check-summary.ts');
  const { RULES } = await import('../../tools/checkpatch/catalogue.ts');
  return formatCheckSummary(check, RULES, { label: 'check    ', width: context.stdout.columns || 80 });
}
