// SPDX-License-Identifier: MIT
/** `respin check --waive ID --why TEXT` and `--unwaive ID`. */
import path from 'node:path';
import type { CheckReport, Finding } from '../../core/check.ts';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { placeWords } from '../../reports/check-words.ts';
import { waiverAbout } from '../../reports/waiver-about.ts';
import { addWaivers, type KeptWaiver, removeWaivers, type Waivers } from '../../tools/checkpatch/waivers.ts';
import type { Context } from '../command.ts';
import { ownPerson } from '../review/own-person.ts';
import { namedSeries } from '../run-options.ts';
import { checkSteps, namedProfile } from './check-steps.ts';
import { chosenRules } from './choose-rules.ts';
import { seriesHome } from './series-home.ts';

const WAIVERS_SCHEMA = 'respin.waivers/1';
/** Of the findings there are, those that are told to who names one there is not. */
const TOLD = 30;

/** @throws RespinError MISSING_OPTION, NO_SERIES_FOLDER, NO_IDENTITY, FINDING_UNKNOWN (usage) */
export async function waive(context: Context, words: readonly string[]): Promise<ExitCode> {
  const ids = idsOf(words);
  const reason = context.text('why')?.trim() ?? '';
  if (reason === '') {
    throw new RespinError({
      code: 'MISSING_OPTION',
      blame: 'usage',
      message: 'nothing is waived without a reason',
      hint: '--why "…": it is kept beside the series, and shown to who checks it',
    });
  }
  const { name, home } = await homeOf(context);
  const { name: by } = await ownPerson(context, "the waiver would be nobody's");
  const found = await findings(context, ids);
  const date = new Date().toISOString().slice(0, 10);
  const waivers = new Map(
    found.map(({ finding, report }): [string, KeptWaiver] => {
      const about = waiverAbout(finding, report);
      return [finding.id, { rule: finding.rule, reason, by, date, about }];
    }),
  );
  await addWaivers(home, waivers);
  tell(context, 'waived', name, home, waivers);
  return 0;
}

/** @throws RespinError NO_SERIES_FOLDER, WAIVER_UNKNOWN (usage) */
export async function unwaive(context: Context, words: readonly string[]): Promise<ExitCode> {
  const { name, home } = await homeOf(context);
  tell(context, 'unwaived', name, home, await removeWaivers(home, idsOf(words)));
  return 0;
}

/** The findings with these ids. Rules that take long are asked only for what the others have not found. */
async function findings(
  context: Context,
  ids: readonly string[],
): Promise<{ finding: Finding; report: CheckReport }[]> {
  const rules = chosenRules(context);
  const { name, read } = await namedSeries(context);
  const [series, profile] = [await read(), namedProfile(context)];
  const found = new Map<string, { finding: Finding; report: CheckReport }>();
  let untold = 0;
  for (const needs of ['mails', 'tree', 'build'] as const) {
    const some = rules.filter((rule) => rule.needs === needs);
    if (some.length === 0 || ids.every((id) => found.has(id))) continue;
    const report = await context.follow(
      await checkSteps(context, { name, series }, { rules: some, profile }),
    );
    for (const finding of report.findings) found.set(finding.id, { finding, report });
    untold += report.rules.filter(({ state }) => state === 'unknown').length;
  }
  return ids.map((id) => {
    const one = found.get(id);
    if (one === undefined) throw noSuchFinding(id, [...found.values()], untold);
    return one;
  });
}

function noSuchFinding(
  id: string,
  found: readonly { finding: Finding; report: CheckReport }[],
  untold: number,
): RespinError {
  const lines = found.slice(0, TOLD).map(({ finding, report }) => {
    const { rule, place, text } = finding;
    return `${finding.id}  ${rule}, ${placeWords(place, report)}: ${text}`;
  });
  if (found.length > TOLD) lines.push(`and ${found.length - TOLD} more`);
  const hint = found.length === 0 ? 'nothing was found' : 'these are there';
  return new RespinError({
    code: 'FINDING_UNKNOWN',
    blame: 'usage',
    message: `there is no finding ${id}`,
    ...(lines.length === 0 ? {} : { detail: lines.join('\n') }),
    hint: untold === 0 ? hint : `${hint}; ${untold} ${untold === 1 ? 'rule' : 'rules'} could not tell`,
  });
}

/** The folder of the series, which waivers lie in. */
async function homeOf(context: Context): Promise<{ name: string; home: string }> {
  const { patches } = (await context.settings()).settings;
  const { name } = await namedSeries(context);
  const home = seriesHome(name, context.cwd, patches);
  if (home !== null) return { name, home };
  throw new RespinError({
    code: 'NO_SERIES_FOLDER',
    blame: 'usage',
    message: `a waiver lies beside its series, and ${name} has no folder with a series.toml`,
    hint: 'respin review import keeps the mails of a series in one; docs/series.md says how to make one by hand',
  });
}

function idsOf(words: readonly string[]): string[] {
  return [...new Set(words.flatMap((word) => word.split(',')).map((word) => word.trim()))];
}

function tell(
  context: Context,
  what: 'waived' | 'unwaived',
  name: string,
  home: string,
  waivers: Waivers,
): void {
  if (context.json) {
    const list = [...waivers].map(([id, waiver]) => ({ id, ...waiver }));
    context.printJson({ schema: WAIVERS_SCHEMA, series: name, [what]: list });
    return;
  }
  for (const [id, { rule, about }] of waivers) {
    context.stdout.write(printable(`${what}  ${id}  ${rule}, ${about}`).concat('\n'));
  }
  const file = path.relative(context.cwd, path.join(home, 'waivers.toml'));
  context.stdout.write(`in ${printable(file)}\n`);
}
