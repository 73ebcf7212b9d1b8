// SPDX-License-Identifier: MIT

import path from 'node:path';
import { CHECK_PROFILES, type CheckProfile, type CheckReport } from '../../core/check.ts';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { Series } from '../../core/series.ts';
import { DEFAULT_TREE } from '../../core/tree.ts';
import { applySeries } from '../../kernel-tree/apply.ts';
import { importTree } from '../../kernel-tree/import-tree.ts';
import { mailFacts } from '../../patches/mail-facts.ts';
import { formatCheck } from '../../reports/check-text.ts';
import { readReview } from '../../review/store/read-review.ts';
import { RULES } from '../../tools/checkpatch/catalogue.ts';
import { checkSeries } from '../../tools/checkpatch/check-series.ts';
import { checkTree } from '../../tools/checkpatch/check-tree.ts';
import type { CheckTree, Rule } from '../../tools/checkpatch/rule.ts';
import { unreadableReport } from '../../tools/checkpatch/unreadable.ts';
import { readWaivers } from '../../tools/checkpatch/waivers.ts';
import { seriesHome, settingOf } from '../check/series-home.ts';
import type { Context, PlainCommand } from '../command.ts';
import { reviewedSeries } from '../review/which-series.ts';
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
    only: { type: 'string', value: 'RULE', multiple: true, description: 'this rule, or all rules of a kind' },
  },
  details: SERIES_DETAILS,
  run: async (context) => {
    const report = await checked(context);
    if (context.json) context.printJson(report);
    else {
      const width = terminalWidth(context);
      const options = { color: context.color, ...(width === undefined ? {} : { width }) };
      await context.show(formatCheck(report, RULES, options));
    }
    return report.exit as ExitCode;
  },
};

async function checked(context: Context): Promise<CheckReport> {
  const { settings } = await context.settings();
  const rules = chosenRules(context.list('only'));
  const named = await namedSeries(context);
  const home = seriesHome(named.name, context.cwd, settings.patches);
  const setting = await settingOf(home);
  let series: Series;
  try {
    series = await named.read();
  } catch (error) {
    if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
    const profile = profileOf(context, [], setting.lists);
    return unreadableReport(error, { name: named.name, profile, rules });
  }
  const prefixes = series.patches.flatMap((patch) => patch.prefixes);
  const mails = await Promise.all([
    ...(series.cover === null ? [] : [mailFacts(0, series.cover.mail, series.cover.origin)]),
    ...series.patches.map(({ index, mail, origin }) => mailFacts(index, mail, origin)),
  ]);
  const reviewed = home !== null && reviewedSeries(path.dirname(home)).includes(path.basename(home));
  const { signal } = context;
  const source = context.text('tree') ?? series.tree ?? settings.tree ?? DEFAULT_TREE;
  const prepareTree = async function* (
    emit: (event: RespinEvent) => void,
  ): Steps<CheckTree & AsyncDisposable> {
    const tree = yield* importTree(source, { signal });
    const applied = yield* applySeries(tree, series, { signal });
    return checkTree(applied, series, { jobs: settings.jobs, ccache: settings.ccache, emit, signal });
  };
  const steps = checkSeries({
    series,
    mails,
    setting,
    profile: profileOf(context, prefixes, setting.lists),
    review: reviewed ? await readReview(home) : null,
    now: new Date(),
    netNext: null,
    signal,
    rules,
    waivers: home === null ? new Map() : await readWaivers(home),
    prepareTree,
  });
  return await context.follow(steps);
}

/** The rules and kinds named; all without a name. */
function chosenRules(only: readonly string[]): Rule[] {
  const words = only.flatMap((word) => word.split(',')).map((word) => word.trim());
  const unknown = words.find((word) => !RULES.some(({ id, kind }) => id === word || kind === word));
  if (unknown !== undefined) {
    throw new RespinError({
      code: 'RULE_UNKNOWN',
      blame: 'usage',
      message: `there is no rule "${unknown}"`,
      hint: 'respin check --list prints them',
    });
  }
  return RULES.filter(({ id, kind }) => words.length === 0 || words.includes(id) || words.includes(kind));
}

function profileOf(context: Context, prefixes: readonly string[], lists: readonly string[]): CheckProfile {
  const text = context.text('profile');
  if (text === undefined) {
    const netdev =
      prefixes.some((word) => /^net(-next)?$/.test(word)) || lists.some((list) => /\bnetdev@/.test(list));
    return netdev ? 'netdev' : 'generic';
  }
  const known = CHECK_PROFILES.find((profile) => profile === text);
  if (known !== undefined) return known;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--profile ${text}: not known`,
    hint: `it takes ${CHECK_PROFILES.join(', ')}`,
  });
}
