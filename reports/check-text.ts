// SPDX-License-Identifier: MIT
/** The report of the checks, for a terminal: patch by patch, file by file, hunk by hunk. */
import type { CheckReport, Finding, RuleInfo } from '../core/check.ts';
import { displayWidth } from '../core/table.ts';
import { ASCII, fitted, GLYPHS, groupLines, type Style, waivedLine } from './check-finding.ts';
import { groupEqual, partTitle, summaryParts, unknownByReason, withState } from './check-words.ts';
import { oneLine, paint, paragraph, shortPath, type TextOptions } from './layout.ts';
import { plural } from './words.ts';

export interface CheckTextOptions extends TextOptions {
  /** The terminal shows no more than ASCII. */
  ascii?: boolean;
  /** Every line of findings that are told together, every rule that could not tell, and why rules did not concern the series. */
  all?: boolean;
}

/** Of a hostile subject. */
const LONGEST_TITLE = 300;

/** Of rules that one reason keeps from telling; more are counted. */
const MOST_NAMES = 8;

/** @param rules all there are, for what was left out */
export function formatCheck(
  report: CheckReport,
  rules: readonly RuleInfo[],
  options: CheckTextOptions = {},
): string {
  const style: Style = {
    width: options.width ?? Number.POSITIVE_INFINITY,
    glyph: options.ascii === true ? ASCII : GLYPHS,
    all: options.all === true,
    paint: paint(options.color),
  };
  const parts = [
    ...[...Map.groupBy(report.findings, ({ place }) => place.patch)].map(([patch, findings]) =>
      partText(partTitle(patch, report), findings, style),
    ),
    voidText(report, style),
    unknownText(report, style),
    leftOutText(report, style),
    style.all ? notForThisText(report, style) : '',
    lastLine(report, rules, style),
  ];
  const text = parts.filter((part) => part !== '').join('\n');
  return options.ascii === true ? text.replaceAll('…', '~') : text;
}

/** All of a patch. */
function partText(title: string, findings: readonly Finding[], style: Style): string {
  const spots: string[][] = [];
  for (const [spot, all] of Map.groupBy(findings, ({ place }) => place.file ?? place.on)) {
    const [first] = all;
    // What is about the whole of a mail stands right below its subject.
    const plain =
      first === undefined || (first.place.file === null && !['message', 'notes'].includes(first.place.on));
    const name = plain ? [] : [`  ${style.paint.cyan(shortPath(spot, style.width - 2))}`];
    const hunk = { shown: null };
    const blocks = groupEqual(all.filter(({ waiver }) => waiver === null)).map((group) =>
      groupLines(group, hunk, style),
    );
    const waived = all.filter(({ waiver }) => waiver !== null).map((one) => waivedLine(one, style));
    if (waived.length > 0) blocks.push(waived);
    spots.push([...name, ...blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block]))]);
  }
  const lines = [
    // Whole: a finding may be about the length of it.
    ...paragraph('', title.slice(0, LONGEST_TITLE), style.width).split('\n').map(style.paint.bold),
    ...spots.flatMap((one, at) => (at === 0 ? one : ['', ...one])),
  ];
  return `${lines.join('\n')}\n`;
}

/** What somebody waived and is not there any more. */
function voidText({ voidWaivers }: CheckReport, style: Style): string {
  if (voidWaivers.length === 0) return '';
  const lines = voidWaivers.map(({ id, rule, about, reason, by }) => {
    const was = about === '' ? '' : `: ${about}`;
    return paragraph('  ', `${id} ${rule}${was} (waived by ${by || 'somebody'}: ${reason})`, style.width);
  });
  const many = voidWaivers.length === 1 ? 'a waiver is' : `${voidWaivers.length} waivers are`;
  const title = `${many} void: what was waived has changed or is gone`;
  const hint = `${style.glyph.arrow} look again; respin check --unwaive ID takes one back`;
  return `${[style.paint.bold(fitted(title, style)), ...lines, paragraph('  ', hint, style.width)].join('\n')}\n`;
}

/** Rules that could not tell on the left, beside them why, and what would let them. */
function unknownText(report: CheckReport, style: Style): string {
  const groups = unknownByReason(report);
  if (groups.length === 0) return '';
  return table(
    style.paint.yellow('could not tell'),
    groups.map(({ rules, why, hint }) => ({
      rules: style.all || rules.length <= MOST_NAMES ? rules : [plural(rules.length, 'rule')],
      words: [why, ...(hint === null ? [] : [`${style.glyph.arrow} ${hint}`])],
    })),
    style,
  );
}

/** Rules that ran, and what they did not look at. */
function leftOutText(report: CheckReport, style: Style): string {
  const groups = Map.groupBy(
    withState(report, 'ran').filter(({ why }) => why !== null),
    ({ why }) => why ?? '',
  );
  const rows = [...groups].map(([why, runs]) => ({ rules: runs.map(({ rule }) => rule), words: [why] }));
  return rows.length === 0 ? '' : table('not looked at', rows, style);
}

function notForThisText(report: CheckReport, style: Style): string {
  const groups = Map.groupBy(withState(report, 'not-for-this'), ({ why }) => why ?? '');
  const rows = [...groups].map(([why, runs]) => ({ rules: runs.map(({ rule }) => rule), words: [why] }));
  return rows.length === 0 ? '' : table('not for this series', rows, style);
}

function table(title: string, rows: readonly { rules: string[]; words: string[] }[], style: Style): string {
  const column = Math.max(...rows.flatMap(({ rules }) => rules.map(displayWidth)));
  const lines = rows.flatMap(({ rules, words }) => {
    const right = words.flatMap((text) => paragraph('', text, style.width - column - 4).split('\n'));
    return Array.from({ length: Math.max(rules.length, right.length) }, (_, at) =>
      `  ${(rules[at] ?? '').padEnd(column)}  ${right[at] ?? ''}`.trimEnd(),
    );
  });
  return `${[style.paint.bold(title), ...lines].join('\n')}\n`;
}

/** `2 errors in 4 patches of a-series v2 (netdev rules); 24 rules ran; 1.2s` */
function lastLine(report: CheckReport, rules: readonly RuleInfo[], style: Style): string {
  const { series, profile, exit } = report;
  const name = [series.name, series.version].filter((part) => part !== '').join(' ');
  const of = series.patches.length === 0 ? '' : `${plural(series.patches.length, 'patch', 'patches')} of `;
  const [found, ...rest] = summaryParts(report, rules);
  const fine = exit === 0 && report.findings.length === 0;
  const mark = fine ? style.glyph.check : '';
  const words = [`${mark}${found} in ${of}${oneLine(name)} (${profile} rules)`, ...rest].join('; ');
  const text = paragraph('', words, style.width);
  return `${exit === 1 ? style.paint.red(text) : fine ? style.paint.green(text) : text}\n`;
}
