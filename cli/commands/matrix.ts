// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { errorOf } from '../../runs/record-error.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { SERIES_DETAILS, TEST_OPTIONS } from '../run-options.ts';

const {
  version: _,
  base: __,
  tree: ___,
  host: ____,
  guest: _____,
  profile: ______,
  ...OPTIONS
} = TEST_OPTIONS;

export const matrix: PlainCommand = {
  options: {
    versions: { type: 'string', value: 'LIST', description: 'v1,v3 or v1..v4; all by default' },
    'each-patch': {
      type: 'boolean',
      description: 'a row for each patch of a version, the newest by default: each has to build and pass',
    },
    trees: {
      type: 'string',
      value: 'LIST',
      description: 'kernel trees; by default the one the series names',
    },
    profiles: {
      type: 'string',
      value: 'LIST',
      description: 'kernel configurations: fast (default), debug: once in the host, once in the guest',
    },
    interop: {
      type: 'boolean',
      description: 'base and patched hosts with base and patched guests, each with each',
    },
    ...OPTIONS,
    probes: { type: 'boolean', description: "respin's own probes, too (docs/probes.md)" },
    again: { type: 'boolean', description: 'run everything, also what was run before' },
    'at-once': {
      type: 'string',
      value: 'N',
      description: 'runs side by side; by default as memory and cores allow',
    },
    format: { type: 'string', value: 'NAME', description: 'table (default), markdown or junit' },
  },
  details: `${SERIES_DETAILS}

Runs every version, or every patch of one, on every tree, with every kernel
configuration, and prints a table of what passed in which direction. A cell is a
run with a record of its own. What was run before, with the same kernels and
programs on the same machines, is not run again: a matrix that was ended
half-way goes on where it was, and one of v4 runs v4 alone.

  respin matrix list              the records, the newest first
  respin matrix show [RECORD]     one of them

Exit status: 0 all cells pass, 1 one fails, 2 wrong words, 3 one could not tell.`,
  run: async (context) => {
    const [word, ...rest] = context.positionals;
    if (word === 'list' || word === 'show') {
      const verbs = await import('../verbs/matrix.ts');
      return await verbs[word](context, rest);
    }
    return await runAll(context);
  },
};

async function runAll(context: Context): Promise<ExitCode> {
  const { matrixRequest } = await import('../matrix-request.ts');
  const { runMatrix } = await import('../../runs/run-matrix.ts');
  const { formatOf, showMatrix } = await import('../verbs/matrix.ts');
  // Before anything that takes time: what is wrong with the words.
  formatOf(context);
  const request = await matrixRequest(context);
  const { record, folder } = await context.follow(runMatrix(request, context.signal));
  if (!context.ndjson) await showMatrix(context, record);
  const [{ MATRIX_RECORDS }, { pruneRuns }] = await Promise.all([
    import('../../runs/matrix-record.ts'),
    import('../../runs/prune-runs.ts'),
  ]);
  await pruneRecords(context, MATRIX_RECORDS);
  await pruneRecords(context, { prune: pruneRuns });
  if (record.error !== null) throw errorOf(record.error, record.exit);
  if (!context.json && !context.ndjson) context.stderr.write(`record: ${folder}\n`);
  return record.exit as ExitCode;
}
