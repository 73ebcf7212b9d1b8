// SPDX-License-Identifier: MIT
/** The rules themselves: all of them as a table or as docs/rules.md, and one with all there is to say of it. */
import { RULE_KINDS, type RuleInfo, type RuleKind } from '../core/check.ts';
import { formatTable } from '../core/table.ts';
import { paint, paragraph, type TextOptions } from './layout.ts';
import { escaped } from './markdown.ts';

const KIND: Record<RuleKind, string> = {
  series: 'The series and its mails',
  source: 'Lines that are added',
  people: 'People',
  checkpatch: 'checkpatch.pl',
  build: 'Builds',
};

const NEEDS: Record<RuleInfo['needs'], string> = {
  mails: 'needs the mails alone',
  tree: 'needs the kernel tree',
  build: 'builds kernels',
};

export type ExplainedRule = RuleInfo & { advice: string };

/** All of them, a line each. */
export function formatRuleList(rules: readonly RuleInfo[], { width }: TextOptions = {}): string {
  const rows = rules.map(({ id, kind, severity, profile, title }) => [
    id,
    kind,
    severity,
    profile ?? 'all',
    title,
  ]);
  const titles = ['rule', 'kind', 'severity', 'profile'].map((title) => ({ title }));
  const columns = [...titles, { title: 'what must hold', wrap: true }];
  return formatTable(columns, rows, width === undefined ? {} : { width });
}

/** One rule, for --explain. */
export function formatRule(rule: ExplainedRule, { width, color }: TextOptions = {}): string {
  const { bold } = paint(color);
  const labelled = (label: string, text: string): string => paragraph(label.padEnd(10), text, width);
  return [
    bold(paragraph('', `${rule.id}: ${rule.title}`, width)),
    '',
    ...paragraphs(rule.explanation).flatMap((text) => [paragraph('', text, width), '']),
    labelled('severity', rule.severity),
    labelled('kind', `${rule.kind}, ${NEEDS[rule.needs]}`),
    labelled('profile', rule.profile ?? 'all'),
    labelled('to do', rule.advice),
    labelled('see', rule.link),
    labelled('waive', 'respin check --waive ID --why TEXT, where ID is that of the finding'),
    '',
  ].join('\n');
}

/** docs/rules.md. */
export function formatRulesMarkdown(rules: readonly ExplainedRule[]): string {
  const parts = RULE_KINDS.flatMap((kind) => {
    const some = rules.filter((rule) => rule.kind === kind);
    return some.length === 0 ? [] : [`## ${KIND[kind]}`, ...some.map(ruleMarkdown)];
  });
  return `${[MARKDOWN_HEAD, ...parts].join('\n\n')}\n`;
}

const MARKDOWN_HEAD = `# The rules of respin check

<!-- Made by: bin/respin check --list --markdown >docs/rules.md -->

How they work, profiles and waivers: [checks](checks.md).`;

function ruleMarkdown({
  id,
  title,
  severity,
  needs,
  profile,
  explanation,
  advice,
  link,
}: ExplainedRule): string {
  const facts = [severity, NEEDS[needs], ...(profile === undefined ? [] : [`${profile} only`])];
  return [
    `### ${id}`,
    `**${escaped(title)}** (${facts.join(', ')})`,
    ...paragraphs(explanation).map(escaped),
    `To do: ${escaped(advice)}. See <${link}>.`,
  ].join('\n\n');
}

/** Blank lines part them; where a line ends within one is the source file's business. */
function paragraphs(text: string): string[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((one) => one.replace(/\s+/g, ' ').trim());
}
