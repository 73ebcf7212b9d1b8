// SPDX-License-Identifier: MIT
/** What a command is, and what it is given. */
import type { ExitCode } from '../core/errors.ts';
import type { Steps } from '../core/events.ts';
import type { Resolved, SettingFlags } from '../system/config.ts';

/** One option, as node:util's parseArgs takes it and as the help prints it. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** What stands for the value in the help: `NAME` in `--tree NAME`. */
  value?: string;
  /** The usage shows it without brackets. */
  required?: boolean;
  description: string;
}

export type OptionTable = Record<string, OptionSpec>;
export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>;

interface AnyCommand {
  /** Of a command with verbs: what each of them takes. */
  options: OptionTable;
  /** Paragraphs and examples below the options in `respin help NAME`. */
  details?: string;
}

export interface PlainCommand extends AnyCommand {
  /** @returns the exit code; errors are thrown, the caller prints them */
  run(context: Context): Promise<ExitCode>;
}

export interface CommandWithVerbs extends AnyCommand {
  /** In the order of the help. */
  verbs: Readonly<Record<string, Verb>>;
}

export type Command = PlainCommand | CommandWithVerbs;

/** `show` of `respin review show`: all there is to say of it, without loading what does it. */
export interface Verb {
  /** As the usage shows them: `ID`; `[RUN]` may be left out; the last may be several, `ID…`. */
  args: readonly string[];
  summary: string;
  /** Besides those of the command and the global ones. */
  options?: OptionTable;
  /** What it does, in two to four lines. */
  details: string;
  /** Command lines, without `respin`. */
  examples: readonly string[];
  load(): Promise<(context: Context, args: string[]) => Promise<ExitCode>>;
}

/** A line of the command table: all that `respin --help` needs, without loading the command. */
export interface CommandEntry {
  name: string;
  summary: string;
  /** One line for each form, without `respin`: `apply [SERIES]`; a command with verbs has theirs. */
  usage?: string[];
  load(): Promise<Command>;
}

/** Where text goes: a stream, or something a test can read. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Context {
  /** What followed the command's name on the command line. */
  argv: string[];
  values: OptionValues;
  positionals: string[];
  /** Absolute; from `-C DIR`. */
  cwd: string;
  stdout: Output;
  stderr: Output;
  stdin: NodeJS.ReadStream;
  /** Fires on SIGINT, SIGTERM, SIGHUP, and when nobody reads stdout any more. */
  signal: AbortSignal;
  /** Runs `work` while a ^C is for the program that has the terminal, such as an editor. */
  leavingInterrupts<T>(work: () => Promise<T>): Promise<T>;
  quiet: boolean;
  verbose: boolean;
  debug: boolean;
  json: boolean;
  ndjson: boolean;
  /** May stdout carry colour. */
  color: boolean;
  /** Whether the terminal shows more than ASCII, by the locale. */
  unicode: boolean;
  /** The value of a string option; undefined when it was not given. */
  text(name: string): string | undefined;
  /** Whether a boolean option was given. */
  flag(name: string): boolean;
  /** The values of an option that may be repeated. */
  list(name: string): string[];
  /** The settings, with what the command line says on top. */
  settings(flags?: SettingFlags): Promise<Resolved>;
  /** Runs a long step to its end while printing its events as the global options ask. */
  follow<T>(steps: Steps<T>): Promise<T>;
  /**
   * Prints the text a command is for: on a terminal that it is too long for, through the pager.
   * Resolves when it has been read.
   */
  show(text: string): Promise<void>;
  /** Prints one JSON document on stdout. */
  printJson(value: unknown): void;
  /** Prints `warning: …` on stderr; not with -q. */
  warn(text: string): void;
}
