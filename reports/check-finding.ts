// SPDX-License-Identifier: MIT
/** How a finding stands on a terminal: the quoted line with its number, below it what is wrong and what to do. */
import type { Finding, Severity } from '../core/check.ts';
import { printable } from '../core/escape.ts';
import { displayWidth, truncate } from '../core/table.ts';
import { oneLine, type Paint, paragraph, untabbed } from './layout.ts';

/** What is told of a hostile line. */
const LONGEST = 1_000;
/** Quoted lines of findings that are told together. */
const QUOTED = 6;
const INDENT = '    ';
/** `  1234 + │ ` in front of a quoted line; the words below begin at its bar. */
const NUMBER = 8;

export const GLYPHS = { arrow: '→', bar: '│', corner: '╰', ellipsis: '…', check: '✓ ' };
export const ASCII: typeof GLYPHS = { arrow: '->', bar: '|', corner: '`', ellipsis: '...', check: '' };

export interface Style {
  width: number;
  glyph: typeof GLYPHS;
  all: boolean;
  paint: Paint;
}

const COLOR: Record<Severity, keyof Paint> = { error: 'red', warning: 'yellow', note: 'cyan' };

/** Findings that say the same: rule and ids, their lines, what is wrong, what to do. */
export function groupLines(
  group: readonly Finding[],
  hunk: { shown: string | null },
  style: Style,
): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { glyph } = style;
  const shown = style.all || group.length <= QUOTED + 1 ? group : group.slice(0, QUOTED);
  // The subject stands in the title.
  const quoted = shown.filter(({ quote, place }) => quote !== null && place.on !== 'subject');
  const lines: string[] = [];
  const hunkLine = (one: Finding | undefined, indent: string): void => {
    const header = one?.place.hunk ?? null;
    if (header !== null && header !== hunk.shown)
      lines.push(indent + style.paint.dim(fitted(header, style, indent.length)));
    hunk.shown = header;
  };
  hunkLine(first, INDENT);
  lines.push(...headLines(first, group, shown, style));
  for (const one of quoted) {
    hunkLine(one, ' '.repeat(NUMBER + INDENT.length));
    lines.push(quoteLine(one, style));
  }
  const more = group.length - shown.length;
  if (more > 0) {
    const where = group.slice(QUOTED).flatMap(({ place }) => place.line ?? []);
    const words = `${glyph.ellipsis} ${more} more${where.length === 0 ? '' : `: ${where.slice(0, 20).join(', ')}${where.length > 20 ? glyph.ellipsis : ''}`}`;
    lines.push(paragraph(' '.repeat(NUMBER + INDENT.length), words, style.width));
  }
  const lead = ' '.repeat(INDENT.length + (quoted.length === 0 ? 2 : NUMBER));
  const mark = quoted.length === 0 ? '' : `${glyph.corner} `;
  lines.push(paragraph(lead + mark, first.text, style.width));
  if (first.advice !== '') {
    const advice = paragraph(`${lead}${glyph.arrow} `, first.advice, style.width);
    lines.push(advice.replace(glyph.arrow, style.paint.green(glyph.arrow)));
  }
  return lines;
}

/** Severity and rule, on the right the ids; those of many findings on lines of their own. */
function headLines(
  { severity, rule, type }: Finding,
  group: readonly Finding[],
  shown: readonly Finding[],
  style: Style,
): string[] {
  const name = `${rule}${type === null ? '' : ` ${oneLine(type)}`}`;
  const count = group.length === 1 ? '' : `  ${group.length} times`;
  const plain = `${INDENT}${severity}  ${name}${count}`;
  const ids = shown.map(({ id }) => id).join(' ');
  const head = `${INDENT}${style.paint[COLOR[severity]](severity)}  ${style.paint.bold(name)}${count}`;
  const gap = Number.isFinite(style.width) ? style.width - displayWidth(plain) - ids.length : 2;
  if (gap >= 2) return [`${head}${' '.repeat(gap)}${style.paint.dim(ids)}`];
  const below = paragraph(' '.repeat(INDENT.length + 2), ids, style.width).split('\n');
  return [head, ...below.map((line) => style.paint.dim(line))];
}

/** `  12 + │   int b;`: the number on the side it counts on, and the line, as far as it fits. */
function quoteLine({ place, quote }: Finding, { glyph, width, paint }: Style): string {
  const mark = place.side === 'old' ? '-' : place.side === 'new' ? '+' : ' ';
  const number = `${place.line ?? ''}`.padStart(INDENT.length + NUMBER - 3);
  const raw = printable((quote ?? '').slice(0, LONGEST).trimEnd());
  const room = Number.isFinite(width) ? width - INDENT.length - NUMBER - 2 : LONGEST;
  const whole = untabbed(raw);
  // Words say more than their indentation.
  const text =
    displayWidth(whole) <= room ? whole : untabbed(raw.replace(/^\t+/, (tabs) => '  '.repeat(tabs.length)));
  const color = mark === '-' ? paint.red : mark === '+' ? paint.green : (plain: string) => plain;
  const cut = truncate(text, Math.max(1, room));
  return `${paint.dim(number)} ${color(mark)} ${paint.dim(glyph.bar)} ${cut}`.trimEnd();
}

export function waivedLine({ rule, id, place, waiver }: Finding, style: Style): string {
  const who = waiver === null ? '' : ` (${[waiver.by, waiver.date].filter((one) => one !== '').join(', ')})`;
  const where = place.line === null ? '' : ` line ${place.line}`;
  const words = `waived ${rule}${where} ${id}: ${waiver?.reason ?? ''}${who}`;
  return INDENT + style.paint.dim(fitted(words, style, INDENT.length));
}

/** On one line, cut to the width less what is used of it. */
export function fitted(text: string, { width }: Style, used = 0): string {
  return Number.isFinite(width) ? truncate(oneLine(text), Math.max(1, width - used)) : oneLine(text);
}
