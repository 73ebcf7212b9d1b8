// SPDX-License-Identifier: MIT
/** Columns of text, aligned; knows that some characters take two cells and some none. */

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** Breaks long cells at spaces so that the table fits `width`; one column may ask for it. */
  wrap?: boolean;
}

export interface TableOptions {
  /** Cells to fit in; only a `wrap` column can give way. No limit by default. */
  width?: number;
  /** Leaves the line of titles out. */
  bare?: boolean;
}

const GAP = '  ';
/** A wrapped column narrower than this is harder to read than a line that is too long. */
const NARROWEST = 24;

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
// East Asian Wide and Fullwidth of Unicode's EastAsianWidth.txt, in blocks, and the emoji.
const WIDE =
  /^[\u1100-\u115f\u231a\u231b\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** How many cells of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    if (char >= ' ' && char <= '~') width += 1;
    else if (!ZERO.test(char)) width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

/** Cuts a text to `width` cells; what was cut ends in an ellipsis. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const char of text) {
    used += displayWidth(char);
    if (used > width) break;
    kept += char;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Breaks a text at spaces into lines of at most `width` cells; a longer word stands alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** The table as lines of text, each ended by a line feed, without spaces at a line's end. */
export function formatTable(columns: Column[], rows: string[][], options: TableOptions = {}): string {
  return tableRows(columns, rows, options)
    .flat()
    .map((line) => `${line}\n`)
    .join('');
}

/** The lines of each row, that of the titles first; a row takes several where it wraps. */
export function tableRows(columns: Column[], rows: string[][], options: TableOptions = {}): string[][] {
  const all = options.bare ? rows : [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, i) => Math.max(0, ...all.map((row) => displayWidth(row[i] ?? ''))));
  const wrapping = columns.findIndex((column) => column.wrap);
  if (options.width !== undefined && wrapping >= 0) {
    const others = widths.reduce((sum, width, i) => sum + (i === wrapping ? 0 : width + GAP.length), 0);
    const room = Math.max(NARROWEST, options.width - others);
    widths[wrapping] = Math.min(widths[wrapping] ?? 0, room);
  }
  return all.map((row) => {
    const cells = columns.map((column, i) =>
      column.wrap ? wrapText(row[i] ?? '', widths[i] ?? 0) : [row[i] ?? ''],
    );
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      columns
        .map((column, i) => pad(cells[i]?.[line] ?? '', widths[i] ?? 0, column.align ?? 'left'))
        .join(GAP)
        .trimEnd(),
    );
  });
}
