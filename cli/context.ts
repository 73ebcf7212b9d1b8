// SPDX-License-Identifier: MIT
/** What a command is given, made from the command line and the process. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { safeJson } from '../core/escape.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import type { Parsed } from './arguments.ts';
import type { CommandEntry, Context, Output } from './command.ts';
import { ndjsonPrinter } from './ndjson.ts';
import { type ProgressPrinter, progressPrinter } from './progress.ts';
import type { Signals } from './signals.ts';

export interface OpenContext extends Context {
  readonly progress: ProgressPrinter;
  /** Whether the one document of `--json` is out. */
  readonly jsonPrinted: boolean;
  close(): void;
}

const TICK_MS = 1000;

/** @throws RespinError BAD_OPTION or NO_SUCH_FOLDER (usage) */
export function makeContext(
  entry: CommandEntry,
  argv: string[],
  parsed: Parsed,
  signals: Signals,
): OpenContext {
  const { values, positionals } = parsed;
  const flag = (name: string): boolean => values[name] === true;
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (flag('json') && flag('ndjson')) {
    throw new RespinError({
      code: 'BAD_OPTION',
      blame: 'usage',
      message: '--json and --ndjson cannot both have stdout',
      hint: `respin ${entry.name} --help lists the options`,
    });
  }
  const cwd = workFolder(text('directory'));
  const progress = progressPrinter({
    output: process.stderr,
    quiet: flag('quiet'),
    verbose: flag('verbose'),
    color: mayColor(process.stderr),
    unicode: isUtf8(process.env),
    now: () => performance.now(),
  });
  let jsonPrinted = false;

  const events = flag('ndjson') ? ndjsonPrinter(process.stdout, () => performance.now()) : null;
  const sink = (event: RespinEvent): void => {
    events?.(event);
    progress.handle(event);
  };

  let timer: NodeJS.Timeout | null = null;
  return {
    argv,
    values,
    positionals,
    cwd,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    signal: signals.signal,
    leavingInterrupts: signals.leavingInterrupts,
    quiet: flag('quiet'),
    verbose: flag('verbose'),
    debug: flag('debug'),
    json: flag('json'),
    ndjson: flag('ndjson'),
    color: mayColor(process.stdout),
    unicode: isUtf8(process.env),
    text,
    flag,
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    },
    settings: async (flags = {}) => {
      const { loadSettings } = await import('../system/config.ts');
      return await loadSettings({ cwd, flags });
    },
    follow: async <T>(steps: Steps<T>): Promise<T> => {
      timer ??= setInterval(() => progress.tick(), TICK_MS).unref();
      try {
        return await follow(steps, sink);
      } finally {
        progress.clear();
      }
    },
    show: async (shown) => {
      progress.clear();
      const paged = !flag('no-pager') && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
      if (!paged || !(await isPaged(shown, signals))) process.stdout.write(shown);
    },
    printJson: (value) => {
      jsonPrinted = true;
      process.stdout.write(`${safeJson(value, 2)}\n`);
    },
    warn: (message) => progress.handle({ type: 'note', level: 'warning', text: message }),
    progress,
    get jsonPrinted() {
      return jsonPrinted;
    },
    close: () => {
      if (timer !== null) clearInterval(timer);
      progress.clear();
    },
  };
}

/** Shows a text in the pager, when there is one and the terminal is too small for it. */
async function isPaged(text: string, { signal, leavingInterrupts }: Signals): Promise<boolean> {
  const { fitsScreen, pagerCommand, throughPager } = await import('../system/pager.ts');
  // A terminal that does not know its size says 0.
  const { rows, columns } = process.stdout;
  const command = pagerCommand(process.env);
  if (command === null || fitsScreen(text, { rows: rows || 24, columns: columns || 80 })) return false;
  return await leavingInterrupts(async () => await throughPager(text, command, { env: process.env, signal }));
}

function workFolder(named: string | undefined): string {
  if (named === undefined) return process.cwd();
  const folder = path.resolve(named);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new RespinError({ code: 'NO_SUCH_FOLDER', blame: 'usage', message: `-C: ${folder} is not a folder` });
}

/** https://no-color.org: any value but the empty one turns colour off. */
function mayColor(output: Output): boolean {
  const { NO_COLOR, TERM } = process.env;
  return output.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}
