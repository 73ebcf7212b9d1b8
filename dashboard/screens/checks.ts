// SPDX-License-Identifier: MIT
/** What a machine says of the newest version: findings to mend or to waive; and what was measured. */
import type { CheckRecord, Finding, Severity } from '../../core/check.ts';
import type { PerfRecord } from '../../core/perf.ts';
import { formatRule } from '../../reports/check-rules.ts';
import { placeWords, spotOf, summaryWords } from '../../reports/check-words.ts';
import { oneLine, paragraph, untabbed } from '../../reports/layout.ts';
import { formatPerfPlot } from '../../reports/perf-plot.ts';
import { formatPerf } from '../../reports/perf-table.ts';
import { type ColumnOf, columnsFor } from '../columns.ts';
import { AT_START } from '../list.ts';
import { type OpenSeries, type State, there } from '../model.ts';
import { remembered } from '../remembered.ts';
import type { Step } from '../step.ts';
import { type Color, line, type Span, span } from '../text.ts';
import { showDiff } from './patch-choice.ts';
import type { PaneContent, Screen } from './screen.ts';
import { failedLines } from './series.ts';

const FINDINGS = 0;
const DETAILS = 1;

export const checksScreen: Screen = {
  content: (state, pane, width) => {
    const { open } = state;
    const base = { head: null, count: 0, line: () => [], cursor: false };
    if (open === null)
      return { ...base, title: 'checks', empty: ['no series is open: 1 shows them, Enter opens one'] };
    if (pane === FINDINGS) return listOf(state, open, width);
    if (pane === DETAILS) return textPane('details', detailsText(open, width), ['no finding is chosen']);
    return performanceOf(open, width);
  },
  place: ({ open }, pane) => open?.checks.places[pane] ?? AT_START,
  withPlace: (state, pane, place) => {
    const { open } = state;
    if (open === null) return state;
    const { checks } = open;
    const other = pane === FINDINGS && place.cursor !== checks.places[FINDINGS]?.cursor;
    const places = checks.places.with(pane, place);
    return {
      ...state,
      open: { ...open, checks: { ...checks, places: other ? places.with(DETAILS, AT_START) : places } },
    };
  },
  act: (state, command): Step | string => {
    const { open } = state;
    if (open === null) return 'no series is open: 1 shows them';
    const finding = chosenFinding(open);
    switch (command) {
      case 'check':
      case 'check-builds':
        if (state.checking !== null) return `a check of ${state.checking.series} goes on: x cancels it`;
        return [
          { ...state, checking: { series: open.name, what: 'the rules begin' } },
          [{ do: 'start-check', series: open.name, builds: command === 'check-builds' }],
        ];
      case 'cancel':
        if (state.checking === null) return 'no check goes on';
        return [state, [{ do: 'cancel-check' }]];
      case 'in':
        return finding === null ? 'no finding is chosen' : toItsPlace(state, open, finding);
      case 'waive':
        return waive(state, finding);
      case 'copy':
        return finding === null ? 'no finding is chosen' : [state, [{ do: 'copy', text: finding.id }]];
      default:
        return 'not on this screen';
    }
  },
};

/** To be waived it takes a reason; a waiver is taken back without one. */
export function waive(state: State, finding: Finding | null): Step | string {
  const { open } = state;
  if (open === null || finding === null) return 'no finding is chosen';
  const which = { folder: open.folder, series: open.name, id: finding.id };
  if (finding.waiver !== null) return [state, [{ do: 'waive', ...which, reason: null }]];
  return [{ ...state, prompt: { asks: 'waive', text: '', decision: null, finding: finding.id } }, []];
}

export function reportOf(open: OpenSeries): CheckRecord | null {
  return there(open.checks.report);
}

function chosenFinding(open: OpenSeries): Finding | null {
  return reportOf(open)?.findings[open.checks.places[FINDINGS]?.cursor ?? 0] ?? null;
}

function toItsPlace(state: State, open: OpenSeries, { place, id }: Finding): Step | string {
  const report = reportOf(open);
  const version = there(open.review)?.versions.find((one) => one.version === report?.series.version);
  if (place.patch === null || place.patch === 0 || version === undefined) {
    return `it is about the ${place.patch === 0 ? 'cover letter' : 'series'} as a whole`;
  }
  return showDiff(state, { version: version.version, patch: place.patch, against: null }, id);
}

const COLORS: Record<Severity, Color> = { error: 'red', warning: 'yellow', note: 'cyan' };

function listOf({ checking }: State, open: OpenSeries, width: number): PaneContent {
  const { report } = open.checks;
  const going = checking?.series === open.name ? checking.what : null;
  const base = { title: 'checks', head: null, count: 0, line: () => [], cursor: true };
  const title = going === null ? 'checks' : `checking: ${going}`;
  if (report.is === 'loading') return { ...base, title, empty: ['reading the last check …'] };
  if (report.is === 'failed') return { ...base, title, empty: failedLines(report) };
  const record = report.value;
  const keys = 'r checks it; b with the rules that build kernels, which takes minutes';
  if (record === null) return { ...base, title, empty: [`${open.name} was never checked`, keys] };
  const { findings, series, started } = record;
  const { head, line: cells } = findingColumns(record, width);
  return {
    ...{
      title: going === null ? `checks of ${series.version}, ${started.slice(0, 10)}` : title,
      head,
      cursor: true,
    },
    count: findings.length,
    line: (row) => {
      const one = findings[row];
      return one === undefined ? [] : cells(one);
    },
    id: (row) => findings[row]?.id,
    text: (row) => `${findings[row]?.rule} ${findings[row]?.text} ${findings[row]?.place.file}`,
    empty: [summaryWords(record, open.checks.rules), keys],
  };
}

const findingColumns = remembered(
  (record: CheckRecord, width: number) => columnsFor(columnsOf(record), record.findings, width),
  (width) => String(width),
);

function columnsOf(report: CheckRecord): ColumnOf<Finding>[] {
  return [
    { title: 'severity', gives: 0, cell: severityCell },
    { title: 'rule', gives: 1, cell: ({ rule }) => span(rule, { bold: true }) },
    { title: 'where', gives: 2, cell: ({ place }) => span(shortPlace(placeWords(place, report))) },
    { title: 'says', gives: 3, grows: true, cell: ({ text }) => span(oneLine(text.slice(0, 300))) },
  ];
}

/** Of a path the last name. */
function shortPlace(words: string): string {
  return words.replace(/(\S*\/)(?=[^/\s]+(?::\d+|$))/, '');
}

function severityCell({ severity, waiver }: Finding): Span {
  return waiver === null
    ? span(severity, { color: COLORS[severity], bold: true })
    : span('waived', { dim: true });
}

function detailsText(open: OpenSeries, width: number): string {
  return findingText(open, chosenFinding(open), width);
}

/** The finding with its rule; without one what the check came to. */
export function findingText(open: OpenSeries, finding: Finding | null, width: number): string {
  const report = reportOf(open);
  if (report === null || finding === null)
    return report === null ? '' : summaryWords(report, open.checks.rules);
  const { rule, type, severity, place, quote, text, advice, waiver, id } = finding;
  const known = open.checks.rules.find((one) => one.id === rule);
  const row = (label: string, words: string): string => paragraph(label.padEnd(10), words, width);
  return [
    row('finding', `${id}, ${severity} of ${rule}${type === null ? '' : ` (${type})`}`),
    row('at', `${place.patch === null ? '' : `patch ${place.patch}, `}${spotOf(place)}`),
    ...(quote === null ? [] : ['', `  ${untabbed(quote)}`]),
    '',
    paragraph('', text, width),
    ...(advice === '' ? [] : [paragraph('→ ', advice, width)]),
    ...(waiver === null
      ? []
      : ['', row('waived', `by ${waiver.by}, ${waiver.date}: ${waiver.reason}; w takes it back`)]),
    '',
    ...(known === undefined ? [] : [formatRule(known, { width })]),
  ].join('\n');
}

const perfText = remembered(
  (record: PerfRecord, width: number) =>
    `${formatPerfPlot(record, { width })}\n${formatPerf(record, { width })}`,
  (width) => String(width),
);

function performanceOf(open: OpenSeries, width: number): PaneContent {
  const { perf } = open.checks;
  if (perf.is === 'loading') return textPane('performance', '', ['reading the last measurement …']);
  if (perf.is === 'failed') return textPane('performance', '', failedLines(perf));
  const record = perf.value;
  if (record === null) {
    return textPane('performance', '', [
      'nothing was measured yet',
      `respin perf ${open.name} does it, in some minutes`,
    ]);
  }
  const text = perfText(record, width);
  return textPane(`performance, ${record.started.slice(0, 10)}`, text, []);
}

function textPane(title: string, text: string, empty: readonly string[]): PaneContent {
  const lines = text === '' ? [] : text.trimEnd().split('\n');
  return {
    ...{ title, head: null, count: lines.length, cursor: false, empty },
    line: (row) => line(lines[row] ?? ''),
  };
}

/** The last check and the last measurement, as soon as anything of them can be seen. */
export function missingChecks(state: State): Step {
  const { open, screen } = state;
  if (open === null || open.checks.asked) return [state, []];
  const wanted = screen === 'checks' || screen === 'patch';
  // First what the screen is for.
  if (!wanted && !(screen === 'versions' && open.review.is === 'there')) return [state, []];
  const asked = { ...open, checks: { ...open.checks, asked: true } };
  return [{ ...state, open: asked }, [{ do: 'load-checks', series: open.name, folder: open.folder }]];
}
