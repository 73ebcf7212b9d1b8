// SPDX-License-Identifier: MIT
/** How an error looks on the terminal. */
import { RespinError } from '../core/errors.ts';
import { printable, printableLines } from '../core/escape.ts';

/**
 * `error[CODE]: what happened`, detail lines, `hint: what to do`. What is not a
 * RespinError is a bug of respin's and says so; its stack comes only with `debug`.
 */
export function errorText(error: unknown, options: { debug: boolean }): string {
  const lines: string[] = [];
  if (error instanceof RespinError) {
    // The one who interrupted knows; a code and a hint would say nothing more.
    if (error.blame === 'interrupted') lines.push(printable(error.message));
    else lines.push(`error[${error.code}]: ${printable(error.message)}`);
    if (error.detail !== undefined) {
      for (const line of printableLines(error.detail).trimEnd().split('\n'))
        lines.push(`  ${line}`.trimEnd());
    }
    if (error.hint !== undefined) lines.push(`hint: ${printableLines(error.hint)}`);
  } else {
    lines.push(`error[INTERNAL]: ${printable(error instanceof Error ? error.message : String(error))}`);
    lines.push(
      'hint: this is a bug in respin, it says nothing about the series; --debug prints where it happened',
    );
  }
  if (options.debug) lines.push(...stackLines(error));
  return `${lines.join('\n')}\n`;
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const lines = printableLines(error.stack ?? '').split('\n');
  if (error.cause === undefined) return lines;
  return [
    ...lines,
    'caused by:',
    ...(error.cause instanceof Error ? stackLines(error.cause) : [printable(String(error.cause))]),
  ];
}

/** The same as one JSON object, for `--json` and `--ndjson`. */
export function errorJson(error: unknown): Record<string, unknown> {
  if (!(error instanceof RespinError)) {
    return {
      code: 'INTERNAL',
      message: error instanceof Error ? error.message : String(error),
      hint: null,
      detail: null,
    };
  }
  return { code: error.code, message: error.message, hint: error.hint ?? null, detail: error.detail ?? null };
}
