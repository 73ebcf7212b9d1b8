// SPDX-License-Identifier: MIT
/** Every series that is known, and where it stands. */
import { type ColumnOf, columnsFor } from '../columns.ts';
import { openSeries, type SeriesFacts, type SeriesRow, type State, there } from '../model.ts';
import { line, type Span, span, VERDICT_COLORS } from '../text.ts';
import { ageWords, checksText } from '../words.ts';
import type { PaneContent, Screen } from './screen.ts';

export const seriesScreen: Screen = {
  content: (state, _pane, width) => seriesContent(state, width),
  place: ({ seriesList }) => seriesList,
  withPlace: (state, _pane, seriesList) => ({ ...state, seriesList }),
  act: (state, command) => {
    if (command !== 'in') return 'open a series first: Enter';
    const row = there(state.series)?.[state.seriesList.cursor];
    if (row === undefined) return 'there is no series to open';
    if (row.facts?.trouble === null && row.facts.versions === 0)
      return `${row.name} has no patches and no mails`;
    const open = state.open?.name === row.name ? state.open : openSeries(row.name, row.folder);
    return [
      { ...state, open, screen: 'versions' },
      [{ do: 'load-review', name: row.name, folder: row.folder }],
    ];
  },
};

function seriesContent({ series, today }: State, width: number): PaneContent {
  const base = { title: 'series', head: null, count: 0, line: () => [], cursor: true };
  if (series.is === 'loading') return { ...base, empty: ['reading patches/ …'] };
  if (series.is === 'failed') return { ...base, empty: failedLines(series) };
  const rows = series.value;
  if (rows.length === 0) {
    return {
      ...base,
      empty: [
        'no series yet',
        'respin review import SOURCE keeps the mails of one; docs/series.md says how to make one by hand',
      ],
    };
  }
  const { head, line: cells } = columnsFor(columnsOf(today), rows, width);
  return {
    ...{ title: `series: ${rows.length}`, head, count: rows.length, cursor: true, empty: [] },
    line: (row) => {
      const one = rows[row];
      if (one === undefined) return [];
      const trouble = one.facts?.trouble ?? null;
      if (trouble === null) return cells(one);
      return [span(one.name, { bold: true }), span('  '), ...line(trouble, { color: 'red' })];
    },
    id: (row) => rows[row]?.name,
    text: (row) => `${rows[row]?.name} ${rows[row]?.title}`,
  };
}

/** What could not be read, and what to do. */
export function failedLines({ what, hint }: { what: string; hint: string | null }): string[] {
  return hint === null ? [what] : [what, hint];
}

function columnsOf(today: string): ColumnOf<SeriesRow>[] {
  const of =
    (cell: (facts: SeriesFacts) => Span | string) =>
    ({ facts }: SeriesRow): Span => {
      const shown = facts === null ? span('…', { dim: true }) : cell(facts);
      return typeof shown === 'string' ? span(shown) : shown;
    };
  return [
    { title: 'series', gives: 0, cell: ({ name }) => span(name, { bold: true }) },
    { title: 'version', gives: 0, cell: of(({ version }) => version) },
    { title: 'patches', gives: 5, align: 'right', cell: of(({ patches }) => String(patches)) },
    { title: 'last run', gives: 0, cell: of(({ run, version }) => runCell(run, version)) },
    { title: 'checks', gives: 2, cell: of(({ checks, version }) => checksCell(checks, version)) },
    { title: 'open', gives: 0, align: 'right', cell: of((facts) => openCell(facts)) },
    { title: 'reviewed', gives: 3, cell: of(({ reviewed }) => reviewed) },
    { title: 'perf', gives: 6, cell: of(({ perf }) => perf) },
    { title: 'age', gives: 4, align: 'right', cell: of(({ date }) => ageWords(date, today)) },
    { title: 'title', gives: 7, grows: true, cell: ({ title }) => span(title) },
  ];
}

function runCell(run: SeriesFacts['run'], version: string): Span {
  if (run === null) return span('not run', { dim: true });
  // A verdict on another version says nothing of this one.
  const of = run.version === version ? '' : ` (${run.version})`;
  const word = run.verdict === 'fail' ? 'FAIL' : run.verdict;
  const color = VERDICT_COLORS[run.verdict];
  return span(`${word}${of}`, of === '' ? { color } : {});
}

function checksCell(checks: SeriesFacts['checks'], version: string): Span {
  const text = checksText(checks, version);
  if (checks === null || checks.version !== version) return span(text, { dim: true });
  if (checks.counts.error > 0) return span(text, { color: 'red' });
  return span(text, checks.counts.warning > 0 ? { color: 'yellow' } : {});
}

function openCell({ open, blocking }: SeriesFacts): Span {
  if (open === 0) return span('0', { dim: true });
  return span(blocking === 0 ? `${open}` : `${open} (${blocking} blocking)`, {
    color: blocking === 0 ? 'yellow' : 'red',
  });
}
