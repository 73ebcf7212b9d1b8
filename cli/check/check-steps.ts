// SPDX-License-Identifier: MIT
/** A series and some rules → the check, ready to run: `respin check` and `respin run --check` share it. */
import { CHECK_PROFILES, type CheckProfile, type CheckReport } from '../../core/check.ts';
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import type { Series } from '../../core/series.ts';
import { DEFAULT_TREE, type Tree } from '../../core/tree.ts';
import { applySeries } from '../../kernel-tree/apply.ts';
import { importTree } from '../../kernel-tree/import-tree.ts';
import { parseTreeSource } from '../../kernel-tree/source.ts';
import { mailFacts } from '../../patches/mail-facts.ts';
import { reviewOf } from '../../review/store/review-of-series.ts';
import { checkSeries } from '../../tools/checkpatch/check-series.ts';
import { checkTree } from '../../tools/checkpatch/check-tree.ts';
import { isNetdevs } from '../../tools/checkpatch/netdev-files.ts';
import { notMailsYet } from '../../tools/checkpatch/not-mails-yet.ts';
import type { CheckTree, Rule, SeriesSetting } from '../../tools/checkpatch/rule.ts';
import { readWaivers } from '../../tools/checkpatch/waivers.ts';
import type { Context } from '../command.ts';
import { netNextState } from './net-next.ts';
import { seriesHome, settingOf } from './series-home.ts';

export interface CheckChoice {
  rules: readonly Rule[];
  /** null: as the prefix and the lists say. */
  profile: CheckProfile | null;
}

/**
 * Everything is read before it begins, so that wrong words are told first.
 * @param name of the series, as the command line has it
 * @throws RespinError NO_RULE_LEFT, TREE_SOURCE, BAD_SETTING (usage) and what reading the series' folder throws
 */
export async function checkSteps(
  context: Context,
  { name, series }: { name: string; series: Series },
  { rules, profile }: CheckChoice,
): Promise<Steps<CheckReport>> {
  const now = new Date();
  const { settings, origins } = await context.settings({ netNext: context.text('net-next') });
  const netNext = await netNextState(settings.netNext, origins.netNext, now);
  const home = seriesHome(name, context.cwd, settings.patches);
  const setting = await settingOf(home);
  const mails = await Promise.all([
    ...(series.cover === null ? [] : [mailFacts(0, series.cover.mail, series.cover.origin)]),
    ...series.patches.map(({ index, mail, origin }) => mailFacts(index, mail, origin)),
  ]);
  const ruled = profile ?? profileOf(series, setting);
  expectRules(rules, ruled);
  const { signal } = context;
  const named = context.text('tree');
  if (named !== undefined) parseTreeSource(named);
  const source = named ?? series.tree ?? settings.tree ?? DEFAULT_TREE;
  const { jobs, ccache } = settings;
  const prepareTree = () => importTree(source, { signal });
  const apply = async function* (
    tree: Tree,
    emit: (event: RespinEvent) => void,
  ): Steps<CheckTree & AsyncDisposable> {
    const applied = yield* applySeries(tree, series, { signal });
    return checkTree(applied, series, { jobs, ccache, emit, signal });
  };
  return checkSeries({
    ...{ series, mails, setting, rules, signal, prepareTree, apply },
    profile: ruled,
    review: await reviewOf(series, home),
    now,
    netNext,
    waivers: home === null ? new Map() : await readWaivers(home),
  });
}

/** That none of the rules is run must not look like a pass. */
function expectRules(rules: readonly Rule[], profile: CheckProfile): void {
  const [first] = rules;
  if (first === undefined || rules.some((rule) => (rule.profile ?? profile) === profile)) return;
  const names = rules.map(({ id }) => id).join(', ');
  throw new RespinError({
    code: 'NO_RULE_LEFT',
    blame: 'usage',
    message: `no rule is left: ${names} ${rules.length === 1 ? 'is' : 'are'} not asked under the ${profile} rules`,
    hint: `add --profile ${first.profile}`,
  });
}

/** Commits have no words in brackets yet: their files tell whose list they will go to. */
export function profileOf(series: Series, setting: Pick<SeriesSetting, 'prefix' | 'lists'>): CheckProfile {
  if (notMailsYet(series) !== null && isNetdevs(series)) return 'netdev';
  return guessProfile(
    series.patches.flatMap((patch) => patch.prefixes),
    setting,
  );
}

/** @param prefixes the words in brackets of the subjects */
export function guessProfile(
  prefixes: readonly string[],
  { prefix, lists }: Pick<SeriesSetting, 'prefix' | 'lists'>,
): CheckProfile {
  const netdev =
    [...prefixes, prefix ?? ''].some((word) => /^net(-next)?$/i.test(word)) ||
    lists.some((list) => /\bnetdev@/.test(list));
  return netdev ? 'netdev' : 'generic';
}

/**
 * What --profile says; null without it.
 * @throws RespinError BAD_OPTION (usage)
 */
export function namedProfile(context: Context): CheckProfile | null {
  const text = context.text('profile');
  if (text === undefined) return null;
  const known = CHECK_PROFILES.find((profile) => profile === text);
  if (known !== undefined) return known;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--profile ${text}: not known`,
    hint: `it takes ${CHECK_PROFILES.join(', ')}`,
  });
}
