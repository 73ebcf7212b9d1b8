// SPDX-License-Identifier: MIT
/**
 * The program's start. What it imports is what `--help` needs; the rest loads with
 * the command that uses it.
 */
import { main } from './program.ts';

// Set by bin/respin for this process; what respin starts is not to fill respin's cache.
delete process.env['NODE_COMPILE_CACHE'];

// Not left to the event loop: a handle some code forgot must not keep a finished program alive.
process.exit(await main(process.argv.slice(2)));
