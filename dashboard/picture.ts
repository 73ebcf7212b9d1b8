// SPDX-License-Identifier: MIT
/** Rows of a terminal → an SVG picture of them. */
import { displayWidth } from '../core/table.ts';
import { xmlAttribute } from '../reports/xml.ts';
import type { Color, Line, Span } from './text.ts';

/** What most terminals have, on a dark ground; readable for who sees red and green alike: marks and words say the same. */
const COLORS: Record<Color, string> = {
  ...{
    red: '#f47067',
    green: '#6bc46d',
    yellow: '#daaa3f',
    blue: '#6cb6ff',
    magenta: '#dcbdfb',
    cyan: '#56d4dd',
  },
};
const GROUND = '#1c2128';
const WORDS = '#cdd9e5';
const DIM = '#8b98a5';
const FONT = 14;
const CELL = { width: 8.43, height: 18 };
const MARGIN = 10;

/** @param rows as wide as the widest; what it shows is in `title` for who cannot see it */
export function terminalSvg(rows: readonly Line[], title: string): string {
  const columns = Math.max(...rows.map((row) => row.reduce((sum, { text }) => sum + displayWidth(text), 0)));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows.length * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${xmlAttribute(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${GROUND}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT}" xml:space="preserve">`,
    ...rows.map((row, at) => rowSvg(row, MARGIN + at * CELL.height)).filter((one) => one !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function rowSvg(row: Line, top: number): string {
  let column = 0;
  const parts: string[] = [];
  for (const one of row) {
    const cells = displayWidth(one.text);
    if (cells > 0) parts.push(spanSvg(one, MARGIN + column * CELL.width, cells * CELL.width, top));
    column += cells;
  }
  return parts.join('');
}

function spanSvg({ text, color, bold, dim, inverse }: Span, x: number, width: number, top: number): string {
  const ink = color === undefined ? (dim === true ? DIM : WORDS) : COLORS[color];
  const [fill, ground] = inverse === true ? [GROUND, ink] : [ink, null];
  const at = x.toFixed(1);
  const box =
    ground === null
      ? ''
      : `<rect x="${at}" y="${top}" width="${width.toFixed(1)}" height="${CELL.height}" fill="${ground}"/>`;
  if (text.trim() === '') return box;
  const weight = bold === true ? ' font-weight="bold"' : '';
  // Whatever font there is, the columns stay where they are.
  const fit = ` textLength="${width.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  const y = top + CELL.height - 5;
  return `${box}<text x="${at}" y="${y}" fill="${fill}"${weight}${fit}>${xmlAttribute(text)}</text>`;
}

const CODES: Record<number, (span: Omit<Span, 'text'>) => Omit<Span, 'text'>> = {
  0: () => ({}),
  1: (span) => ({ ...span, bold: true }),
  2: (span) => ({ ...span, dim: true }),
  7: (span) => ({ ...span, inverse: true }),
  22: ({ bold: _bold, dim: _dim, ...span }) => span,
  27: ({ inverse: _inverse, ...span }) => span,
  39: ({ color: _color, ...span }) => span,
};
const NAMES: readonly (Color | null)[] = [null, 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'];

/**
 * Rows as `tmux capture-pane -e` prints them: text with the SGR sequences of ECMA-48. What is set in one row still is in the
 * next.
 */
export function readAnsi(rows: readonly string[]): Line[] {
  let style: Omit<Span, 'text'> = {};
  return rows.map((row) => {
    const spans: Span[] = [];
    for (const [, codes, text = ''] of row.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
      if (codes === undefined) {
        spans.push({ text, ...style });
        continue;
      }
      for (const code of codes.split(';').map(Number)) {
        const color = code >= 31 && code <= 36 ? NAMES[code - 30] : null;
        style = color == null ? (CODES[code]?.(style) ?? style) : { ...style, color };
      }
    }
    return spans;
  });
}
