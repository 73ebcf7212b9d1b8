// SPDX-License-Identifier: MIT
/**
 * uperf, where the user has it: its profile, and what its client prints with -R. Words and output are those of
 * uperf 1.0.8: https://uperf.org/manual.html, and print.c, master.c and parse.c of github.com/uperf/uperf.
 */
import type { PerfTest } from '../../core/perf.ts';
import { type LoadProgram, machinesOf, type Reading, type Role, receiverCid } from './load-program.ts';
import { MEASURED_ROUNDS, WARM_UP_ROUNDS } from './tests.ts';

/** @param version what `uperf -V` says */
export function uperf(version: string | null): LoadProgram {
  return {
    ...{ name: 'uperf', version, starts: WARM_UP_ROUNDS + MEASURED_ROUNDS, output: 'pipe' },
    ...{ listening: null, tooEarly: /Cannot connect to \S+ Connection/, receiverEnds: false },
    sides: (test, { port }) => {
      const { sender, receiver } = machinesOf(test.direction);
      // The control connection goes over vsock as well: the guest has no other way to the host's network.
      const words = ['/programs/uperf', '-S', 'vsock', '-P', `${port}`];
      // The client sees the end of a transaction when it looks, once an interval.
      const client = [...words, '-R', '-i', '1ms', '-m', PROFILE];
      // echo: its parser takes a tag only with something behind it, the last one as well.
      const script = `echo "$0" >${PROFILE} && exec ${client.join(' ')}`;
      return {
        sender: { machine: sender, words: ['/bin/busybox', 'sh', '-c', script, uperfProfile(test)] },
        receiver: { machine: receiver, words: [...words, '-s'] },
      };
    },
    read,
  };
}

const PROFILE = '/tmp/uperf.xml';
/** Bytes of the receiver's answer at the end of what a thread sends. */
const ANSWER = 1;

/**
 * Three transactions: connect, send, disconnect. A duration would end with a whole second of the clock, and cut off
 * what is on its way: so a count of messages, and an answer when all have arrived. uperf is no XML parser: what stands between two
 * tags must be a space or a line end, and a word of an agent's command line has no line end.
 */
export function uperfProfile(test: PerfTest): string {
  const send = `<flowop type="write" options="count=${messages(test)} size=${test.message}"/>`;
  const answer = `<flowop type="read" options="size=${ANSWER}"/>`;
  const transaction = (flowops: string): string => `<transaction iterations="1"> ${flowops} </transaction>`;
  return [
    ...['<?xml version="1.0"?>', '<profile name="respin">', `<group nthreads="${test.threads}">`],
    transaction(
      `<flowop type="connect" options="remotehost=${receiverCid(test.direction)} protocol=vsock"/>`,
    ),
    transaction(`${send} ${answer}`),
    transaction('<flowop type="disconnect"/>'),
    ...['</group>', '</profile>'],
  ].join(' ');
}

/** Of each thread. */
function messages({ bytes, message, threads }: PerfTest): number {
  return Math.max(1, Math.round((bytes ?? 0) / message / threads));
}

/** The client's figure, from the end of its connecting until it has the answer to its last byte. */
function read(test: PerfTest, said: Record<Role, string>): Reading {
  const { sender: output } = said;
  const errors = [
    ...output.matchAll(/^\*\* (?!Warning)(.*)$|^(WARNING: \d+ Errors .*)$|^\*+ (Slave aborted).*$/gm),
  ]
    .flatMap((found) => found.slice(1))
    .filter((one) => one !== undefined);
  if (errors.length > 0) return { error: errors.join('; ') };
  const [began, ended] = [lastOf('Txn1', output), lastOf('Txn2', output)];
  const apart = /^Difference\(%\) +\S+ +(-?[\d.]+)% +\S+ +\S+ +(-?[\d.]+)%$/m.exec(output);
  if (began === null || ended === null || apart === null) return { silent: 'sender' };
  const bytes = messages(test) * test.message * test.threads;
  const moved = bytes + ANSWER * test.threads;
  if (ended.bytes !== moved) return { wrong: `${ended.bytes} bytes were moved, not ${moved}` };
  if (Number(apart[1]) !== 0) return { wrong: `what was received is ${apart[1]} % apart from what was sent` };
  if (Number(apart[2]) !== 0) return { error: `${apart[2]} % of its operations failed` };
  return { rounds: [{ bytes, ns: Math.round((ended.ms - began.ms) * 1e6), cpu: null, echo: [] }] };
}

/** The last `timestamp_ms:N name:Txn2 nr_bytes:N nr_ops:N` of a transaction. */
function lastOf(name: string, output: string): { ms: number; bytes: number } | null {
  const line = new RegExp(`^timestamp_ms:([\\d.]+) name:${name} nr_bytes:(\\d+) nr_ops:\\d+$`, 'gm');
  const [, ms, bytes] = [...output.matchAll(line)].at(-1) ?? [];
  return ms === undefined ? null : { ms: Number(ms), bytes: Number(bytes) };
}
