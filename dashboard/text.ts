// SPDX-License-Identifier: MIT
/** Lines of styled text, as a terminal shows them: cut and filled to a width in cells. */
import { printable } from '../core/escape.ts';
import type { VerdictKind } from '../core/run.ts';
import { displayWidth } from '../core/table.ts';
import { untabbed } from '../reports/layout.ts';

export type Color = 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'blue';

export const VERDICT_COLORS: Record<VerdictKind, Color> = {
  ...{ pass: 'green', fail: 'red', flaky: 'yellow', unknown: 'yellow' },
};

export interface Style {
  color?: Color;
  bold?: boolean;
  dim?: boolean;
  inverse?: boolean;
}

/** Fit to print: no tab, no control byte. */
export interface Span extends Style {
  text: string;
}

export type Line = readonly Span[];

/** More of one line than any terminal shows. */
const LONGEST = 4_000;

/** Text of a mail, a patch or a console as one span: tabs become spaces, what a terminal could act on is shown. */
export function span(text: string, style: Style = {}): Span {
  const cut = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  return { text: untabbed(printable(cut.toWellFormed())), ...style };
}

export function line(text: string, style: Style = {}): Line {
  return [span(text, style)];
}

export function widthOf(shown: Line): number {
  return shown.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Exactly `width` cells: what is too long ends in `…`, the rest is blank. */
export function fitted(shown: Line, width: number): Line {
  if (width < 1) return [];
  const all = widthOf(shown);
  if (all === width) return shown;
  if (all < width) return [...shown, { text: ' '.repeat(width - all) }];
  return [...cut(shown, width - 1), { text: '…' }];
}

/** The first `width` cells, with a blank where half of a wide character would be. */
function cut(shown: Line, width: number): Span[] {
  const kept: Span[] = [];
  let room = width;
  for (const one of shown) {
    const { text } = one;
    const needs = displayWidth(text);
    if (needs <= room) {
      kept.push(one);
      room -= needs;
      continue;
    }
    let part = '';
    for (const char of text) {
      const more = displayWidth(char);
      if (more > room) break;
      part += char;
      room -= more;
    }
    kept.push({ ...one, text: part + ' '.repeat(room) });
    break;
  }
  return kept;
}

/** Without its first `cells`: for what is wider than its pane. */
export function shifted(shown: Line, cells: number): Line {
  let left = cells;
  return shown.flatMap((one) => {
    if (left <= 0) return [one];
    let at = 0;
    for (const char of one.text) {
      if (left <= 0) break;
      left -= displayWidth(char);
      at += char.length;
    }
    const text = one.text.slice(at);
    return text === '' ? [] : [{ ...one, text }];
  });
}

/** Every span of it in another style besides its own. */
export function styled(shown: Line, style: Style): Line {
  return shown.map((one) => ({ ...one, ...style }));
}

const COLORS: Record<Color, number> = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };

/** With the escape sequences of ECMA-48: colours only of the first eight, and none without `color`. */
export function ansi(shown: Line, color: boolean): string {
  return shown
    .map(({ text, ...style }) => {
      const codes = [
        ...(style.bold === true ? [1] : []),
        ...(style.dim === true && color ? [2] : []),
        ...(style.inverse === true ? [7] : []),
        ...(style.color !== undefined && color ? [COLORS[style.color]] : []),
      ];
      return codes.length === 0 || text === '' ? text : `\x1b[${codes.join(';')}m${text}\x1b[0m`;
    })
    .join('');
}

export function textOf(shown: Line): string {
  return shown.map(({ text }) => text).join('');
}
