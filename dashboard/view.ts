// SPDX-License-Identifier: MIT
/** The frame as ink components. Node runs no JSX without a build, so elements are made by hand. */
import { Box, Text, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { createElement as h, type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { type DrawnPane, frameOf } from './frame.ts';
import { keyNames } from './keymap.ts';
import type { State } from './model.ts';
import type { Store } from './store.ts';
import type { Suspend } from './terminal.ts';
import { ansi, type Line } from './text.ts';

interface Shown {
  color: boolean;
}

function Row({ line, color }: Shown & { line: Line }): ReactElement {
  return h(Text, { wrap: 'truncate-end' }, ansi(line, color) || ' ');
}

function Pane({ pane, color }: Shown & { pane: DrawnPane }): ReactElement {
  return h(
    Box,
    { flexDirection: 'column', width: pane.width, flexShrink: 0 },
    h(Row, { line: pane.title, color }),
    ...pane.rows.map((line, at) => h(Row, { key: at, line, color })),
  );
}

function Separator({ rows }: { rows: number }): ReactElement {
  return h(Box, { width: 1, flexShrink: 0 }, h(Text, { dimColor: true }, Array(rows).fill('│').join('\n')));
}

export function Screen({ state, color }: Shown & { state: State }): ReactElement {
  const { tabs, panes, footer } = frameOf(state);
  return h(
    Box,
    { flexDirection: 'column', width: state.size.columns, height: state.size.rows },
    h(Row, { line: tabs, color }),
    h(
      Box,
      { flexGrow: 1 },
      ...panes.flatMap((pane, at) => [
        ...(at === 0 ? [] : [h(Separator, { key: `before ${pane.pane}`, rows: pane.rows.length + 1 })]),
        h(Pane, { key: pane.pane, pane, color }),
      ]),
    ),
    h(Row, { line: footer, color }),
  );
}

interface AppOptions {
  store: Store;
  /** Told how the terminal is given to another program. */
  onSuspend?: (how: Suspend) => void;
}

/** All of it: keys and sizes go to the store, its state is drawn. */
export function App({ store, color, onSuspend }: Shown & AppOptions): ReactElement {
  const { suspendTerminal } = useApp();
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { columns, rows } = useWindowSize();
  useEffect(() => {
    store.send({ type: 'resized', size: { columns, rows } });
  }, [store, columns, rows]);
  useEffect(() => {
    onSuspend?.(async (work) => await suspendTerminal(work));
  }, [onSuspend, suspendTerminal]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) store.send({ type: 'key', key: name });
  });
  usePaste((text) => store.send({ type: 'paste', text }));
  return h(Screen, { state, color });
}
