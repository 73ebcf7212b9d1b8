// SPDX-License-Identifier: MIT
import path from 'node:path';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import { errorOf } from '../../runs/record-error.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { BUILD_OPTIONS, requestFor } from '../run-options.ts';

/** The tree's own, in seconds: whoever waits for ever costs it twice, and is believed only then. */
const STEP_TIMEOUT = 10;

/** Those that come with respin. */
const OWN = path.resolve(import.meta.dirname, '../../test/mutants');

const { version: _, base: __, host: ___, guest: ____, ...KERNEL_OPTIONS } = BUILD_OPTIONS;

export const mutants: PlainCommand = {
  options: {
    ...KERNEL_OPTIONS,
    only: { type: 'string', value: 'LIST', description: 'these mutants alone, by name' },
    'no-probes': { type: 'boolean', description: "the tree's own programs alone" },
    continue: { type: 'boolean', description: 'go on with the last record: what it has is not tried again' },
  },
  details: `Puts one small fault after the other into the tree's vsock code, boots it, and
runs vsock_test, the tree's other programs and the probes until one of them
notices. Without FOLDER or FILE the mutants are those of test/mutants, each
after a fix that was needed once. Only the machine whose code has the fault gets
the kernel with it.

  respin mutants list              the records, the newest first
  respin mutants show [RECORD]     one of them

A case has to fail twice to kill. Exit status: 0 all were tried, 2 wrong words,
3 the machine could not tell.`,
  run: async (context) => {
    const [word, ...rest] = context.positionals;
    if (word === 'list' || word === 'show') {
      const verbs = await import('../verbs/mutants.ts');
      return await verbs[word](context, rest);
    }
    return await huntAll(context);
  },
};

async function huntAll(context: Context): Promise<ExitCode> {
  const { readMutants } = await import('../../tools/run-mutants/read-mutants.ts');
  const named = context.positionals.length > 0 ? context.positionals : [OWN];
  const all = await readMutants(named, context.cwd);
  const only = context
    .text('only')
    ?.split(',')
    .map((name) => name.trim());
  const unknown = only?.find((name) => !all.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    throw new RespinError({
      code: 'BAD_OPTION',
      blame: 'usage',
      message: `--only ${only?.join(',')}: there is no mutant ${unknown || 'without a name'}`,
      hint: `there are ${all.map(({ name }) => name).join(', ')}`,
    });
  }
  const { series: _, variants: __, ...request } = await requestFor(context, null);
  const { mutateTree } = await import('../../runs/mutate-tree.ts');
  const { showMutants, lastResults } = await import('../verbs/mutants.ts');
  const { record, folder } = await context.follow(
    mutateTree(
      {
        ...request,
        stepTimeout: request.stepTimeout ?? STEP_TIMEOUT,
        mutants: all.filter(({ name }) => only?.includes(name) ?? true),
        probes: !context.flag('no-probes'),
        known: context.flag('continue') ? await lastResults() : [],
        argv: context.argv,
      },
      context.signal,
    ),
  );
  if (!context.ndjson) await showMutants(context, record);
  const { MUTANT_RECORDS } = await import('../../runs/mutants-record.ts');
  await pruneRecords(context, MUTANT_RECORDS);
  if (record.error !== null) throw errorOf(record.error, record.exit);
  if (!context.json && !context.ndjson) context.stderr.write(`record: ${folder}\n`);
  return 0;
}
