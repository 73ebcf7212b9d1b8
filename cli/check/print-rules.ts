// SPDX-License-Identifier: MIT
/** `respin check --list` and `--explain RULE`. */
import type { ExitCode } from '../../core/errors.ts';
import {
  type ExplainedRule,
  formatRule,
  formatRuleList,
  formatRulesMarkdown,
} from '../../reports/check-rules.ts';
import type { Rule } from '../../tools/checkpatch/rule.ts';
import type { Context } from '../command.ts';
import { expectArguments } from '../verb.ts';
import { terminalWidth } from '../width.ts';
import { namedProfile } from './check-steps.ts';
import { chosenRules, ruleNamed } from './choose-rules.ts';

const RULES_SCHEMA = 'respin.rules/1';

export async function listRules(context: Context): Promise<ExitCode> {
  expectArguments('check --list', context.positionals, []);
  const profile = namedProfile(context);
  const rules = chosenRules(context).filter(
    (rule) => profile === null || (rule.profile ?? profile) === profile,
  );
  if (context.json) context.printJson({ schema: RULES_SCHEMA, rules: rules.map(described) });
  else if (context.flag('markdown')) await context.show(formatRulesMarkdown(rules));
  else await context.show(formatRuleList(rules, shape(context)));
  return 0;
}

export async function explainRule(context: Context, id: string): Promise<ExitCode> {
  const rule = ruleNamed(id);
  expectArguments(`check --explain ${id}`, context.positionals, []);
  if (context.json) context.printJson({ schema: RULES_SCHEMA, rules: [described(rule)] });
  else await context.show(formatRule(rule, shape(context)));
  return 0;
}

function described(rule: Rule): ExplainedRule {
  const { check: _, ...rest } = rule;
  return rest;
}

function shape(context: Context): { width?: number; color: boolean } {
  const width = terminalWidth(context);
  return { color: context.color, ...(width === undefined ? {} : { width }) };
}
