// SPDX-License-Identifier: MIT

import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import type { RunRecord } from '../../core/run.ts';
import { pruneRecords } from '../../runs/record.ts';
import { runSeries } from '../../runs/run-series.ts';
import type { Context, PlainCommand } from '../command.ts';
import { directionsOf, requestOf, SERIES_DETAILS, TEST_OPTIONS } from '../run-options.ts';
import { shownRecord } from '../shown-record.ts';

export const run: PlainCommand = {
  options: TEST_OPTIONS,
  details: `${SERIES_DETAILS}

Applies the series to the tree, builds kernel and test programs, boots a host VM
and in it a guest VM, and runs vsock_test, vsock_diag_test and vsock_uring_test
in each direction. What was done before comes from the cache. Exit status:
0 pass, 1 the series is at fault, 2 wrong words, 3 the machine could not tell.`,
  run: async (context) => {
    const request = {
      ...(await requestOf(context)),
      directions: directionsOf(context),
      strict: context.flag('strict'),
      argv: context.argv,
    };
    const { record, folder } = await context.follow(runSeries(request, context.signal));
    if (context.json) context.printJson(record);
    else if (!context.ndjson)
      context.stdout.write(shownRecord(record, folder, context.stdout.columns, { withoutError: true }));
    await prune(context);
    if (record.error !== null) throw errorOf(record);
    return record.exit as ExitCode;
  },
};

/** Removes old records. The verdict is out by now: what goes wrong here must not take its place. */
async function prune(context: Context): Promise<void> {
  try {
    const { settings } = await context.settings();
    await pruneRecords(settings.keepRuns);
  } catch (error) {
    context.warn(`old run records are still there: ${error instanceof Error ? error.message : error}`);
  }
}

/** The error that ended the run, to be printed as any other. */
function errorOf(record: RunRecord): RespinError {
  const { code, message, hint, detail } = record.error as NonNullable<RunRecord['error']>;
  const blame =
    record.exit === 130
      ? 'interrupted'
      : record.exit === 1
        ? 'series'
        : record.exit === 2
          ? 'usage'
          : 'machine';
  return new RespinError({
    code,
    blame,
    message,
    ...(hint === null ? {} : { hint }),
    ...(detail === null ? {} : { detail }),
  });
}
