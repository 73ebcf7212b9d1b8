// SPDX-License-Identifier: MIT

import path from 'node:path';
import type { CheckReport } from '../../core/check.ts';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import { RULES } from '../../tools/checkpatch/catalogue.ts';
import { unreadableReport } from '../../tools/checkpatch/unreadable.ts';
import { checkSteps, guessProfile, namedProfile } from '../check/check-steps.ts';
import { chosenRules } from '../check/choose-rules.ts';
import { seriesHome, settingOf } from '../check/series-home.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import { namedSeries, SERIES_DETAILS } from '../run-options.ts';
import { terminalWidth } from '../width.ts';

export const check: PlainCommand = {
  options: {
    version: { type: 'string', value: 'vN', description: 'the version of the series; the newest by default' },
    tree: {
      type: 'string',
      value: 'SOURCE',
      description: 'the kernel tree; by default the one the series names',
    },
    profile: {
      type: 'string',
      value: 'NAME',
      description: 'whose rules: netdev or generic; by default as the prefix and the lists say',
    },
    'net-next': {
      type: 'string',
      value: 'STATE',
      description: 'open, closed, the days it is closed (FROM..TO), or a saved copy of its status page',
    },
    only: { type: 'string', value: 'RULE', multiple: true, description: 'this rule, or all rules of a kind' },
    'no-build': { type: 'boolean', description: 'without the rules that build kernels' },
    'no-tree': { type: 'boolean', description: 'without the rules that need a kernel tree' },
    sarif: { type: 'boolean', description: 'print SARIF 2.1.0, for code review pages' },
    markdown: { type: 'boolean', description: 'print a summary in Markdown, for a comment' },
    list: { type: 'boolean', description: 'print the rules' },
    explain: { type: 'string', value: 'RULE', description: 'print all there is to say of a rule' },
    waive: {
      type: 'string',
      value: 'ID',
      multiple: true,
      description: 'this finding is to stay; needs --why',
    },
    unwaive: { type: 'string', value: 'ID', multiple: true, description: 'takes a waiver back' },
    why: { type: 'string', value: 'TEXT', description: 'the reason, for --waive' },
  },
  details: `${SERIES_DETAILS}

A finding is an error, a warning or a note. Exit status: 0 no error, 1 an error,
2 wrong words, 3 no error, but a rule could not tell for want of a tool or tree.`,
  run: async (context) => {
    const [waived, unwaived, explain] = [
      context.list('waive'),
      context.list('unwaive'),
      context.text('explain'),
    ];
    expectOneOf(context, ['list', 'explain', 'waive', 'unwaive']);
    expectOneOf(context, ['json', 'sarif', 'markdown']);
    if (context.text('why') !== undefined && waived.length === 0)
      throw badOption('--why is for --waive alone');
    if (context.flag('list')) return await (await import('../check/print-rules.ts')).listRules(context);
    if (explain !== undefined)
      return await (await import('../check/print-rules.ts')).explainRule(context, explain);
    if (waived.length > 0) return await (await import('../check/waive.ts')).waive(context, waived);
    if (unwaived.length > 0) return await (await import('../check/waive.ts')).unwaive(context, unwaived);
    const started = new Date();
    const report = await checked(context);
    await print(context, report);
    await keep(context, report, started);
    return report.exit as ExitCode;
  },
};

/** Of a series in patches/, and not of a few rules: that would look like all there is to say. */
async function keep(context: Context, report: CheckReport, started: Date): Promise<void> {
  const { patches } = (await context.settings()).settings;
  if (context.list('only').length > 0 || report.rules.length === 0) return;
  if (seriesHome(report.series.name, context.cwd, patches) !== path.join(patches, report.series.name)) return;
  const { CHECK_RECORDS, keepCheck } = await import('../../runs/check-record.ts');
  try {
    await keepCheck(report, started, context.argv);
  } catch (error) {
    // The result is out by now: what goes wrong here must not take its place.
    context.warn(`the report is not kept: ${error instanceof Error ? error.message : error}`);
  }
  await pruneRecords(context, CHECK_RECORDS);
}

/** Of what holds no patch at all there is nothing to check. */
const NO_SERIES: ReadonlySet<string> = new Set(['SERIES_EMPTY', 'MAIL_HEADERS']);

function asUsage({ code, message, hint, detail }: RespinError): RespinError {
  return new RespinError({
    ...{ code, blame: 'usage', message },
    ...(hint === undefined ? {} : { hint }),
    ...(detail === undefined ? {} : { detail }),
  });
}

/** @throws RespinError BAD_OPTION (usage) when two are given */
function expectOneOf(context: Context, options: readonly string[]): void {
  const [one, two] = options.filter((option) => context.values[option] !== undefined);
  if (two !== undefined) throw badOption(`--${one} and --${two} do not go together`);
}

function badOption(message: string): RespinError {
  return new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message,
    hint: 'respin check --help lists the options',
  });
}

async function checked(context: Context): Promise<CheckReport> {
  const choice = { rules: chosenRules(context), profile: namedProfile(context) };
  const named = await namedSeries(context, { alone: true });
  if (context.positionals.length > 1) {
    throw new RespinError({
      code: 'BAD_ARGUMENT',
      blame: 'usage',
      message: `one series at a time: ${context.positionals.slice(1).join(' ')} is too much`,
      hint: 'patches of one series: name the folder they lie in, or put them into an mbox',
    });
  }
  let series: Series;
  try {
    series = await named.read();
  } catch (error) {
    if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
    if (NO_SERIES.has(error.code)) throw asUsage(error);
    const { settings } = await context.settings();
    const setting = await settingOf(seriesHome(named.name, context.cwd, settings.patches));
    const profile = choice.profile ?? guessProfile([], setting);
    return unreadableReport(error, { name: named.name, profile, rules: choice.rules });
  }
  return await context.follow(await checkSteps(context, { name: named.name, series }, choice));
}

async function print(context: Context, report: CheckReport): Promise<void> {
  if (context.json) context.printJson(report);
  else if (context.flag('sarif')) {
    const { checkSarif } = await import('../../reports/check-sarif.ts');
    const { respinVersion } = await import('../../runs/respin-version.ts');
    const { cwd } = context;
    const options = { version: respinVersion(), cwd, origins: await originsOf(context) };
    context.printJson(checkSarif(report, RULES, options));
  } else if (context.flag('markdown')) {
    const { formatCheckMarkdown } = await import('../../reports/check-markdown.ts');
    await context.show(formatCheckMarkdown(report, RULES));
  } else if (!context.ndjson) {
    const { formatCheck } = await import('../../reports/check-text.ts');
    const width = terminalWidth(context);
    const options = { color: context.color, ascii: !context.unicode, all: context.verbose };
    await context.show(formatCheck(report, RULES, { ...options, ...(width === undefined ? {} : { width }) }));
  }
}

/** Where the paths of the series' mails begin: patches/ for a series that is named, else here. */
async function originsOf(context: Context): Promise<string> {
  const { patches } = (await context.settings()).settings;
  const { name } = await namedSeries(context);
  return seriesHome(name, context.cwd, patches) === path.join(patches, name) ? patches : context.cwd;
}
