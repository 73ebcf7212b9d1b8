// SPDX-License-Identifier: MIT
/** From the command line to an exit code. The only place that turns errors into one. */
import { type ExitCode, exitCodeOf, interrupted } from '../core/errors.ts';
import { safeJson } from '../core/escape.ts';
import { GLOBAL_OPTIONS, readArguments, splitCommandLine, TOP_OPTIONS, unknownCommand } from './arguments.ts';
import type { CommandEntry } from './command.ts';
import { COMMANDS, findCommand } from './commands.ts';
import { makeContext, type OpenContext } from './context.ts';
import { commandHelp, topHelp } from './help.ts';
import { errorJson, errorText } from './print-error.ts';
import { type Signals, watchSignals } from './signals.ts';
import { allOptions, runCommand } from './verb.ts';
import { written } from './written.ts';

/**
 * Runs respin with the words after its name and waits until all it printed has been read;
 * gives the exit code and never throws.
 */
export async function main(argv: string[]): Promise<ExitCode> {
  const signals = watchSignals();
  try {
    const code = await outcome(argv, signals);
    const whole = await written([process.stdout, process.stderr], signals.signal);
    return whole ? code : 130;
  } finally {
    // The first error that an interrupt makes is told while other programs are still ending.
    if (signals.signal.aborted) await (await import('../system/guard.ts')).allEnded();
    signals.stop();
  }
}

async function outcome(argv: string[], signals: Signals): Promise<ExitCode> {
  // Before the options are read an error must know these two.
  const early = {
    debug: argv.includes('--debug'),
    json: argv.includes('--json'),
    ndjson: argv.includes('--ndjson'),
  };
  let context: OpenContext | null = null;
  try {
    const { before, name, after } = splitCommandLine(argv);
    const top = readArguments(before, TOP_OPTIONS, null);
    if (top.values['version'] === true) return await runEntry('version', before, signals);
    if (name === null) {
      const help = top.values['help'] === true;
      (help ? process.stdout : process.stderr).write(topHelp(COMMANDS));
      return help ? 0 : 2;
    }
    const entry = findCommand(name);
    if (entry === undefined)
      throw unknownCommand(
        name,
        COMMANDS.map((known) => known.name),
      );
    const command = await entry.load();
    const options = { ...GLOBAL_OPTIONS, ...allOptions(command) };
    // The words before the command's name hold options alone, so their order is kept.
    const parsed = readArguments([...before, ...after], options, name);
    if (parsed.values['help'] === true) {
      process.stdout.write(commandHelp(entry, command, parsed.positionals[0]));
      return 0;
    }
    context = makeContext(entry, after, parsed, signals);
    const code = await runCommand(name, command, context);
    if (signals.signal.aborted) throw interrupted();
    return code;
  } catch (error) {
    context?.progress.clear();
    const hidden = signals.signal.aborted && signals.readerGone;
    if (!hidden) {
      process.stderr.write(errorText(error, early));
      if (early.json && context?.jsonPrinted !== true) {
        process.stdout.write(`${safeJson({ error: errorJson(error) }, 2)}\n`);
      }
      if (early.ndjson) process.stdout.write(`${safeJson({ type: 'error', error: errorJson(error) })}\n`);
    }
    return signals.signal.aborted ? 130 : exitCodeOf(error);
  } finally {
    context?.close();
  }
}

async function runEntry(name: string, argv: string[], signals: Signals): Promise<ExitCode> {
  const entry = findCommand(name) as CommandEntry;
  const command = await entry.load();
  const parsed = readArguments(argv, { ...TOP_OPTIONS, ...command.options }, null);
  const context = makeContext(entry, argv, parsed, signals);
  try {
    return await runCommand(name, command, context);
  } finally {
    context.close();
  }
}
