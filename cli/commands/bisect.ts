// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import type { PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { SERIES_DETAILS, TEST_OPTIONS } from '../run-options.ts';
import { terminalWidth } from '../width.ts';

const { base: _, host: __, guest: ___, strict: ____, ...OPTIONS } = TEST_OPTIONS;

export const bisect: PlainCommand = {
  options: {
    ...OPTIONS,
    case: {
      type: 'string',
      value: 'PROGRAM[:CASE]',
      multiple: true,
      description: 'these cases alone, of those that fail: a number, 3-5, or a part of the name',
    },
  },
  details: `${SERIES_DETAILS}

Finds the patch from which on a case fails. What fails is taken from the newest
run of the version, or from one that is made now; then the case is run with
fewer and fewer patches, by halves, each time with the test programs of the
whole series. What a record tells is not run again: after respin matrix
--each-patch nothing may be left to run.

A patch may only bring to light what one before it did wrong: the result says
from where on the case fails, not whose fault it is.

Exit status: 0 each case was found or fails on the tree itself, 2 wrong words or
nothing fails, 3 the machine could not tell.`,
  run: async (context) => {
    const { bisectSeries } = await import('../../runs/bisect-series.ts');
    const { parseChosen } = await import('../../tools/run-vsock-test/chosen-cases.ts');
    const { PROBES, TEST_PROGRAMS } = await import('../../tools/run-vsock-test/programs.ts');
    const { directionsOf, namedSeries, requestFor } = await import('../run-options.ts');
    // Before anything that takes time: what is wrong with the words.
    const chosen = context.list('case').map((text) => parseChosen(text, [...TEST_PROGRAMS, ...PROBES]));
    const directions = directionsOf(context);
    const [, ...more] = context.positionals;
    if (more.length > 0) throw tooMuch(more);
    const series = await (await namedSeries(context)).read();
    const { series: __, variants: ___, ...request } = await requestFor(context, series);
    const report = await context.follow(
      bisectSeries(
        {
          ...request,
          ...{ series, directions, argv: ['bisect', ...context.argv] },
          chosen: chosen.length === 0 ? null : chosen,
        },
        context.signal,
      ),
    );
    if (context.json) context.printJson(report);
    else if (!context.ndjson) {
      const { formatBisect } = await import('../../reports/bisect-table.ts');
      await context.show(formatBisect(report, terminalWidth(context)));
    }
    const { pruneRuns } = await import('../../runs/prune-runs.ts');
    await pruneRecords(context, { prune: pruneRuns });
    return exitOf(report.cases);
  },
};

function exitOf(cases: readonly { culprits: readonly number[] }[]): ExitCode {
  return cases.every(({ culprits }) => culprits.length <= 1) ? 0 : 3;
}

function tooMuch(words: readonly string[]): RespinError {
  return new RespinError({
    code: 'BAD_ARGUMENT',
    blame: 'usage',
    message: `one series at a time: ${words.join(' ')} is too much`,
    hint: 'options come with --',
  });
}
