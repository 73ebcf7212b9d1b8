// SPDX-License-Identifier: MIT
/** A record of measurements → a plot as SVG that stands alone: no scripts, no fonts, light and dark. */
import type { PerfRecord } from '../core/perf.ts';
import { displayWidth, truncate, wrapText } from '../core/table.ts';
import { oneLine } from './layout.ts';
import { clockText, machineText, perfTitle } from './perf-head.ts';
import { type Measured, type MeasuredRow, measuredOf } from './perf-measured.ts';
import { meansOf, type Scale, scaleOf } from './perf-scale.ts';
import { changeText, NO_CHANGE, whyNoFigures } from './perf-words.ts';
import { xmlAttribute } from './xml.ts';

const WIDTH = 760;
const MARGIN = 20;
const ROW = 34;
/** Of a letter, about; nobody's font is known. */
const LETTER = 7.2;
const LINE = 18;
/** Letters of a line of text. */
const WRAP = 100;
const LONGEST_TITLE = 80;

const STYLE = `
text{font:13px system-ui,sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}.test{font-weight:600}.small{font-size:12px;fill:#59636e}
.page{fill:#fff}.grid{stroke:#d1d9e0}
.bar{opacity:.3}.first{fill:#57606a;stroke:#57606a}.other{fill:#0969da;stroke:#0969da}
.run.first{fill:none}.mean{stroke-width:3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#3d444d}
.first{fill:#9198a1;stroke:#9198a1}.other{fill:#4493f8;stroke:#4493f8}.run.first{fill:none}}
`;

/** For each test a row for each pair of kernels: hollow dots for runs with the first, filled ones for the others. */
export function formatPerfSvg(record: PerfRecord): string {
  const why = whyNoFigures(record);
  const title = truncate(oneLine(perfTitle(record)), LONGEST_TITLE);
  const page = new Page();
  page.text(MARGIN, title, 'title', 26);
  if (why !== null || record.machine === null) {
    page.text(MARGIN, `no plot: ${why ?? ''}`, 'small', LINE);
    return page.svg(title);
  }
  for (const text of [machineText(record.machine), `clock: ${clockText(record)}`])
    for (const line of wrapText(oneLine(text), WRAP)) page.text(MARGIN, line, 'small', LINE);
  const measured = measuredOf(record);
  const frame = frameOf(measured);
  for (const one of measured) drawTest(page, one, frame);
  const unchanged = record.changes.some(({ real }) => !real) ? `; ${NO_CHANGE} no measurable change` : '';
  page.y += 14;
  page.text(MARGIN, `dots: runs; line: their mean; bar: its 95 % interval${unchanged}`, 'small', LINE);
  return page.svg(title);
}

/** Grows downwards. */
class Page {
  y = 10;
  readonly #parts: string[] = [];

  add(part: string): void {
    this.#parts.push(part);
  }

  /** A line of text below all else. */
  text(x: number, text: string, kind: string, height: number): void {
    this.y += height;
    this.write(x, this.y, text, kind);
  }

  write(x: number, y: number, text: string, kind: string, anchor = 'start'): void {
    const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
    const style = kind === '' ? '' : ` class="${kind}"`;
    this.add(`<text x="${round(x)}" y="${round(y)}"${style}${place}>${xmlAttribute(text)}</text>`);
  }

  svg(title: string): string {
    const height = Math.round(this.y + MARGIN);
    return `${[
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
      `<title>${xmlAttribute(title)}</title>`,
      `<style>${STYLE}</style>`,
      `<rect class="page" width="${WIDTH}" height="${height}"/>`,
      ...this.#parts,
      '</svg>',
    ].join('\n')}\n`;
  }
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Where the plots of all tests begin and end, and the changes beside them. */
interface Frame {
  left: number;
  right: number;
  changes: number;
}

function frameOf(measured: readonly Measured[]): Frame {
  const rows = measured.flatMap((one) => one.rows);
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(displayWidth)) * LETTER;
  const names = widest(rows.map(({ name }) => name));
  const told = widest(rows.map(({ change }) => (change === null ? '' : changeText(change))));
  const means = widest(measured.flatMap((one) => (one.rows.length === 0 ? [] : meansOf(one, scaleOf(one)))));
  const changes = WIDTH - MARGIN - told;
  return { left: MARGIN + names + 16, right: changes - means - 24, changes };
}

function drawTest(page: Page, measured: Measured, { left, right, changes }: Frame): void {
  const { name, rows } = measured;
  page.y += 12;
  page.text(MARGIN, name.join(' '), 'test', 22);
  if (rows.length === 0) {
    page.text(MARGIN, 'not measured', '', LINE);
    return;
  }
  const scale = scaleOf(measured);
  const means = meansOf(measured, scale);
  const x = (value: number): number => left + scale.at(value) * (right - left);
  const top = page.y + 8;
  drawGrid(page, scale, { left, right, top, bottom: top + rows.length * ROW });
  for (const [at, row] of rows.entries()) {
    const middle = top + (at + 0.5) * ROW;
    page.write(MARGIN, middle + 5, row.name, '');
    drawRow(page, row, middle, x);
    page.write(right + 12, middle + 5, means[at] ?? '', '');
    if (row.change !== null) page.write(changes, middle + 5, changeText(row.change), '');
  }
  page.y = top + rows.length * ROW + 16;
}

function drawGrid(
  page: Page,
  { ticks, unit }: Scale,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): void {
  for (const [at, { text }] of ticks.entries()) {
    const x = left + (at / (ticks.length - 1)) * (right - left);
    page.add(`<path class="grid" d="M${round(x)} ${round(top)}V${round(bottom)}"/>`);
    const last = at === ticks.length - 1;
    page.write(x, bottom + 14, last ? `${text} ${unit.name}` : text, 'small', 'middle');
  }
}

/** Runs lie below the bar, so that none hides another by it. */
function drawRow(page: Page, row: MeasuredRow, middle: number, x: (value: number) => number): void {
  const kind = row.change === null ? 'first' : 'other';
  const [low, high] = row.interval.map(x);
  const width = Math.max(1, (high ?? 0) - (low ?? 0));
  page.add(
    `<rect class="bar ${kind}" x="${round(low ?? 0)}" y="${round(middle - 10)}" width="${round(width)}" height="11"/>`,
  );
  page.add(`<path class="mean ${kind}" d="M${round(x(row.mean))} ${round(middle - 12)}v15"/>`);
  for (const sample of row.samples)
    page.add(`<circle class="run ${kind}" cx="${round(x(sample))}" cy="${round(middle + 8)}" r="3"/>`);
}
