// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { errorOf } from '../../runs/record-error.ts';
import { PROBES, TEST_PROGRAMS } from '../../tools/run-vsock-test/programs.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { directionsOf, requestOf, SERIES_DETAILS, TEST_OPTIONS, wordsOf } from '../run-options.ts';

const { base: _, host: __, guest: ___, strict: ____, ...OPTIONS } = TEST_OPTIONS;

export const coverage: PlainCommand = {
  options: {
    ...OPTIONS,
    program: { type: 'string', value: 'LIST', description: 'vsock_test, vsock_diag_test, …; all by default' },
    probes: { type: 'boolean', description: "run respin's own probes, too (docs/probes.md)" },
    lcov: { type: 'string', value: 'FILE', description: 'also write an lcov tracefile, for genhtml' },
  },
  details: `${SERIES_DETAILS}

Which added lines of the series ran, in which machine, by which program and
direction: builds the patched kernel with gcov on the objects that the series
touches, boots host and guest with it, runs the programs as respin run does, and
reads and resets the counters behind each. docs/coverage.md says what it does
not see.

  respin coverage list             the records, the newest first
  respin coverage show [RECORD]    one of them, also with --lcov FILE

RECORD is an id, the beginning of one, or last. Exit status: 0 measured,
whatever ran and whether tests failed or not, 1 the series does not apply or
build, 2 wrong words, 3 the machine could not tell.`,
  run: async (context) => {
    const [word, ...rest] = context.positionals;
    if (word === 'list' || word === 'show') {
      const verbs = await import('../verbs/coverage.ts');
      return await verbs[word](context, rest);
    }
    return await measure(context);
  },
};

async function measure(context: Context): Promise<ExitCode> {
  const { series, variants: _variants, ...request } = await requestOf(context);
  if (series === null) throw new Error('without --base there is a series');
  const probes = context.flag('probes');
  const known = [...TEST_PROGRAMS, ...(probes ? PROBES : [])].map(({ name }) => name);
  const programs = wordsOf(context, 'program', known);
  const { coverageSeries } = await import('../../runs/coverage-series.ts');
  const { record, folder } = await context.follow(
    coverageSeries(
      { ...request, series, probes, programs, directions: directionsOf(context), argv: context.argv },
      context.signal,
    ),
  );
  const { showCoverage } = await import('../verbs/coverage.ts');
  if (!context.ndjson) await showCoverage(context, record, { withoutError: true });
  const { COVERAGE_RECORDS } = await import('../../runs/coverage-record.ts');
  await pruneRecords(context, COVERAGE_RECORDS);
  if (record.error !== null) throw errorOf(record.error, record.exit);
  if (!context.json && !context.ndjson) context.stderr.write(`record: ${folder}\n`);
  return 0;
}
