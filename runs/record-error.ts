// SPDX-License-Identifier: MIT
/** The error that ended a run, as its record keeps it and as it is thrown again. */
import { RespinError } from '../core/errors.ts';
import type { RunRecord } from '../core/run.ts';

export type RecordError = NonNullable<RunRecord['error']>;

export function errorEntry(error: unknown): RecordError {
  if (error instanceof RespinError) {
    const { code, message, hint, detail } = error;
    return { code, message, hint: hint ?? null, detail: detail ?? null };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'BUG', message, hint: 'this is a fault of respin', detail: stack ?? null };
}

/** To be printed as any other. @param exit the record's exit status, which tells whom it blames */
export function errorOf({ code, message, hint, detail }: RecordError, exit: number): RespinError {
  const blame = exit === 130 ? 'interrupted' : exit === 1 ? 'series' : exit === 2 ? 'usage' : 'machine';
  return new RespinError({
    code,
    blame,
    message,
    ...(hint === null ? {} : { hint }),
    ...(detail === null ? {} : { detail }),
  });
}
