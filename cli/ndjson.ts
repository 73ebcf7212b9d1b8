// SPDX-License-Identifier: MIT
/** `--ndjson`: the events as they come, one JSON object a line. */
import { safeJson } from '../core/escape.ts';
import type { RespinEvent } from '../core/events.ts';
import type { Output } from './command.ts';

/** Gives a sink that writes each event with `at`, the milliseconds since the sink was made. */
export function ndjsonPrinter(output: Output, now: () => number): (event: RespinEvent) => void {
  const started = now();
  return (event) => {
    output.write(`${safeJson({ at: Math.round(now() - started), ...event })}\n`);
  };
}
