// SPDX-License-Identifier: MIT
/** A record of measurements → a plot in the terminal: runs as dots, means and their intervals as bars. */
import type { PerfChange, PerfRecord } from '../core/perf.ts';
import { displayWidth } from '../core/table.ts';
import { type Paint, paint, paragraph, type TextOptions } from './layout.ts';
import { clockText, machineText, perfTitle } from './perf-head.ts';
import { type Measured, type MeasuredRow, measuredOf } from './perf-measured.ts';
import { meansOf, type Scale, scaleOf } from './perf-scale.ts';
import { changeText, coloredChange, NO_CHANGE, pText, whyNoFigures } from './perf-words.ts';

export interface PerfPlotOptions extends TextOptions {
  /** The terminal shows no more than ASCII. */
  ascii?: boolean;
}

const GLYPHS = { sample: '•', low: '├', line: '─', high: '┤', mean: '┼', tick: '╵' };
const ASCII: typeof GLYPHS = { sample: 'o', low: '[', line: '-', high: ']', mean: '+', tick: "'" };

interface Style {
  glyph: typeof GLYPHS;
  paint: Paint;
  names: number;
  values: number;
  /** Cells of the plot itself. */
  room: number;
}

const LABEL = 9;
const NARROWEST = 20;
const WIDEST = 100;

/** For each test a row for each pair of kernels, on one scale. 80 columns when none are given. */
export function formatPerfPlot(record: PerfRecord, options: PerfPlotOptions = {}): string {
  const width = options.width ?? 80;
  const style = paint(options.color);
  const line = (label: string, text: string): string => `${paragraph(label.padEnd(LABEL), text, width)}\n`;
  const title = `${paragraph('', perfTitle(record), width).split('\n').map(style.bold).join('\n')}\n`;
  const why = whyNoFigures(record);
  if (why !== null || record.machine === null) return `${title}${line('no plot', why ?? '')}`;
  const measured = measuredOf(record);
  const rows = measured.flatMap((one) => one.rows);
  const names = Math.max(...rows.map(({ name }) => displayWidth(name))) + 2;
  const values = Math.max(...measured.flatMap((one) => meansIn(one).map(displayWidth)));
  const told = Math.max(0, ...measured.flatMap(rowChanges).map((change) => changeText(change).length + 2));
  const room = Math.max(NARROWEST, Math.min(WIDEST, width - names - values - told - 4));
  const glyph = options.ascii === true ? ASCII : GLYPHS;
  const blocks = measured.map((one) => block(one, { glyph, paint: style, names, values, room }));
  const { sample, low, line: bar, mean, high } = glyph;
  const unchanged = record.changes.some(({ real }) => !real) ? `, ${NO_CHANGE} no measurable change` : '';
  const legend = `${sample} a run, ${low}${bar}${mean}${bar}${high} mean and its 95 % interval${unchanged}`;
  const text = [
    `${title}${line('machine', machineText(record.machine))}`,
    ...blocks,
    `${line('shown', legend)}${line('clock', clockText(record))}`,
  ].join('\n');
  return options.ascii === true ? text.replaceAll('µ', 'u').replaceAll('…', '~') : text;
}

function meansIn(measured: Measured): string[] {
  return measured.rows.length === 0 ? [] : meansOf(measured, scaleOf(measured));
}

/** What stands beside rows: where there are only two, it stands beside the test. */
function rowChanges({ rows }: Measured): PerfChange[] {
  return rows.length <= 2 ? [] : rows.flatMap(({ change }) => change ?? []);
}

function block(measured: Measured, style: Style): string {
  const { name, rows } = measured;
  const title = style.paint.bold(name.join(' '));
  if (rows.length === 0) return `${title}\n  not measured\n`;
  const scale = scaleOf(measured);
  const means = meansOf(measured, scale);
  const shown = (change: PerfChange | null): string =>
    change === null ? '' : `  ${coloredChange(change, style.paint)}`;
  const beside = rowChanges(measured);
  const lines = rows.map((row, at) => {
    const value = (means[at] ?? '').padStart(style.values);
    const told = beside.length === 0 ? '' : shown(row.change);
    return `${pad(`  ${row.name}`, style.names)}  ${strip(row, scale, style)}  ${value}${told}`;
  });
  const change = beside.length === 0 ? (rows[1]?.change ?? null) : null;
  const p = change === null ? '' : ` (p ${pText(change.p)})`;
  return `${[`${title}${shown(change)}${p}`, ...lines, axis(scale, style)].join('\n')}\n`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** The mean hides what lies below it, and no run hides the end of an interval. */
function strip({ samples, interval, mean }: MeasuredRow, scale: Scale, { glyph, room }: Style): string {
  const cells = Array.from({ length: room }, () => ' ');
  const place = (value: number): number =>
    Math.max(0, Math.min(room - 1, Math.round(scale.at(value) * (room - 1))));
  const [low, high] = [place(interval[0]), place(interval[1])];
  for (let at = low; at <= high; at++) cells[at] = glyph.line;
  if (low < high) [cells[low], cells[high]] = [glyph.low, glyph.high];
  for (const sample of samples) {
    const at = place(sample);
    if (at !== low && at !== high) cells[at] = glyph.sample;
  }
  cells[place(mean)] = glyph.mean;
  return cells.join('');
}

/** `╵0.80      ╵0.90`, as many as fit. */
function axis({ ticks, unit }: Scale, { glyph, names, room, paint: style }: Style): string {
  let text = '';
  for (const [at, tick] of ticks.entries()) {
    const column = Math.round((at / (ticks.length - 1)) * (room - 1));
    const label = `${glyph.tick}${tick.text}${at === ticks.length - 1 ? ` ${unit.name}` : ''}`;
    if (at === 0 || column > text.length) text = text.padEnd(column) + label;
  }
  return style.dim(`${' '.repeat(names + 2)}${text}`);
}
