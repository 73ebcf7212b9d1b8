// SPDX-License-Identifier: MIT
/**
 * The dashboard for who hears it, or has a terminal that is not redrawn: what a key has changed, as lines that follow
 * each other.
 */

import { footerLine } from './frame.ts';
import { bindingsOf, shownKey } from './keymap.ts';
import { PANES } from './layout.ts';
import type { State } from './model.ts';
import { textOf } from './text.ts';
import { focused, SCREEN_OF } from './update.ts';

/** Rows that are read out where no row is chosen. */
const READ = 10;

/** @returns what is to be said of the change; nothing when nothing that is heard has changed */
export function linearLines(before: State | null, after: State): string[] {
  // The keys are read out at once, and nothing else is.
  if (after.help !== null) return before?.help === null ? keyLines(after) : [];
  const was = before === null || before.help !== null ? null : heard(before);
  const is = heard(after);
  const moved = is.where !== was?.where;
  const lines: string[] = [];
  if (moved) lines.push(is.where);
  // A run that goes on changes its clock each second: what it comes to is said.
  const ticks = !moved && before?.screen === 'run' && before.live !== after.live;
  if (moved || (!ticks && is.rows.join('\n') !== was?.rows.join('\n'))) lines.push(...is.rows);
  if (is.said !== '' && (is.said !== was?.said || before?.said !== after.said)) lines.push(is.said);
  return lines;
}

function keyLines(state: State): string[] {
  return bindingsOf(state.screen).map(({ keys, label }) => `${keys.map(shownKey).join(', ')}: ${label}`);
}

interface Heard {
  /** Screen, pane, and what it has. */
  where: string;
  /** The chosen row, or the first rows that are seen. */
  rows: string[];
  /** What is asked, or was answered. */
  said: string;
}

function heard(state: State): Heard {
  const { screen } = state;
  const { pane, content } = focused(state);
  const place = SCREEN_OF[screen].place(state, pane);
  const name = PANES[screen].length === 1 ? screen : `${screen}, ${PANES[screen][pane]}`;
  const asks = state.prompt !== null || state.choice !== null || state.said !== null;
  return {
    where: `${name}: ${state.checking === null ? content.title : PANES[screen][pane]}${content.count > 0 ? `, ${content.count} rows` : ''}`,
    rows: rowsOf(content.count, content.cursor ? place.cursor : place.top, content.cursor ? 1 : READ)
      .map((row) => `${content.cursor ? `${row + 1}: ` : ''}${textOf(content.line(row)).trim()}`)
      .concat(content.count === 0 ? content.empty : []),
    said: asks ? textOf(footerLine(state)).trim() : '',
  };
}

function rowsOf(count: number, from: number, many: number): number[] {
  return Array.from({ length: Math.max(0, Math.min(many, count - from)) }, (_, at) => from + at);
}
