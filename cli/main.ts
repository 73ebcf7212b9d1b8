// SPDX-License-Identifier: MIT
/**
 * The program's start. Only what `--help` needs loads at once; the rest loads with
 * the command that uses it, and compiled code is kept between starts.
 */
import { enableCompileCache } from 'node:module';
import { cachePath } from '../system/paths.ts';

enableCompileCache(cachePath('compile'));
const { main } = await import('./program.ts');
// Not left to the event loop: a handle some code forgot must not keep a finished program alive.
process.exit(await main(process.argv.slice(2)));
