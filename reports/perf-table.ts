// SPDX-License-Identifier: MIT
/** A record of measurements → what a terminal shows of it. */
import { FEWEST_RUNS, type PerfChange, type PerfRecord } from '../core/perf.ts';
import { type Column, formatTable } from '../core/table.ts';
import { oneLine, type Paint, paint, paragraph, type TextOptions } from './layout.ts';
import { clockText, headLines, perfTitle } from './perf-head.ts';
import { type Measured, measuredOf } from './perf-measured.ts';
import { type Spent, spentOn } from './perf-shares.ts';
import {
  changeText,
  coloredChange,
  intervalText,
  inUnit,
  NO_CHANGE,
  pText,
  rangeText,
  UNCHANGED,
  whyNoFigures,
} from './perf-words.ts';
import { plural } from './words.ts';

export interface PerfTextOptions extends TextOptions {
  /** The terminal shows no more than ASCII. */
  ascii?: boolean;
  /** Leaves the error that ended the measurement out: who prints this prints that as well. */
  withoutError?: boolean;
}

const LABEL = 9;

/**
 * What was measured where, a row for each test with its interval, and what the instructions were for.
 * A record that ended with an error, or cannot say what its seconds are worth, has no figures.
 */
export function formatPerf(record: PerfRecord, options: PerfTextOptions = {}): string {
  const { width } = options;
  const style = paint(options.color);
  const line = (label: string, text: string): string => `${paragraph(label.padEnd(LABEL), text, width)}\n`;
  const head = [
    `${paragraph('', perfTitle(record), width).split('\n').map(style.bold).join('\n')}\n`,
    ...headLines(record).map(([label, text]) => line(label, text)),
  ].join('');
  const why = whyNoFigures(record);
  const measured = measuredOf(record);
  const parts =
    why === null
      ? [
          head,
          changesTable(measured, style),
          line('clock', clockText(record)) + notes(record, line) + badBoots(record, line),
          spentTable(record, measured, style),
        ]
      : [head, line('no table', why) + (options.withoutError === true ? '' : trouble(record, line))];
  const text = parts.filter((part) => part !== '').join('\n');
  return options.ascii === true ? text.replaceAll('µ', 'u').replaceAll('…', '~') : text;
}

/** A row for each test; with more than two pairs of kernels one for each pair, below its test. */
function changesTable(measured: readonly Measured[], style: Paint): string {
  const several = measured.some(({ rows }) => rows.length > 2);
  const right = (title: string): Column => ({ title, align: 'right' });
  const tail = [right('change'), right('95 % interval'), right('p')];
  const { columns, rows } = several
    ? { columns: [{ title: 'test' }, right('mean'), ...tail], rows: measured.flatMap(pairRows) }
    : { columns: [{ title: 'test' }, right('before'), right('after'), ...tail], rows: measured.map(testRow) };
  const cells = rows.map(({ cells: one }) => one);
  const [titles = '', ...lines] = formatTable(columns, cells).trimEnd().split('\n');
  const shown = lines.map((text, at) => {
    const change = rows[at]?.change ?? null;
    return change === null ? text : text.replace(changeText(change), coloredChange(change, style));
  });
  return `${[style.bold(titles), ...shown].join('\n')}\n`;
}

interface Row {
  cells: string[];
  change: PerfChange | null;
}

function testRow({ name, of, rows: [before, after] }: Measured): Row {
  const title = name.join(' ');
  if (before === undefined || after === undefined) return unmeasured(title);
  const { change } = after;
  return { cells: [title, ...inUnit(of, [before.mean, after.mean]), ...changeCells(change)], change };
}

function pairRows({ name, of, rows }: Measured): Row[] {
  const title = name.join(' ');
  if (rows.length === 0) return [unmeasured(title)];
  const means = inUnit(
    of,
    rows.map(({ mean }) => mean),
  );
  return [
    { cells: [title], change: null },
    ...rows.map((row, at) => ({
      cells: [`  ${row.name}`, means[at] ?? '', ...changeCells(row.change)],
      change: row.change,
    })),
  ];
}

function unmeasured(title: string): Row {
  return { cells: [title, 'not measured'], change: null };
}

function changeCells(change: PerfChange | null): string[] {
  return change === null ? [] : [changeText(change), intervalText(change), pText(change.p)];
}

/** How far the runs lay apart, and what a `~` stands for. */
function notes({ changes, runs }: PerfRecord, line: (label: string, text: string) => string): string {
  const spreads = changes.flatMap(({ beforeSpread, afterSpread }) => [beforeSpread, afterSpread]);
  const noise = rangeText(changes.map((one) => one.noise));
  const spread = `means of ${plural(runs, 'run')}, which spread by ${rangeText(spreads)} %; noise ${noise} %`;
  const unchanged = changes.some(({ real }) => !real) ? line(NO_CHANGE, UNCHANGED) : '';
  const few =
    runs < FEWEST_RUNS
      ? line(
          'few runs',
          `p cannot come below 0.01 with fewer than ${FEWEST_RUNS} of each: no change can be shown`,
        )
      : '';
  return line('runs', spread) + few + unchanged;
}

/** Nothing of these is in the figures, but nobody should think that all went well. */
function badBoots({ boots }: PerfRecord, line: (label: string, text: string) => string): string {
  return boots
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ number, outcome, detail }) => {
      const [first = ''] = (detail ?? '').split('\n', 1);
      return line('boot', `${number}: ${outcome}${first === '' ? '' : `, ${first}`}`);
    })
    .join('');
}

/** Instructions by the byte and message, and what they were for. */
function spentTable(record: PerfRecord, measured: readonly Measured[], style: Paint): string {
  const seen = new Set<string>();
  const blocks = measured
    .filter(({ test }) => !seen.has(test.id) && seen.add(test.id))
    .map(({ name, of, test, rows }) => ({
      title: (of === 'throughput' ? name : name.slice(0, -1)).join(' '),
      // The same kernels twice cannot be told apart here.
      spent: rows
        .filter(({ name: one }) => !one.endsWith(' again'))
        .map((row) => ({ name: row.name, ...spentOn(record, test, row.kernels) })),
    }));
  const all = blocks.flatMap(({ spent }) => spent);
  const why = notDivided(all);
  // Where chance decides which rows can be told, none is to be trusted.
  const columns = SPENT_COLUMNS.filter(
    ({ of, divides }) => all.some((one) => of(one) !== null) && !(divides && why !== ''),
  );
  if (columns.length === 0) return '';
  const titles = [
    ['', ...columns.map(({ above }) => above)],
    ['where it goes', ...columns.map(({ title }) => title)],
  ].filter((row) => row.some((cell) => cell !== ''));
  const rows = blocks.flatMap(({ title, spent }) => [
    [title],
    ...spent.map((one) => [`  ${one.name}`, ...columns.map(({ of }) => of(one) ?? '-')]),
  ]);
  const aligned: Column[] = [
    { title: '' },
    ...columns.map(({ title }): Column => ({ title, align: 'right' })),
  ];
  const lines = formatTable(aligned, [...titles, ...rows], { bare: true })
    .trimEnd()
    .split('\n');
  const table = `${lines.map((text, at) => (at < titles.length ? style.bold(text) : text)).join('\n')}\n`;
  return table + why;
}

/** Why there is no word of host and guest where both had ticks to tell. */
function notDivided(spent: readonly Spent[]): string {
  const ranges = spent.flatMap(({ shares, guestTicks }) =>
    shares === null && guestTicks !== null ? [guestTicks] : [],
  );
  if (ranges.length === 0) return '';
  const least = Math.min(...ranges.map(([low]) => low)).toFixed(0);
  const most = Math.max(...ranges.map(([, high]) => high)).toFixed(0);
  return `How much of it is the guest's cannot be told: ${least} to ${most} % of the ticks, from boot to boot.\n`;
}

interface SpentColumn {
  /** Of two lines. */
  above: string;
  title: string;
  /** null where it cannot be told. */
  of: (spent: Spent) => string | null;
  /** Between host and guest. */
  divides?: true;
}

const share =
  (which: keyof NonNullable<Spent['shares']>) =>
  ({ shares }: Spent): string | null =>
    shares === null ? null : `${shares[which]} %`;

const SPENT_COLUMNS: readonly SpentColumn[] = [
  { above: '', title: 'per byte', of: ({ perByte }) => count(perByte) },
  { above: 'instructions', title: 'per message', of: ({ perMessage }) => count(perMessage) },
  { above: 'instructions', title: 'there and back', of: ({ perEcho }) => count(perEcho) },
  { above: 'host', title: 'kernel', of: share('hostKernel'), divides: true },
  { above: 'guest', title: 'kernel', of: share('guestKernel'), divides: true },
  { above: '', title: 'user', of: share('user'), divides: true },
  { above: '', title: 'idle', of: share('idle'), divides: true },
];

/** Instructions: three or four digits that count, thousands parted. */
function count(value: number | null): string | null {
  if (value === null) return null;
  if (value < 100) return value.toPrecision(3);
  return Number(value.toPrecision(4))
    .toFixed(0)
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function trouble({ error }: PerfRecord, line: (label: string, text: string) => string): string {
  if (error === null) return '';
  const hint = error.hint === null ? '' : line('hint', error.hint);
  return line('error', `${error.code}: ${oneLine(error.message)}`) + hint;
}
