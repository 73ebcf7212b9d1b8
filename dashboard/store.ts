// SPDX-License-Identifier: MIT
/** Holds the state: a message changes it, whoever watches is told, and what is to be done outside is done. */
import type { State } from './model.ts';
import type { Effect, Message } from './step.ts';
import { update } from './update.ts';

export interface Store {
  state(): State;
  send(message: Message): void;
  subscribe(changed: () => void): () => void;
}

/** @param perform starts an effect; what comes of it is sent as a message */
export function makeStore(
  first: State,
  perform: (effect: Effect, send: (message: Message) => void) => void,
): Store {
  let state = first;
  const watching = new Set<() => void>();
  const send = (message: Message): void => {
    const [next, effects] = update(state, message);
    const changed = next !== state;
    state = next;
    if (changed) for (const tell of watching) tell();
    for (const effect of effects) perform(effect, send);
  };
  return {
    send,
    state: () => state,
    subscribe: (changed) => {
      watching.add(changed);
      return () => watching.delete(changed);
    },
  };
}
