// SPDX-License-Identifier: MIT
import type { RespinEvent, Stage } from '../core/events.ts';

const SHOWN: readonly RespinEvent['type'][] = [
  'suite',
  'case',
  'machine',
  'patch-applied',
  'command',
  'console',
];

/** What is emitted of a run that is one of many: what goes on in it, on the live line of `stage`; its stages are none of theirs. */
export function withinStage(stage: Stage, emit: (event: RespinEvent) => void): (event: RespinEvent) => void {
  return (event) => {
    if (event.type === 'progress') emit({ ...event, stage, what: `${event.stage} ${event.what}` });
    else if (SHOWN.includes(event.type)) emit(event);
  };
}
