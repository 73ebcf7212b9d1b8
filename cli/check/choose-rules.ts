// SPDX-License-Identifier: MIT
import { RespinError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { RULES } from '../../tools/checkpatch/catalogue.ts';
import type { Rule } from '../../tools/checkpatch/rule.ts';
import type { Context } from '../command.ts';

/**
 * The rules and kinds that --only names, all without a name; less those that need what --no-build
 * and --no-tree leave out.
 * @throws RespinError RULE_UNKNOWN, NO_RULE_LEFT (usage)
 */
export function chosenRules(context: Context): Rule[] {
  const words = context
    .list('only')
    .flatMap((word) => word.split(','))
    .map((word) => word.trim());
  for (const word of words) if (!RULES.some(({ kind }) => kind === word)) ruleNamed(word);
  const named = RULES.filter(
    ({ id, kind }) => words.length === 0 || words.includes(id) || words.includes(kind),
  );
  const noTree = context.flag('no-tree');
  const noBuild = noTree || context.flag('no-build');
  const left = named.filter(({ needs }) => !(needs === 'build' && noBuild) && !(needs === 'tree' && noTree));
  if (left.length > 0) return left;
  throw new RespinError({
    code: 'NO_RULE_LEFT',
    blame: 'usage',
    message: `no rule is left: ${words.join(', ')} ${words.length === 1 ? 'needs' : 'need'} what --${noTree ? 'no-tree' : 'no-build'} leaves out`,
    hint: 'leave out one of the two options',
  });
}

/** @throws RespinError RULE_UNKNOWN (usage) with the nearest names */
export function ruleNamed(word: string): Rule {
  const rule = RULES.find(({ id }) => id === word);
  if (rule !== undefined) return rule;
  const near = nearest(
    word,
    RULES.map(({ id }) => id),
  );
  throw new RespinError({
    code: 'RULE_UNKNOWN',
    blame: 'usage',
    message: `there is no rule '${word}'`,
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'respin check --list prints them',
  });
}
