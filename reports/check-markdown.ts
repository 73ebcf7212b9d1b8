// SPDX-License-Identifier: MIT
/** The report of the checks as a comment that a bot leaves: counts, a table, what to do when it is opened. */
import type { CheckReport, Finding, RuleInfo } from '../core/check.ts';
import { groupEqual, placeWords, summaryWords, unknownByReason } from './check-words.ts';
import { codeSpan, markdownText } from './markdown.ts';
import { plural } from './words.ts';

/** A comment has a limit (65,536 characters on GitHub), and its readers have one too. */
const ROWS = 50;

/** @param rules all there are, for links */
export function formatCheckMarkdown(report: CheckReport, rules: readonly RuleInfo[]): string {
  const { series, profile, findings, voidWaivers } = report;
  const open = groupEqual(findings.filter(({ waiver }) => waiver === null));
  const shown = open.slice(0, ROWS);
  const name = [series.title, series.version].filter((part) => part !== '').join(' ');
  const links = new Map(rules.map(({ id, link }) => [id, link]));
  const parts = [
    `### respin check: ${markdownText(name)}`,
    `${summaryWords(report, rules)}; ${plural(series.patches.length, 'patch', 'patches')}, ${profile} rules.`,
    shown.length === 0 ? '' : findingsTable(shown, report, links),
    open.length > ROWS ? `… and ${open.length - ROWS} more.` : '',
    shown.length === 0
      ? ''
      : details(
          'What to do',
          shown.map((group) => adviceItem(group, report)),
        ),
    details(
      `${plural(report.waived, 'finding')} waived`,
      findings.flatMap((one) => waivedItem(one, report)),
    ),
    details(
      `${plural(voidWaivers.length, 'waiver')} void`,
      voidWaivers.map(
        ({ id, rule, about, reason }) =>
          `- ${codeSpan(id)} ${rule}, ${markdownText(about)}: ${markdownText(reason)}`,
      ),
    ),
    untold(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function findingsTable(
  groups: readonly Finding[][],
  report: CheckReport,
  links: ReadonlyMap<string, string>,
): string {
  const rows = groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const link = links.get(first.rule);
    const rule = link === undefined ? first.rule : `[${first.rule}](${link})`;
    const more = group.length === 1 ? '' : ` and ${group.length - 1} more`;
    const where = `${markdownText(placeWords(first.place, report))}${more}`;
    return [`| **${first.severity}** | ${where} | ${markdownText(first.text)} | ${rule} |`];
  });
  return ['| | where | what | rule |', '|---|---|---|---|', ...rows].join('\n');
}

function adviceItem(group: readonly Finding[], report: CheckReport): string {
  const [first] = group;
  if (first === undefined) return '';
  const ids = group.slice(0, ROWS).map(({ id }) => codeSpan(id));
  return [
    `- ${markdownText(placeWords(first.place, report))}: ${markdownText(first.text)} (${ids.join(' ')})`,
    ...(first.quote === null ? [] : [`  ${codeSpan(first.quote)}`]),
    ...(first.advice === '' ? [] : [`  → ${markdownText(first.advice)}`]),
  ].join('  \n');
}

function waivedItem({ rule, id, place, waiver }: Finding, report: CheckReport): string[] {
  if (waiver === null) return [];
  const who = markdownText([waiver.by, waiver.date].filter((one) => one !== '').join(', '));
  return [
    `- ${rule} ${codeSpan(id)}, ${markdownText(placeWords(place, report))}: ${markdownText(waiver.reason)} (${who})`,
  ];
}

/** In the open, not folded: what could not tell is no pass. */
function untold(report: CheckReport): string {
  const rows = unknownByReason(report).map(({ rules, why, hint }) => {
    const what = hint === null ? '' : `; ${markdownText(hint)}`;
    return `- ${rules.join(', ')}: ${markdownText(why)}${what}`;
  });
  return rows.length === 0 ? '' : ['Could not tell:', ...rows].join('\n');
}

function details(summary: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<details><summary>${summary}</summary>\n\n${items.join('\n')}\n\n</details>`;
}
