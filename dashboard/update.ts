// SPDX-License-Identifier: MIT
/** The whole of the dashboard's behaviour: a state and a message → the next state, and what is to be done outside. */

import { MOST_TIMES, parseTimes } from '../tools/run-vsock-test/chosen-cases.ts';
import { bindingsOf, type Command, commandOf } from './keymap.ts';
import { PANES, paneRows, panesOf, paneWidth } from './layout.ts';
import { AT_START, jumped, type ListPlace, type Move, moved, placed } from './list.ts';
import { afterEvents, newRun } from './live-run.ts';
import { type OpenSeries, openSeries, type ScreenName, type Size, type State } from './model.ts';
import { checksScreen, missingChecks } from './screens/checks.ts';
import { commentsScreen, filtered } from './screens/comments.ts';
import { matricesCame, matrixScreen, missingMatrices } from './screens/matrix.ts';
import { patchScreen, rowsCame } from './screens/patch.ts';
import { sameDiff } from './screens/patch-choice.ts';
import { followedEnds, missingRuns, runScreen, startRun, wentToRun } from './screens/run.ts';
import type { PaneContent, Screen } from './screens/screen.ts';
import { seriesScreen } from './screens/series.ts';
import { missingMatrix, versionsScreen } from './screens/versions.ts';
import { type Effect, type Message, only, type Step, say } from './step.ts';

export const SCREEN_OF: Record<ScreenName, Screen> = {
  series: seriesScreen,
  versions: versionsScreen,
  patch: patchScreen,
  comments: commentsScreen,
  run: runScreen,
  checks: checksScreen,
  matrix: matrixScreen,
};

const MOVES: ReadonlySet<string> = new Set<Move>([
  ...(['down', 'up', 'first', 'last'] as const),
  ...(['half-down', 'half-up', 'page-down', 'page-up'] as const),
]);

export function update(state: State, message: Message): Step {
  const [next, effects] = taken(state, message);
  const [runs, forRuns] = missingRuns(next);
  const [checks, forChecks] = missingChecks(runs);
  const [matrix, forMatrix] = missingMatrix(checks);
  const [matrices, forMatrices] = missingMatrices(matrix);
  const [facts, forFacts] = missingFacts(matrices);
  const asked = [...forRuns, ...forChecks, ...forMatrix, ...forMatrices, ...forFacts];
  return asked.length === 0 ? [next, effects] : [facts, [...effects, ...asked]];
}

function taken(state: State, message: Message): Step {
  switch (message.type) {
    case 'key':
      return pressed({ ...state, said: null }, message.key);
    case 'paste':
      return state.prompt === null ? only(state) : only(typed(state, message.text));
    case 'resized':
      return only(inWindow({ ...state, size: message.size }));
    case 'open': {
      const { name, folder } = message;
      const open = openSeries(name, folder);
      return [{ ...state, open, screen: 'versions' }, [{ do: 'load-review', name, folder }]];
    }
    case 'series':
      return seriesCame(state, message.series);
    case 'facts': {
      if (state.series.is !== 'there') return only(state);
      const rows = state.series.value.map((row) =>
        row.name === message.name ? { ...row, facts: message.facts } : row,
      );
      return only({ ...state, series: { is: 'there', value: rows } });
    }
    case 'review': {
      const { open } = state;
      if (open === null || open.name !== message.name) return only(state);
      // What was made of the mails before is made again when it is looked at.
      const matrix = open.matrix?.is === 'loading' ? open.matrix : null;
      const next = { ...state, open: { ...open, review: message.review, matrix } };
      return only(inWindow(withCursorKept(state, next, 'comments')));
    }
    case 'diff': {
      const { open } = state;
      // Somebody has gone on to another one meanwhile.
      if (open === null || !sameDiff(open.patch.wanted, message.wanted)) return only(state);
      const patch = { ...open.patch, rows: message.rows };
      return only(inWindow(rowsCame({ ...state, open: { ...open, patch } })));
    }
    case 'changed':
      return only({
        ...state,
        undo: [...state.undo, message.undo],
        said: { text: message.undo.what, tone: 'info' },
      });
    case 'undone':
      return say(state, `undone: ${message.what.what}`);
    case 'matrix':
      if (state.open?.name !== message.series) return only(state);
      return only({ ...state, open: { ...state.open, matrix: message.matrix } });
    case 'runs':
      return runsCame(state, message);
    case 'matrices':
      return only(inWindow(matricesCame(state, message)));
    case 'consoles': {
      const { id, consoles } = message;
      if (state.open?.name !== message.series || state.open.runs.logs?.id !== id) return only(state);
      return only({
        ...state,
        open: { ...state.open, runs: { ...state.open.runs, logs: { id, consoles } } },
      });
    }
    case 'run-began': {
      const { series, at, only: part } = message;
      const began = { ...state, runStarts: false, live: newRun(series, at, part ?? null) };
      const { open } = state;
      if (open?.name !== series) return only(began);
      const runs = { ...open.runs, places: open.runs.places.map(() => AT_START) };
      return only({ ...began, open: { ...open, runs } });
    }
    case 'run-events': {
      if (state.live === null) return only(state);
      const live = afterEvents(state.live, message.events);
      return only(followedEnds(state, { ...state, live }, paneRows(state.size)));
    }
    case 'tick':
      return only(state.live === null ? state : { ...state, live: { ...state.live, now: message.at } });
    case 'run-ended':
      return runEnded(state, message);
    case 'checks': {
      const { open } = state;
      if (open === null || open.name !== message.series) return only(state);
      const { report, perf, rules } = message;
      const came = { ...state, open: { ...open, checks: { ...open.checks, report, perf, rules } } };
      const next = inWindow(withCursorKept(state, came, 'checks'));
      const { wanted } = open.patch;
      // Its findings stand in the diff.
      const shown = open.checks.report.is === 'there' && wanted !== null;
      return [next, shown ? [{ do: 'load-diff', folder: open.folder, wanted }] : []];
    }
    case 'checking': {
      const { series, what } = message;
      return only({ ...state, checking: what === null ? null : { series, what } });
    }
    case 'run-not-begun':
      return only({ ...state, runStarts: false });
    case 'records-changed':
      return recordsChanged(state);
    case 'said':
      return say(state, message.text, message.tone);
    case 'disk-changed':
      return diskChanged(state, message.name);
  }
}

/** What is known of them stays until it is read again, and the cursor on the series it is on. */
function seriesCame(state: State, series: State['series']): Step {
  if (series.is !== 'there' || state.series.is !== 'there') {
    return only(inWindow({ ...state, series, factsAsked: false }));
  }
  const known = new Map(state.series.value.map((row) => [row.name, row.facts]));
  const value = series.value.map((row) => ({ ...row, facts: row.facts ?? known.get(row.name) ?? null }));
  const next: State = { ...state, series: { is: 'there', value }, factsAsked: false };
  return only(inWindow(withCursorKept(state, next, 'series')));
}

/** Facts are read as soon as somebody looks at the list. */
function missingFacts(state: State): Step {
  if (state.screen !== 'series' || state.factsAsked || state.series.is !== 'there') return [state, []];
  const asked = state.series.value.map(({ name }): Effect => ({ do: 'load-facts', name }));
  return [{ ...state, factsAsked: true }, asked];
}

function diskChanged(state: State, name: string | null): Step {
  if (name === null) return [state, [{ do: 'load-series' }]];
  const { open } = state;
  const effects: Effect[] = [{ do: 'load-facts', name }];
  if (open?.name === name) {
    effects.push({ do: 'load-review', name, folder: open.folder });
    if (open.checks.asked) effects.push({ do: 'load-checks', series: name, folder: open.folder });
    const { wanted } = open.patch;
    if (wanted !== null) effects.push({ do: 'load-diff', folder: open.folder, wanted });
  }
  return [state, effects];
}

function runsCame(state: State, { series, records }: Extract<Message, { type: 'runs' }>): Step {
  const { open, live } = state;
  if (open === null || open.name !== series) return only(state);
  const ids = records.is === 'there' ? records.value.map(({ id }) => id) : [];
  // What went on here is a record now, in the same place.
  const over = live?.ended != null && live.ended.id !== null && ids.includes(live.ended.id);
  const next = { ...state, live: over ? null : live, open: { ...open, runs: { ...open.runs, records } } };
  return only(inWindow(wentToRun(withCursorKept(state, next, 'run'))));
}

function runEnded(state: State, { id, trouble }: Extract<Message, { type: 'run-ended' }>): Step {
  const { live } = state;
  if (live === null) return only(state);
  const { series, verdict } = live;
  const words = verdict === null || trouble !== '' ? trouble : `${verdict.verdict}: ${verdict.why}`;
  const said = { text: `${series}: ${words}`, tone: verdict?.verdict === 'pass' ? 'info' : 'error' } as const;
  return [
    { ...state, live: { ...live, ended: { id, trouble } }, said },
    [
      { do: 'load-runs', series },
      { do: 'load-facts', name: series },
    ],
  ];
}

function recordsChanged(state: State): Step {
  const { open } = state;
  const effects: Effect[] = [];
  if (open?.runs.asked) effects.push({ do: 'load-runs', series: open.name });
  if (open?.matrices.asked) effects.push({ do: 'load-matrices', series: open.name });
  if (open?.checks.asked) effects.push({ do: 'load-checks', series: open.name, folder: open.folder });
  return [{ ...state, factsAsked: false }, effects];
}

function pressed(state: State, key: string): Step {
  if (key === 'ctrl-c') return [state, [{ do: 'quit' }]];
  if (state.prompt !== null) return promptKey(state, key);
  if (state.choice !== null) return choiceKey(state, key);
  const command = commandOf(state.screen, key);
  if (state.help !== null) return helpKey(state, command);
  if (command === null) return say(state, `${key} does nothing here: ? shows the keys`);
  return commanded(state, command);
}

function commanded(state: State, command: Command): Step {
  if (isMove(command)) return only(inWindow(move(state, command)));
  if (command.startsWith('screen-')) return toScreen(state, command.slice('screen-'.length) as ScreenName);
  switch (command) {
    case 'help':
      return only({ ...state, help: AT_START });
    case 'close':
    case 'out':
      return out(state, command);
    case 'next-pane':
    case 'previous-pane':
      return otherPane(state, command === 'next-pane' ? 1 : -1);
    case 'search':
      return only({ ...state, prompt: { asks: 'search', text: '', decision: null } });
    case 'next-match':
    case 'previous-match':
      return found(state, command === 'next-match' ? 1 : -1);
    case 'undo': {
      const last = state.undo.at(-1);
      if (last === undefined) return say(state, 'nothing was changed here that could be undone');
      // Off the list at once: two keys that come together undo two things, and one that cannot be undone is in nobody's way.
      return [{ ...state, undo: state.undo.slice(0, -1) }, [{ do: 'undo', what: last }]];
    }
    case 'reload':
      return reloaded(state);
    case 'suspend':
      return [state, [{ do: 'suspend' }]];
    default: {
      const step = SCREEN_OF[state.screen].act(state, command);
      if (typeof step === 'string') return say(state, step);
      return [inWindow(step[0].open?.patch.goTo === null ? step[0] : rowsCame(step[0])), step[1]];
    }
  }
}

function isMove(command: Command): command is Move {
  return MOVES.has(command);
}

/** The pane that has the keys, with the rows it can show. */
export function focused(state: State): { pane: number; content: PaneContent; rows: number } {
  const { screen, size } = state;
  const pane = state.pane[screen];
  const content = SCREEN_OF[screen].content(state, pane, paneWidth(screen, size, pane, pane));
  return { pane, content, rows: visibleRows(state, content) };
}

export function visibleRows({ size }: State, content: PaneContent): number {
  return paneRows(size) - (showsHead(size, content) ? 1 : 0);
}

/** Titles of columns only where rows are left for what they are of. */
export function showsHead(size: Size, { head }: PaneContent): boolean {
  return head !== null && paneRows(size) > 2;
}

function move(state: State, command: Move): State {
  const { pane, content, rows } = focused(state);
  const screen = SCREEN_OF[state.screen];
  const place = screen.place(state, pane);
  // Where no row is chosen, one more down is one more seen.
  const next = content.cursor
    ? moved(place, command, content.count, rows)
    : scrolled(place.top, command, content.count, rows);
  return screen.withPlace(state, pane, next);
}

function scrolled(top: number, command: Move, count: number, rows: number): { cursor: number; top: number } {
  const most = Math.max(0, count - rows);
  const by = moved({ cursor: Math.min(top, most), top: 0 }, command, most + 1, rows).cursor;
  return { cursor: by, top: by };
}

/** Keeps every place within its list and its window. */
function inWindow(state: State): State {
  const { screen, size } = state;
  let next = state;
  for (const { pane, width } of panesOf(screen, size, state.pane[screen])) {
    const content = SCREEN_OF[screen].content(next, pane, width);
    const place = SCREEN_OF[screen].place(next, pane);
    const rows = visibleRows(next, content);
    const fixed = content.cursor
      ? placed(place, content.count, rows)
      : clamped(place.top, Math.max(0, content.count - rows));
    if (fixed.cursor !== place.cursor || fixed.top !== place.top) {
      next = SCREEN_OF[screen].withPlace(next, pane, fixed);
    }
  }
  return next;
}

/** A list that was read again has its cursor on what it was on, and what stands beside it where it was. */
function withCursorKept(before: State, after: State, screen: ScreenName): State {
  const { content, place, withPlace } = SCREEN_OF[screen];
  const [was, now] = [before, after].map((state) => content(state, 0, state.size.columns));
  const { cursor, top } = place(before, 0);
  const id = was?.id?.(cursor);
  if (now === undefined || id === undefined || now.id?.(cursor) === id) return after;
  for (let row = 0; row < now.count; row++) {
    if (now.id?.(row) !== id) continue;
    const moved = withPlace(after, 0, { cursor: row, top: Math.max(0, top + row - cursor) });
    return PANES[screen].reduce(
      (state, _, pane) => (pane === 0 ? state : withPlace(state, pane, place(before, pane))),
      moved,
    );
  }
  return after;
}

/** Of a pane without a cursor. */
function clamped(top: number, most: number): ListPlace {
  const at = Math.min(top, most);
  return { cursor: at, top: at };
}

function toScreen(state: State, screen: ScreenName): Step {
  if (screen === 'series') return [inWindow({ ...state, screen }), []];
  if (state.open !== null)
    return screen === 'patch' ? toPatch(state, state.open) : only(inWindow({ ...state, screen }));
  // Straight from the list: of the series the cursor is on.
  const step = seriesScreen.act(state, 'in');
  return typeof step === 'string' ? say(state, step) : [{ ...step[0], screen }, step[1]];
}

/** Where no patch was chosen yet: the first of the version the cursor is on. */
function toPatch(state: State, open: OpenSeries): Step {
  const step = open.patch.wanted === null ? versionsScreen.act(state, 'in') : null;
  if (step === null || typeof step === 'string') return only(inWindow({ ...state, screen: 'patch' }));
  return [inWindow(step[0]), step[1]];
}

function out(state: State, command: 'close' | 'out'): Step {
  const { screen } = state;
  const first = screen === 'patch' ? 1 : 0;
  if (command === 'out' && state.pane[screen] !== first) {
    return only({ ...state, pane: { ...state.pane, [screen]: first } });
  }
  if (screen === 'series') {
    return command === 'close' ? closing(state) : say(state, 'q ends respin');
  }
  return only(inWindow({ ...state, screen: screen === 'patch' ? 'versions' : 'series' }));
}

/** Whoever leaves ends the run; that is asked once. */
function closing(state: State): Step {
  const { live } = state;
  const goes = live !== null && live.ended === null;
  if (!goes && !state.runStarts) return [state, [{ do: 'quit' }]];
  const title = goes ? `the run of ${live.series} goes on` : 'a run is being prepared';
  const answers = [{ key: 'x', label: 'cancel it and leave', does: 'quit' } as const];
  return only({ ...state, choice: { title, ids: [], answers } });
}

function reloaded(state: State): Step {
  const { open } = state;
  const effects: Effect[] = [{ do: 'reload' }, { do: 'load-series' }];
  if (open !== null) {
    effects.push(
      { do: 'load-review', name: open.name, folder: open.folder },
      { do: 'load-runs', series: open.name },
      { do: 'load-matrices', series: open.name },
      { do: 'load-checks', series: open.name, folder: open.folder },
    );
    const { wanted } = open.patch;
    if (wanted !== null) effects.push({ do: 'load-diff', folder: open.folder, wanted });
  }
  return [{ ...state, said: { text: 'read again', tone: 'info' } }, effects];
}

function otherPane(state: State, by: 1 | -1): Step {
  const { screen } = state;
  const all = PANES[screen].length;
  if (all === 1) return say(state, 'there is one pane here');
  const pane = (state.pane[screen] + by + all) % all;
  return only(inWindow({ ...state, pane: { ...state.pane, [screen]: pane } }));
}

function found(state: State, by: 1 | -1): Step {
  if (state.search === '') return say(state, 'look for something first: /');
  const { pane, content, rows } = focused(state);
  const screen = SCREEN_OF[state.screen];
  const place = screen.place(state, pane);
  const from = content.cursor ? place.cursor : place.top;
  // As less and vim: capitals matter when one is given.
  const exact = state.search !== state.search.toLowerCase();
  const wanted = exact ? state.search : state.search.toLowerCase();
  for (let step = 1; step <= content.count; step++) {
    const at = (from + by * step + content.count * 2) % content.count;
    const text =
      content.text?.(at) ??
      content
        .line(at)
        .map((one) => one.text)
        .join('');
    if (!(exact ? text : text.toLowerCase()).includes(wanted)) continue;
    const next = content.cursor ? jumped(place, at, content.count, rows) : { cursor: at, top: at };
    const went = inWindow(screen.withPlace(state, pane, next));
    const around = by === 1 ? at <= from : at >= from;
    return around ? say(went, `“${state.search}”: on from the other end`) : only(went);
  }
  return say(state, `“${state.search}” is not in this pane`, 'error');
}

function promptKey(state: State, key: string): Step {
  const { prompt } = state;
  if (prompt === null) return only(state);
  if (key === 'esc') return only({ ...state, prompt: null });
  if (key === 'backspace') {
    const text = [...prompt.text].slice(0, -1).join('');
    return only({ ...state, prompt: { ...prompt, text } });
  }
  if (key === 'ctrl-u') return only({ ...state, prompt: { ...prompt, text: '' } });
  if (key === 'enter') return answered({ ...state, prompt: null }, prompt);
  if (key === 'space') return only(typed(state, ' '));
  // Only what is one character is typed; the name of a key is not.
  return [...key].length === 1 ? only(typed(state, key)) : only(state);
}

function typed(state: State, text: string): State {
  const { prompt } = state;
  if (prompt === null) return state;
  const clean = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
  return { ...state, prompt: { ...prompt, text: prompt.text + clean } };
}

function answered(state: State, prompt: NonNullable<State['prompt']>): Step {
  const { open } = state;
  const text = prompt.text.trim();
  switch (prompt.asks) {
    case 'search':
      return found({ ...state, search: text }, 1);
    case 'person':
      return open === null ? only(state) : filtered(state, open, { ...open.comments.filter, by: text });
    case 'waive': {
      if (open === null || prompt.finding === undefined) return only(state);
      if (text === '') return say({ ...state, prompt }, 'nothing is waived without a reason', 'error');
      const which = { folder: open.folder, series: open.name, id: prompt.finding };
      return [state, [{ do: 'waive', ...which, reason: text }]];
    }
    case 'times': {
      if (open === null || prompt.again === undefined) return only(state);
      const times = parseTimes(text);
      if (times === null) return say({ ...state, prompt }, `a number from 1 to ${MOST_TIMES}`, 'error');
      return startRun(state, open, { ...prompt.again, times });
    }
    case 'why': {
      const { decision } = prompt;
      if (open === null || decision === null) return only(state);
      if (text === '' && decision.state !== 'addressed') {
        return say({ ...state, prompt }, `a comment is not ${decision.state} without a reason`, 'error');
      }
      const { ids, state: to } = decision;
      return [state, [{ do: 'decide', folder: open.folder, series: open.name, ids, state: to, why: text }]];
    }
  }
}

function choiceKey(state: State, key: string): Step {
  const { choice } = state;
  if (choice === null) return only(state);
  const answer = choice.answers.find((one) => one.key === key);
  if (answer === undefined) return only({ ...state, choice: null });
  if (answer.does === 'quit') return [{ ...state, choice: null }, [{ do: 'quit' }]];
  const decision = { ids: choice.ids, state: answer.does };
  return only({ ...state, choice: null, prompt: { asks: 'why', text: '', decision } });
}

function helpKey(state: State, command: Command | null): Step {
  const { help } = state;
  if (help === null || command === null || !isMove(command)) return only({ ...state, help: null });
  const count = bindingsOf(state.screen).length;
  return only({ ...state, help: scrolled(help.top, command, count, paneRows(state.size)) });
}
