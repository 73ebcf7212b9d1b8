// SPDX-License-Identifier: MIT
/** The program that reads the counters inside a machine. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orInterrupted } from '../../system/interruptible.ts';
import type { Agent, ProgramEnd } from '../boot-vm/agent.ts';
import { provideStatic } from '../build-vm/static-program.ts';
import { type Counters, readDump } from './read-dump.ts';

const NAME = 'gcov-dump';
const SIGKILL = 9;

/**
 * Name → the static binary, as images take it.
 * @throws RespinError OWN_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED
 */
export async function provideGcovDump(signal: AbortSignal): Promise<Record<string, string>> {
  const source = path.join(import.meta.dirname, 'guest-files', `${NAME}.c`);
  return { [NAME]: await provideStatic({ name: NAME, sources: [source] }, signal) };
}

/**
 * Reads the counters of a machine and sets them to zero. That they cannot be had is a result: the machine may have died.
 * @param limitMs how long a machine may take
 * @param died resolves when it does, with what happened; its port may stay open
 * @throws RespinError INTERRUPTED
 */
export async function takeCounters(
  machine: Pick<Agent, 'start'>,
  limitMs: number,
  died: Promise<string>,
  signal: AbortSignal,
): Promise<{ counters: Counters } | { lost: string }> {
  const chunks: Buffer[] = [];
  const program = machine.start([`/programs/${NAME}`], {
    mode: 'pipe',
    onOutput: (data) => chunks.push(data),
  });
  const timer = new AbortController();
  const late = sleep(limitMs, null, { signal: timer.signal }).catch(() => null);
  let end: ProgramEnd | string | null;
  try {
    end = await orInterrupted(Promise.race([program.end, died, late]), signal);
  } finally {
    timer.abort();
  }
  if (end === null) {
    program.kill(SIGKILL);
    return { lost: `the machine did not give them within ${Math.round(limitMs / 1000)} s` };
  }
  if (typeof end === 'string') return { lost: end };
  if (end.how === 'lost') return { lost: end.why };
  const output = Buffer.concat(chunks);
  if (end.how === 'signal') return { lost: `${NAME} was ended by signal ${end.signal}` };
  // What it says on stderr comes behind what it wrote.
  if (end.status !== 0)
    return { lost: output.toString('latin1').trimEnd().split('\n').at(-1)?.slice(-200) ?? '' };
  try {
    return { counters: readDump(output) };
  } catch (error) {
    return { lost: `${NAME} wrote something else than counters: ${(error as Error).message}` };
  }
}
