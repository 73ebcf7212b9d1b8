// SPDX-License-Identifier: MIT
/** Keys in, lines out: see linear.ts. */
import { emitKeypressEvents, type Key } from 'node:readline';
import { charNames } from './keymap.ts';
import { linearLines } from './linear.ts';
import type { State } from './model.ts';
import type { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

export async function showLinear(
  store: Store,
  { stdin, stdout, ending, onSuspend }: Terminal,
): Promise<void> {
  let told: State | null = null;
  const tell = (): void => {
    const state = store.state();
    for (const line of linearLines(told, state)) stdout.write(`${line}\r\n`);
    told = state;
  };
  const onKey = (text: string | undefined, key: Key): void => {
    for (const name of keypressNames(text, key)) store.send({ type: 'key', key: name });
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKey);
  stdin.resume();
  onSuspend(async (work) => {
    stdin.setRawMode(false);
    try {
      await work();
    } finally {
      stdin.setRawMode(true);
      stdin.resume();
    }
  });
  const forget = store.subscribe(tell);
  tell();
  try {
    await ending;
  } finally {
    forget();
    stdin.off('keypress', onKey);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

const NAMES: Record<string, string> = {
  ...{ up: 'up', down: 'down', left: 'left', right: 'right', pageup: 'pgup', pagedown: 'pgdn' },
  ...{ home: 'home', end: 'end', return: 'enter', enter: 'enter', escape: 'esc', backspace: 'backspace' },
};

function keypressNames(text: string | undefined, { name, ctrl, meta, shift }: Key): string[] {
  if (name === 'tab') return [shift === true ? 'shift-tab' : 'tab'];
  const known = name === undefined ? undefined : NAMES[name];
  if (known !== undefined) return [known];
  if (ctrl === true) return name !== undefined && /^[a-z]$/.test(name) ? [`ctrl-${name}`] : [];
  return meta === true || text === undefined ? [] : charNames(text);
}
