// SPDX-License-Identifier: MIT
/** A state → what stands on the screen, row by row. */
import { displayWidth, truncate } from '../core/table.ts';
import { bindingsOf, shownKey } from './keymap.ts';
import { paneRows, panesOf } from './layout.ts';
import { SCREENS, type State } from './model.ts';
import { fitted, type Line, line, span, styled } from './text.ts';
import { SCREEN_OF, showsHead, visibleRows } from './update.ts';
import { againWords } from './words.ts';

/** A pane as it is drawn: a title and below it exactly the rows there are. */
export interface DrawnPane {
  pane: number;
  width: number;
  focused: boolean;
  title: Line;
  rows: readonly Line[];
}

export interface Frame {
  tabs: Line;
  panes: readonly DrawnPane[];
  footer: Line;
}

const SEPARATOR: Line = [span('│', { dim: true })];

export function frameOf(state: State): Frame {
  const { size, screen } = state;
  const panes = state.help === null ? drawnPanes(state) : [helpPane(state, state.help.top)];
  return { tabs: tabsLine(state), panes, footer: fitted(footerLine(state), size.columns) };
  function drawnPanes(of: State): DrawnPane[] {
    const focus = of.pane[screen];
    return panesOf(screen, size, focus).map(({ pane, width }) => drawn(of, pane, width, pane === focus));
  }
}

/** The frame as whole rows of the terminal: what is printed, and what a picture is made of. */
export function frameRows(frame: Frame): Line[] {
  const [first] = frame.panes;
  const rows = (first?.rows ?? []).map((_, at) => joined(frame.panes, (pane) => pane.rows[at] ?? []));
  return [frame.tabs, joined(frame.panes, (pane) => pane.title), ...rows, frame.footer];
}

function joined(panes: readonly DrawnPane[], part: (pane: DrawnPane) => Line): Line {
  return panes.flatMap((pane, at) => [...(at === 0 ? [] : SEPARATOR), ...part(pane)]);
}

function tabsLine({ screen, open, size }: State): Line {
  const tabs = SCREENS.flatMap((name, at) => {
    const text = ` ${at + 1} ${name} `;
    return name === screen ? [span(text, { inverse: true, bold: true })] : [span(text)];
  });
  return fitted(
    [span('respin ', { bold: true }), ...tabs, span(open === null ? '' : `  ${open.name}`)],
    size.columns,
  );
}

function drawn(state: State, pane: number, width: number, focused: boolean): DrawnPane {
  const screen = SCREEN_OF[state.screen];
  const content = screen.content(state, pane, width);
  const { cursor, top } = screen.place(state, pane);
  const rows: Line[] = showsHead(state.size, content) ? [fitted(content.head ?? [], width)] : [];
  const room = visibleRows(state, content);
  for (let at = top; at < top + room; at++) {
    if (at >= content.count) {
      const text = content.count === 0 ? content.empty[at] : undefined;
      rows.push(fitted(text === undefined ? [] : line(text, { dim: true }), width));
      continue;
    }
    const shown = fitted(content.line(at), width);
    rows.push(content.cursor && at === cursor ? chosen(shown, focused) : shown);
  }
  const where = content.count > room ? `  ${Math.min(cursor, content.count - 1) + 1}/${content.count}` : '';
  const style = focused ? { bold: true, color: 'cyan' as const } : { dim: true };
  const mark = focused ? '▶ ' : '  ';
  return { pane, width, focused, title: fitted(line(`${mark}${content.title}${where}`, style), width), rows };
}

/** The row with the cursor: also where there is no colour. */
function chosen(row: Line, focused: boolean): Line {
  return focused ? styled(row, { inverse: true }) : styled(row, { bold: true });
}

function helpPane(state: State, top: number): DrawnPane {
  const { columns } = state.size;
  const all = bindingsOf(state.screen);
  const keys = all.map((one) => one.keys.map(shownKey).join(', '));
  const wide = Math.max(...keys.map((one) => one.length));
  const rows = Array.from({ length: paneRows(state.size) }, (_, row): Line => {
    const one = all[top + row];
    if (one === undefined) return fitted([], columns);
    return fitted(
      [span(`  ${(keys[top + row] ?? '').padEnd(wide)}  `, { bold: true }), span(one.label)],
      columns,
    );
  });
  const title = fitted(line(`▶ keys of the screen ${state.screen}`, { bold: true, color: 'cyan' }), columns);
  return { pane: 0, width: columns, focused: true, title, rows };
}

const ASKS = {
  search: '/',
  why: 'why? ',
  person: 'only what this person said: ',
  waive: 'waive it, why? ',
  times: 'how often? ',
} as const;

/** What is asked or was answered, else the keys that matter most. */
export function footerLine({ prompt, choice, said, help, screen, size }: State): Line {
  if (prompt !== null) {
    const trouble = said === null ? '' : `  ${said.text}`;
    const asks = ASKS[prompt.asks];
    const about = prompt.decision?.state ?? (prompt.again === undefined ? null : againWords(prompt.again));
    // What is typed, and what is wrong with it, are to be seen in any case.
    const room = size.columns - displayWidth(asks + prompt.text + trouble) - 3;
    const what = about === null ? '' : `${truncate(about, room)}, `;
    return [
      span(`${what}${asks}`, { bold: true }),
      span(prompt.text),
      span(' ', { inverse: true }),
      ...(trouble === '' ? [] : [span(trouble, { color: 'red' })]),
    ];
  }
  if (choice !== null) {
    const answers = choice.answers.flatMap(({ key, label }) => [
      span(`  ${key}`, { bold: true }),
      span(` ${label}`),
    ]);
    return [
      span(`${choice.title}:`, { bold: true }),
      ...answers,
      span('  any other key: not at all', { dim: true }),
    ];
  }
  if (said !== null)
    return line(said.text, said.tone === 'error' ? { color: 'red', bold: true } : { bold: true });
  if (help !== null) return line('j, k and the like scroll; any other key closes', { dim: true });
  return bindingsOf(screen)
    .filter(({ footer }) => footer === true)
    .flatMap(({ keys, label }) => [
      span(`${shownKey(keys[0] ?? '')} `, { bold: true }),
      span(`${label.split(/[;,]/)[0]}   `, { dim: true }),
    ]);
}
