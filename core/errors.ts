// SPDX-License-Identifier: MIT
/** The one error class, and how its codes become exit codes. */

/**
 * Who or what an error is about. It decides the exit code:
 * `series` 1 (the series is at fault), `usage` 2 (wrong words),
 * `machine` 3 (the machine could not tell), `interrupted` 130.
 */
export type Blame = 'series' | 'usage' | 'machine' | 'interrupted';

export type ExitCode = 0 | 1 | 2 | 3 | 130;

const EXIT_OF_BLAME: Record<Blame, ExitCode> = { series: 1, usage: 2, machine: 3, interrupted: 130 };

export interface RespinErrorParts {
  /** SCREAMING_SNAKE name, printed as `error[CODE]`; one for each kind of trouble. */
  code: string;
  blame: Blame;
  /** What happened, one sentence, no full stop needed. */
  message: string;
  /** What to do about it. */
  hint?: string;
  /** More lines to show below the message: a reject, the tail of a log. */
  detail?: string;
  cause?: unknown;
}

/** An error a user can act on. Anything else that is thrown is a bug of respin's. */
export class RespinError extends Error {
  readonly code: string;
  readonly blame: Blame;
  readonly hint: string | undefined;
  readonly detail: string | undefined;

  constructor(parts: RespinErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'RespinError';
    this.code = parts.code;
    this.blame = parts.blame;
    this.hint = parts.hint;
    this.detail = parts.detail;
  }

  get exitCode(): ExitCode {
    return EXIT_OF_BLAME[this.blame];
  }
}

/** The error of a run that a signal or an abort ended. */
export function interrupted(): RespinError {
  return new RespinError({ code: 'INTERRUPTED', blame: 'interrupted', message: 'interrupted' });
}

/**
 * The exit code an error stands for; a bug of respin's own counts as 3, because
 * it says nothing about the series.
 */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof RespinError ? error.exitCode : 3;
}
