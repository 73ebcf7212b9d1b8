// SPDX-License-Identifier: MIT
/** Which key does what where, as lazygit and tig have them; the footer, `?` and docs/keys.md are made from it. */
import type { Move } from './list.ts';
import { SCREENS, type ScreenName } from './model.ts';

export type Command =
  | Move
  | `screen-${ScreenName}`
  | 'quit'
  | 'suspend'
  | 'close'
  | 'out'
  | 'in'
  | 'help'
  | 'next-pane'
  | 'previous-pane'
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'undo'
  | 'previous'
  | 'next'
  | 'previous-version'
  | 'next-version'
  | 'next-hunk'
  | 'previous-hunk'
  | 'next-comment'
  | 'previous-comment'
  | 'resolve'
  | 'reopen'
  | 'reply'
  | 'edit'
  | 'copy'
  | 'interdiff'
  | 'side-by-side'
  | 'left'
  | 'right'
  | 'filter-state'
  | 'filter-person'
  | 'filter-version'
  | 'start'
  | 'again'
  | 'cancel'
  | 'compare'
  | 'reload'
  | 'check'
  | 'check-builds'
  | 'waive';

export interface Binding {
  /** As `keyNames` names them; the first is the one that is shown in the footer. */
  keys: readonly string[];
  does: Command;
  /** What it does here, a few words. */
  label: string;
  /** In the footer as well. */
  footer?: boolean;
}

const MOVES: readonly Binding[] = [
  { keys: ['j', 'down'], does: 'down', label: 'down' },
  { keys: ['k', 'up'], does: 'up', label: 'up' },
  { keys: ['g', 'home'], does: 'first', label: 'to the first' },
  { keys: ['G', 'end'], does: 'last', label: 'to the last' },
  { keys: ['ctrl-d'], does: 'half-down', label: 'half a page down' },
  { keys: ['ctrl-u'], does: 'half-up', label: 'half a page up' },
  { keys: ['ctrl-f', 'pgdn', 'space'], does: 'page-down', label: 'a page down' },
  { keys: ['ctrl-b', 'pgup'], does: 'page-up', label: 'a page up' },
];

const SEARCH: readonly Binding[] = [
  { keys: ['/'], does: 'search', label: 'look for words', footer: true },
  { keys: ['n'], does: 'next-match', label: 'the next match' },
  { keys: ['N'], does: 'previous-match', label: 'the match before' },
];

/** Everywhere. */
const ALWAYS: readonly Binding[] = [
  ...SCREENS.map(
    (name, at): Binding => ({ keys: [`${at + 1}`], does: `screen-${name}`, label: `the screen ${name}` }),
  ),
  { keys: ['tab'], does: 'next-pane', label: 'the next pane' },
  { keys: ['shift-tab'], does: 'previous-pane', label: 'the pane before' },
  { keys: ['R'], does: 'reload', label: 'read everything again' },
  { keys: ['u'], does: 'undo', label: 'undo the last change' },
  { keys: ['?'], does: 'help', label: 'the keys of this place', footer: true },
  { keys: ['esc'], does: 'out', label: 'back out' },
  { keys: ['q'], does: 'close', label: 'close the screen; in the list of series, respin', footer: true },
  { keys: ['ctrl-z'], does: 'suspend', label: 'to the shell; fg comes back' },
  { keys: ['ctrl-c'], does: 'quit', label: 'end respin' },
];

const DECIDE: readonly Binding[] = [
  { keys: ['r'], does: 'resolve', label: 'resolve the comment', footer: true },
  { keys: ['o'], does: 'reopen', label: 'open it again' },
  { keys: ['m'], does: 'reply', label: 'draft a reply mail' },
  { keys: ['y'], does: 'copy', label: 'copy its place' },
];

const HERE: Record<ScreenName, readonly Binding[]> = {
  series: [{ keys: ['enter'], does: 'in', label: 'open the series', footer: true }],
  versions: [
    { keys: ['enter'], does: 'in', label: 'its first patch', footer: true },
    { keys: ['d'], does: 'interdiff', label: 'what changed since the version before', footer: true },
  ],
  patch: [
    { keys: ['enter'], does: 'in', label: 'to the hunk; of a comment, its thread', footer: true },
    { keys: ['['], does: 'previous', label: 'the patch before' },
    { keys: [']'], does: 'next', label: 'the next patch' },
    { keys: ['{'], does: 'previous-version', label: 'the version before' },
    { keys: ['}'], does: 'next-version', label: 'the next version' },
    { keys: ['@'], does: 'next-hunk', label: 'the next hunk', footer: true },
    { keys: ['ctrl-p'], does: 'previous-hunk', label: 'the hunk before' },
    { keys: ['c'], does: 'next-comment', label: 'the next open comment', footer: true },
    { keys: ['C'], does: 'previous-comment', label: 'the open comment before' },
    {
      keys: ['d'],
      does: 'interdiff',
      label: 'the diff; or since the version before, the one before that, …',
    },
    { keys: ['s'], does: 'side-by-side', label: 'old and new side by side' },
    { keys: ['h', 'left'], does: 'left', label: 'shift to the left' },
    { keys: ['l', 'right'], does: 'right', label: 'shift to the right' },
    { keys: ['e'], does: 'edit', label: 'open the file in $EDITOR' },
    { keys: ['w'], does: 'waive', label: 'waive the finding; take a waiver back' },
    ...DECIDE,
  ],
  comments: [
    { keys: ['enter'], does: 'in', label: 'to its hunk', footer: true },
    { keys: ['s'], does: 'filter-state', label: 'owed, open, closed, or all', footer: true },
    { keys: ['p'], does: 'filter-person', label: 'only of a person' },
    { keys: ['v'], does: 'filter-version', label: 'only of a version' },
    ...DECIDE,
  ],
  run: [
    { keys: ['r'], does: 'start', label: 'run the series: apply, build, boot, test', footer: true },
    { keys: ['a'], does: 'again', label: 'in a result: run the case again, some times', footer: true },
    { keys: ['x'], does: 'cancel', label: 'cancel the run', footer: true },
    { keys: ['enter'], does: 'in', label: 'to its result' },
    { keys: ['='], does: 'compare', label: 'mark a run, and hold the others against it', footer: true },
    { keys: ['y'], does: 'copy', label: 'copy its id' },
  ],
  checks: [
    { keys: ['enter'], does: 'in', label: 'to its line', footer: true },
    { keys: ['w'], does: 'waive', label: 'waive the finding; take a waiver back', footer: true },
    { keys: ['r'], does: 'check', label: 'check the series, without the rules that build', footer: true },
    { keys: ['b'], does: 'check-builds', label: 'with the rules that build' },
    { keys: ['x'], does: 'cancel', label: 'cancel the check' },
    { keys: ['y'], does: 'copy', label: 'copy its id' },
  ],
  matrix: [
    { keys: ['enter'], does: 'in', label: 'to its run', footer: true },
    { keys: ['['], does: 'previous', label: 'the matrix before', footer: true },
    { keys: [']'], does: 'next', label: 'the next matrix', footer: true },
    { keys: ['y'], does: 'copy', label: 'copy the id of its run' },
  ],
};

/** What the keys of a screen do, those of the place first. */
export function bindingsOf(screen: ScreenName): readonly Binding[] {
  return [...HERE[screen], ...MOVES, ...SEARCH, ...ALWAYS];
}

export function commandOf(screen: ScreenName, key: string): Command | null {
  return bindingsOf(screen).find(({ keys }) => keys.includes(key))?.does ?? null;
}

const SHOWN: Record<string, string> = {
  ...{ enter: 'Enter', esc: 'Esc', tab: 'Tab', 'shift-tab': 'Shift-Tab', space: 'Space' },
  ...{ up: '↑', down: '↓', left: '←', right: '→' },
  ...{ pgdn: 'PgDn', pgup: 'PgUp', home: 'Home', end: 'End' },
};

/** `Enter`, `Ctrl-D`, `j` */
export function shownKey(key: string): string {
  const ctrl = /^ctrl-(.)$/.exec(key)?.[1];
  return SHOWN[key] ?? (ctrl === undefined ? key : `Ctrl-${ctrl.toUpperCase()}`);
}

/**
 * What ink's `useInput` gives → the names of the keys: most of the time one; those that came faster than they were read
 * come in one piece. None for a mouse or a key with Alt.
 */
export function keyNames(input: string, key: InkKey): string[] {
  const name = named(key);
  if (name !== null) return [name];
  if (key.ctrl) return /^[a-z]$/.test(input) ? [`ctrl-${input}`] : [];
  if (key.meta) return [];
  return charNames(input);
}

/** Of text that was typed. */
export function charNames(text: string): string[] {
  return [...text].flatMap(charName);
}

function named(key: InkKey): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageDown) return 'pgdn';
  if (key.pageUp) return 'pgup';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  return key.backspace || key.delete ? 'backspace' : null;
}

const CHARS: Record<string, string> = {
  ...{
    ' ': 'space',
    '\r': 'enter',
    '\n': 'enter',
    '\t': 'tab',
    '\x1b': 'esc',
    '\x7f': 'backspace',
    '\b': 'backspace',
  },
};

function charName(char: string): string[] {
  const known = CHARS[char];
  if (known !== undefined) return [known];
  const code = char.charCodeAt(0);
  if (code >= 32) return [char];
  return code >= 1 && code <= 26 ? [`ctrl-${String.fromCharCode(code + 96)}`] : [];
}

/** The part of ink's `Key` that is looked at. */
export interface InkKey {
  upArrow: boolean;
  downArrow: boolean;
  leftArrow: boolean;
  rightArrow: boolean;
  pageDown: boolean;
  pageUp: boolean;
  home: boolean;
  end: boolean;
  return: boolean;
  escape: boolean;
  tab: boolean;
  shift: boolean;
  ctrl: boolean;
  meta: boolean;
  backspace: boolean;
  delete: boolean;
}
