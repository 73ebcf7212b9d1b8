// SPDX-License-Identifier: MIT
/**
 * vsock_perf of the tree, tools/testing/vsock/vsock_perf.c: one stream, one transfer a process. It compares no
 * bytes, but it counts them.
 */
import type { PerfTest } from '../../core/perf.ts';
import { type LoadProgram, machinesOf, type Reading, type Role, receiverCid } from './load-program.ts';
import { MEASURED_ROUNDS, WARM_UP_ROUNDS } from './tests.ts';

/** @param version the tree's */
export function vsockPerf(version: string | null): LoadProgram {
  return {
    ...{ name: 'vsock_perf', version, starts: WARM_UP_ROUNDS + MEASURED_ROUNDS, output: 'pty' },
    // The last line before it listens, and a sender can be quicker than the two system calls behind it.
    ...{
      listening: 'SO_RCVLOWAT',
      tooEarly: /^connect: (?:Connection re(?:set|fused)|Connection timed out)/m,
    },
    receiverEnds: true,
    sides: (test, { port }) => {
      const { sender, receiver } = machinesOf(test.direction);
      const words = ['/programs/vsock_perf', '--port', `${port}`, '--buf-size', `${test.message}`];
      return {
        sender: {
          machine: sender,
          words: [...words, '--sender', `${receiverCid(test.direction)}`, '--bytes', `${test.bytes}`],
        },
        receiver: { machine: receiver, words },
      };
    },
    read,
  };
}

/**
 * Its receiver stops when it learns that the sender has gone, with what a socket's buffer holds (--vsk-size) still to be
 * read: of what it counts the time is right.
 */
const LEAVES_BYTES = 256 * 1024;

/** The receiver's figure: the sender's counts the time in send() alone. */
function read(test: PerfTest, said: Record<Role, string>): Reading {
  const got = numberIn(/^total bytes received: (\d+)$/m, said.receiver);
  const gbps = numberIn(/^rx performance: ([\d.]+) Gbits\/s$/m, said.receiver);
  const sent = numberIn(/^total bytes sent: (\d+)$/m, said.sender);
  if (got === null || gbps === null) return { silent: 'receiver' };
  if (sent === null) return { silent: 'sender' };
  const unread = sent - got;
  if (sent !== test.bytes || unread < 0 || unread > LEAVES_BYTES) {
    return { wrong: `${test.bytes} bytes were to be sent, ${sent} were, and ${got} arrived` };
  }
  // Of a transfer that fits into the buffer it may be nearly all.
  if (unread > got)
    return { error: `vsock_perf stopped reading after ${got} of ${sent} bytes: --bytes takes more` };
  // Six decimals: a rate as low as that has no digits left.
  if (gbps < 0.0001) return { error: `${gbps} Gb/s is less than vsock_perf can tell` };
  // It prints the rate, not the time.
  return { rounds: [{ bytes: got, ns: (got * 8) / gbps, cpu: null, echo: [] }] };
}

function numberIn(pattern: RegExp, output: string): number | null {
  const text = pattern.exec(output)?.[1];
  return text === undefined ? null : Number(text);
}
