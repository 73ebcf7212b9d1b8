// SPDX-License-Identifier: MIT
/** What is measured: which tests there are, and how much each moves. */
import { sizeName } from '../../core/byte-size.ts';
import type { PerfClock, PerfDirection, PerfProgram, PerfTest, SocketType } from '../../core/perf.ts';

export interface TestChoice {
  directions: readonly PerfDirection[];
  /** Bytes. */
  messages: readonly number[];
  types: readonly SocketType[];
  threads: number;
  measure: PerfTest['measure'];
  clock: PerfClock;
  program: PerfProgram;
  /** A machine of the two is emulated: what hardware does in two seconds takes it minutes. */
  emulated: boolean;
  /** Bytes of a round; null: as much as the clock needs. */
  bytes: number | null;
}

/** Rounds of a test in a boot: the first warms it up. */
export const WARM_UP_ROUNDS = 1;
export const MEASURED_ROUNDS = 4;

/** Messages there and back in a round, by the clock. */
const ECHOES: Record<PerfClock, number> = { instructions: 500, wall: 5_000 };
/** Milliseconds of a round by the wall clock. */
const ROUND_MS = 2_000;
/**
 * Of each connection, on emulated machines: a round is some 0.15 s of the instruction clock, two seconds of the wall. Large messages are twice
 * what a socket's buffer of 256 KB holds, so that the flow control is a part of it; small ones are not: as many bytes of them
 * would take minutes.
 */
const LARGE_BYTES = 512 * 1024;
const SMALL_MESSAGES = 256;
/** Programs that move a number of bytes, also by the wall. */
const COUNTING: readonly PerfProgram[] = ['vsock_perf', 'uperf'];
/** How much more such a program moves by the wall, so that hardware virtualization has to do, too. */
const WALL_TIMES = 32;
/** From here on what a message costs grows with its size. */
const LARGE = 2048;

/** Direction by direction, size by size, as the table has them. */
export function perfTests(choice: TestChoice): PerfTest[] {
  return choice.types.flatMap((type) =>
    choice.directions.flatMap((direction) =>
      choice.messages.map((message): PerfTest => {
        const { threads, measure, program, emulated } = choice;
        // In the time that such a machine is given, its senders fill the buffers with more than it can read in a minute.
        const clock = emulated ? 'instructions' : choice.clock;
        const isCounting = COUNTING.includes(program);
        const times = clock === 'wall' ? WALL_TIMES : 1;
        return {
          id: `${sizeName(message)}-${direction}-${type}`,
          ...{ direction, type, threads, message, measure },
          ...(measure === 'latency'
            ? { bytes: null, ms: null, echoes: ECHOES[clock] }
            : clock === 'wall' && choice.bytes === null && !isCounting
              ? { bytes: null, ms: ROUND_MS, echoes: null }
              : { bytes: choice.bytes ?? times * roundBytes(message, threads), ms: null, echoes: null }),
        };
      }),
    ),
  );
}

/** How much longer a test may take than one that moves what the clock needs. */
export function sizeFactor({ bytes, message, threads }: PerfTest): number {
  return bytes === null ? 1 : Math.max(1, bytes / roundBytes(message, threads));
}

/** Whole messages, as many for each thread. */
function roundBytes(message: number, threads: number): number {
  const each = message >= LARGE ? Math.max(2, Math.round(LARGE_BYTES / message)) : SMALL_MESSAGES;
  // One stream alone has to move as much to take as long.
  const few = Math.max(1, Math.round(16 / threads));
  return each * few * message * threads;
}

/** What a program can measure; why not, or null. */
export function whyNot(
  program: PerfProgram,
  choice: Omit<TestChoice, 'clock' | 'program' | 'emulated'>,
): string | null {
  const { bytes, threads } = choice;
  const odd =
    bytes === null ? undefined : choice.messages.find((message) => bytes % (message * threads) !== 0);
  if (bytes !== null && odd !== undefined) {
    const each = `${threads === 1 ? '' : `each of ${threads} connections `}whole messages of ${sizeName(odd)}`;
    return `--bytes ${sizeName(bytes)} does not give ${each}`;
  }
  if (program === 'vsock-load') return null;
  if (choice.measure === 'latency') return `${program} does not measure latency here; vsock-load does`;
  if (program === 'vsock_perf' && choice.threads !== 1) return 'vsock_perf has one stream: --threads 1';
  if (choice.types.some((type) => type !== 'stream')) return `${program} has stream sockets only`;
  return null;
}
