// SPDX-License-Identifier: MIT
/** How reports fit text from mails and patches into a terminal. */
import { printable } from '../core/escape.ts';
import { displayWidth, truncate, wrapText } from '../core/table.ts';

export interface TextOptions {
  /** Columns to fit in; no limit without it. */
  width?: number;
  color?: boolean;
}

/** Longer lines of prose are hard to read, however wide the terminal. */
const PROSE = 100;
/** What is left for words when an indentation takes the rest. */
const NARROWEST = 24;
/** More of one line than anybody reads; a hostile mail has lines of a hundred megabytes. */
const LONGEST = 4_000;

/** Text on one line and fit to print; blanks of any kind become single spaces. */
export function oneLine(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return printable(cut.replace(/\s+/g, ' ').trim().toWellFormed());
}

/** A paragraph: `first` leads its first line, the others are indented to stand below its words. */
export function paragraph(first: string, text: string, width = Number.POSITIVE_INFINITY): string {
  const indent = displayWidth(first);
  const room = Math.max(NARROWEST, Math.min(width, PROSE) - indent);
  const words = oneLine(text);
  if (Number.isFinite(width) && indent > width / 2 && first.trim() !== '') {
    // A lead that leaves no room is part of what is wrapped.
    const margin = ' '.repeat(Math.min(4, first.length - first.trimStart().length));
    return paragraph(margin, `${first.trim()} ${words}`, width);
  }
  const lines = Number.isFinite(width) ? wrapText(words, room) : [words];
  return lines.map((line, at) => `${at === 0 ? first : ' '.repeat(indent)}${line}`.trimEnd()).join('\n');
}

/** The first words of a text, at most two lines of it; what was cut ends in an ellipsis. */
export function firstWords(indent: string, text: string, width = Number.POSITIVE_INFINITY): string {
  const words = oneLine(text.slice(0, LONGEST));
  if (!Number.isFinite(width)) return `${indent}${cutAtWord(words, 160)}`;
  const room = Math.max(NARROWEST, Math.min(width, PROSE) - indent.length);
  const [one = '', ...more] = wrapText(words, room);
  const two = more.length === 0 ? [] : [cutAtWord(more.join(' '), room)];
  return [truncate(one, room), ...two].map((line) => `${indent}${line}`).join('\n');
}

function cutAtWord(text: string, width: number): string {
  const cut = truncate(text, width);
  const space = cut.lastIndexOf(' ');
  // A word as long as half of the line is worth its beginning.
  return cut === text || space < cut.length / 2 ? cut : `${cut.slice(0, space)} …`;
}

/** A text of several lines as it stands; only a line that is too long is broken, below its own indentation. */
export function indentedText(indent: string, text: string, width = Number.POSITIVE_INFINITY): string {
  const room = Math.max(NARROWEST, width - displayWidth(indent));
  return text
    .split('\n')
    .flatMap((raw) => {
      const line = untabbed(printable(raw.toWellFormed().trimEnd()));
      // What is longer than any paragraph is for the terminal to break.
      if (line.length > LONGEST || displayWidth(line) <= room) return [line];
      const own = /^ */.exec(line)?.[0] ?? '';
      const hang = own.length > room / 2 ? '' : own;
      return wrapText(line.slice(own.length), Math.max(1, room - hang.length)).map((part) => hang + part);
    })
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');
}

/** Tabs as spaces up to the next column of eight, as they stand at the left margin. */
export function untabbed(line: string): string {
  if (!line.includes('\t')) return line;
  let text = '';
  let column = 0;
  for (const [at, part] of line.split('\t').entries()) {
    if (at > 0) {
      const gap = 8 - (column % 8);
      text += ' '.repeat(gap);
      column += gap;
    }
    text += part;
    column += displayWidth(part);
  }
  return text;
}

/** A path in at most `room` cells: folders in its middle give way, the file's name last. */
export function shortPath(path: string, room: number): string {
  const shown = oneLine(path);
  if (displayWidth(shown) <= room) return shown;
  const parts = shown.split('/');
  const name = parts.pop() ?? '';
  for (let keep = parts.length - 1; keep >= 0; keep--) {
    const head = Math.ceil(keep / 2);
    const kept = [...parts.slice(0, head), '…', ...parts.slice(parts.length - (keep - head)), name];
    const short = kept.join('/');
    if (displayWidth(short) <= room) return short;
  }
  return truncate(name, Math.max(1, room));
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** Colours, or the text as it is: what they say is in the words as well. */
export function paint(color = false): Paint {
  const style =
    (code: number) =>
    (text: string): string =>
      color && text !== '' ? `\x1b[${code}m${text}\x1b[m` : text;
  return {
    ...{ bold: style(1), dim: style(2) },
    ...{ red: style(31), green: style(32), yellow: style(33), cyan: style(36) },
  };
}
