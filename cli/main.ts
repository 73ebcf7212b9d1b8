// SPDX-License-Identifier: MIT
/**
 * The program's start. What it imports is what `--help` needs; the rest loads with
 * the command that uses it.
 */
import { printableLines } from '../core/escape.ts';
import { main } from './program.ts';

// Node's own exit status for what nobody caught is 1, which would blame the series.
for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(name, (error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `error[INTERNAL]: ${printableLines(what)}\nhint: this is a bug in respin, it says nothing about the series\n`,
    );
    process.exit(3);
  });
}

// Set by bin/respin for this process; what respin starts is not to fill respin's cache.
delete process.env['NODE_COMPILE_CACHE'];

// Not left to the event loop: a handle some code forgot must not keep a finished program alive.
process.exit(await main(process.argv.slice(2)));
