// SPDX-License-Identifier: MIT
import { readdir } from 'node:fs/promises';
import { RespinError } from '../../core/errors.ts';
import type { RunRecord } from '../../core/run.ts';
import { compareRuns, formatComparison } from '../../reports/compare.ts';
import { formatJunit } from '../../reports/junit.ts';
import { formatRunList } from '../../reports/run-list.ts';
import { formatTap } from '../../reports/tap.ts';
import { listRecords, loadRecord } from '../../runs/record.ts';
import { chooseVerb } from '../arguments.ts';
import type { Command, Context } from '../command.ts';
import { shownRecord } from '../shown-record.ts';
import { terminalWidth } from '../width.ts';

const FORMATS: Record<string, (record: RunRecord) => string> = { junit: formatJunit, tap: formatTap };

export const runs: Command = {
  options: {
    format: { type: 'string', value: 'NAME', description: 'show: table (default), junit or tap' },
    files: { type: 'boolean', description: 'show: list the files of the record' },
  },
  details: `RUN is the id of a record, the beginning of one, or last. A record is a folder: run.json, commands.sh with
every command line, build.log when something was built, junit.xml, results.tap, and a log for each console
and each side of each program.`,
  run: async (context) => {
    const { verb, args } = chooseVerb('runs', context.positionals, {
      list: [],
      show: ['[RUN]'],
      compare: ['RUN', 'RUN'],
    });
    refuseOptions(context, verb);
    const [first = 'last', second = 'last'] = args;
    if (verb === 'list') await list(context);
    else if (verb === 'show') await show(context, first);
    else await compare(context, first, second);
    return 0;
  },
};

/** Nothing that was asked for is passed over in silence. */
function refuseOptions(context: Context, verb: string): void {
  if (verb === 'show') return;
  const given = context.flag('files') ? 'files' : context.text('format') === undefined ? null : 'format';
  if (given === null) return;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--${given} is for runs show, not for runs ${verb}`,
    hint: 'respin runs --help lists the options',
  });
}

async function list(context: Context): Promise<void> {
  const records = await listRecords();
  if (context.json) context.printJson(records);
  else context.stdout.write(formatRunList(records, terminalWidth(context) ?? Number.MAX_SAFE_INTEGER));
}

async function show(context: Context, which: string): Promise<void> {
  const { dir, record } = await loadRecord(which);
  const format = context.text('format') ?? 'table';
  if (context.json) context.printJson(record);
  else if (context.flag('files')) {
    const names = (await readdir(dir)).filter((name) => !name.startsWith('.')).sort();
    context.stdout.write(`${names.map((name) => `${dir}/${name}`).join('\n')}\n`);
  } else if (format === 'table') {
    context.stdout.write(shownRecord(record, dir, context.stdout.columns));
  } else {
    const print = FORMATS[format];
    if (print === undefined) {
      throw new RespinError({
        code: 'BAD_OPTION',
        blame: 'usage',
        message: `--format ${format}: not known`,
        hint: 'it takes table, junit, tap',
      });
    }
    context.stdout.write(print(record));
  }
}

async function compare(context: Context, first: string, second: string): Promise<void> {
  const [before, after] = await Promise.all([loadRecord(first), loadRecord(second)]);
  const comparison = compareRuns(before.record, after.record);
  if (context.json) context.printJson({ ...comparison, before: before.record.id, after: after.record.id });
  else context.stdout.write(formatComparison(comparison, context.stdout.columns || 80));
}
