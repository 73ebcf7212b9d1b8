// SPDX-License-Identifier: MIT
import { describe, expect, it, vi } from 'vitest';
import type { PerfTest } from '../../core/perf.ts';
import { type FakeMachines, type FakeSide, fakeMachines } from './fake-sides.ts';
import type { LoadProgram } from './load-program.ts';
import { transfer } from './transfer.ts';
import { uperf } from './uperf.ts';
import { VSOCK_LOAD } from './vsock-load.ts';
import { vsockPerf } from './vsock-perf.ts';

// What is written below has two rounds to warm up and two that count, however many there really are.
vi.mock('./tests.ts', async (original) => ({
  ...(await original<object>()),
  WARM_UP_ROUNDS: 2,
  MEASURED_ROUNDS: 2,
}));

const BASE = { host: 'base', guest: 'base' } as const;
const TEST: PerfTest = {
  ...{ id: '64KB-g2h-stream', direction: 'g2h', type: 'stream', threads: 1, message: 65_536 },
  ...{ measure: 'throughput', bytes: 1_048_576, ms: null, echoes: null },
};
const CPU = { user: 1, system: 2, irq: 0, softirq: 3, steal: 0, guest: 0, idle: 4 };

interface Options {
  program?: LoadProgram;
  test?: PerfTest;
  limitMs?: number;
  signal?: AbortSignal;
  logs?: Map<string, string>;
  boot?: number;
}

const isSender = (words: readonly string[]): boolean =>
  words.some((word) => ['--side=client', '--sender', 'sh'].includes(word));

async function take(
  sender: (side: FakeSide, machines: FakeMachines) => void,
  receiver: (side: FakeSide, machines: FakeMachines) => void,
  options: Options = {},
): Promise<{ came: Awaited<ReturnType<typeof transfer>>; machines: FakeMachines; open: Set<string> }> {
  const { program = VSOCK_LOAD, test = TEST, limitMs = 20_000, boot = 1, logs = new Map() } = options;
  const machines = fakeMachines({ sender, receiver }, isSender);
  const open = new Set<string>();
  const came = await transfer({
    ...{ machines, program, test, kernels: BASE, set: 0, boot, limitMs },
    firstRoundMs: 5_000,
    port: 5201,
    signal: options.signal ?? new AbortController().signal,
    logs: {
      log: (name) => {
        open.add(name);
        logs.set(name, '');
        return {
          write: (chunk) => {
            if (!open.has(name)) throw new Error(`${name} is closed`);
            logs.set(name, `${logs.get(name)}${chunk}`);
          },
          close: () => open.delete(name),
        };
      },
    },
  });
  // What was killed has ended by now, and the logs with it.
  await new Promise(setImmediate);
  return { came, machines, open };
}

interface OneRound {
  bytes: number;
  ns: number;
  echo?: number[];
}
const line = (side: string, rounds: readonly OneRound[]): string =>
  `${JSON.stringify({ side, rounds: rounds.map((round) => ({ ...round, cpu: CPU })) })}\n`;
const rounds = (ns: readonly number[], bytes = 1_048_576): OneRound[] =>
  ns.map((one) => ({ bytes, ns: one }));
const ends =
  (text: string, status = 0) =>
  (side: FakeSide): void => {
    side.say(text);
    side.end(status);
  };
const listens = (side: FakeSide): void => side.say('listening\n');

/** Sender and receiver that know of each other. */
function pair(then: (receiver: FakeSide, sender: FakeSide, machines: FakeMachines) => void) {
  let there: FakeSide;
  return {
    receiver: (side: FakeSide): void => {
      there = side;
      listens(side);
    },
    sender: (side: FakeSide, machines: FakeMachines): void => then(there, side, machines),
  };
}

describe('vsock-load', () => {
  it('a whole transfer gives a sample: the figure is of the measured rounds of the receiver', async () => {
    const logs = new Map<string, string>();
    const { sender, receiver } = pair((there, here) => {
      here.say(line('client', rounds([9, 9, 9, 9])));
      here.end();
      // A line comes in pieces.
      const text = line('server', rounds([9e6, 8e6, 4_000_000, 4_388_608]));
      there.say(text.slice(0, 40));
      there.say(text.slice(40));
      there.end();
    });
    const { came, machines, open } = await take(sender, receiver, { logs });
    expect(came).toEqual({
      ...{ test: '64KB-g2h-stream', kernels: BASE, set: 0, boot: 1, latency: null },
      gbps: (2 * 1_048_576 * 8) / 8_388_608,
      warmUp: rounds([9e6, 8e6]),
      rounds: rounds([4_000_000, 4_388_608]),
      cpu: {
        host: { ...CPU, user: 2, system: 4, softirq: 6, idle: 8 },
        guest: { ...CPU, user: 2, system: 4, softirq: 6, idle: 8 },
      },
    });
    expect(machines.started.map(({ role, machine }) => `${role} ${machine}`)).toEqual([
      'receiver host',
      'sender guest',
    ]);
    expect(machines.started[1]?.words).toEqual(expect.arrayContaining(['--cid=2', '--bytes=1048576']));
    expect([...logs.keys()]).toEqual(['64KB-g2h-stream-receiver.log', '64KB-g2h-stream-sender.log']);
    expect(logs.get('64KB-g2h-stream-receiver.log')).toMatch(/^listening\n\{.*\}\n$/);
    expect(open.size).toBe(0);
  });

  it('latency is the sender’s, and has no Gb/s', async () => {
    const test: PerfTest = {
      ...TEST,
      ...{ id: '1B-h2g-stream', direction: 'h2g', measure: 'latency', message: 1, bytes: null, echoes: 3 },
    };
    const round = (echo: number[]): OneRound => ({ bytes: 3, ns: 100, echo });
    const { sender, receiver } = pair((there, here) => {
      there.say(line('server', rounds([1, 1, 1, 1], 3)));
      there.end();
      here.say(line('client', [round([9, 9, 9]), round([9, 9, 9]), round([1, 2, 3]), round([4, 5, 600])]));
      here.end();
    });
    const { came, machines } = await take(sender, receiver, { test, boot: 2 });
    expect(came).toMatchObject({
      gbps: null,
      latency: { p50: 3.5, count: 6 },
      rounds: [
        { bytes: 3, ns: 100 },
        { bytes: 3, ns: 100 },
      ],
    });
    expect(machines.started.map(({ machine }) => machine)).toEqual(['guest', 'host']);
    expect(machines.started[1]?.words).toContain('--cid=3');
  });

  it.each([
    ['wrong data', 'connection 3: wrong data in bytes 4096 to 8192'],
    ['cut short', 'connection 3 ended after 4096 of 65536 bytes'],
    ['lost on the way', 'connection 0: 65536 bytes were sent and 4096 arrived'],
    ['another boundary', 'connection 0: a message of 12 bytes, not 64'],
  ])('%s is wrong, and the peer it takes with it is named too', async (_, error) => {
    const { sender, receiver } = pair((there, here) => {
      there.say(`${JSON.stringify({ side: 'server', kind: 'wrong', error })}\n`);
      there.end(1);
      setTimeout(() => {
        here.say(
          '{"side":"client","kind":"failed","error":"connection 1: send after 0 bytes: Broken pipe"}\n',
        );
        here.end(1);
      }, 20);
    });
    const { came } = await take(sender, receiver);
    expect(came).toEqual({
      kind: 'wrong',
      what: `64KB-g2h-stream: the host's side: ${error}; the guest's side: connection 1: send after 0 bytes: Broken pipe`,
      detail: '',
    });
  });

  it('an error that can be the machine’s doing is not wrong data', async () => {
    const { sender, receiver } = pair((there, here) => {
      here.say('{"side":"client","kind":"failed","error":"connect to 2:5201: Connection timed out"}\n');
      here.end(1);
      there.onKill = () => there.die(9);
    });
    const { came, machines } = await take(sender, receiver);
    expect(came).toMatchObject({ kind: 'ended', what: expect.stringContaining('Connection timed out') });
    // The receiver, which waits for ever, does not outlive it.
    expect(machines.ends).toHaveLength(2);
  });

  it('a side that waits too long for a round says which: stuck, and the other one is ended', async () => {
    const { sender, receiver } = pair((there) => {
      there.say('{"side":"server","kind":"late","error":"round 3 had not ended after 800 ms"}\n');
      there.end(1);
    });
    const { came, machines } = await take(sender, receiver);
    expect(came).toEqual({
      kind: 'stuck',
      what: "64KB-g2h-stream: the host's side: round 3 had not ended after 800 ms",
      detail: '',
    });
    expect(machines.started[1]?.words).toContain('--limit=5000');
    expect(machines.ends).toHaveLength(2);
  });

  it.each([
    ['rounds', rounds([1, 1, 1, 1]), rounds([1, 1, 1]), '3 rounds sent, 4 received'],
    ['bytes', rounds([1, 1, 1, 1]), rounds([1, 1, 1, 1], 9), 'round 1: 9 bytes sent, 1048576 received'],
    ['too few', rounds([1, 1]), rounds([1, 1]), '2 rounds'],
  ])('two sides that do not agree are wrong: %s', async (_, got, sent, what) => {
    const { sender, receiver } = pair((there, here) => {
      ends(line('server', got))(there);
      ends(line('client', sent))(here);
    });
    expect((await take(sender, receiver)).came).toMatchObject({
      kind: 'wrong',
      what: `64KB-g2h-stream: ${what}`,
    });
  });

  it.each([
    ['sender', 'guest'],
    ['receiver', 'host'],
  ] as const)('a %s that dies by a signal gives no figure', async (role, machine) => {
    const { sender, receiver } = pair((there, here) => (role === 'sender' ? here : there).die(11));
    const { came, machines } = await take(sender, receiver);
    expect(came).toMatchObject({
      kind: 'ended',
      what: `64KB-g2h-stream: the ${machine}'s side was ended by signal 11 without a result`,
    });
    expect(machines.ends).toHaveLength(2);
  });

  it('nor does one that has its result but ends badly', async () => {
    const { sender, receiver } = pair((there, here) => {
      ends(line('server', rounds([1, 1, 1, 1])))(there);
      ends(line('client', rounds([1, 1, 1, 1])), 3)(here);
    });
    expect((await take(sender, receiver)).came).toMatchObject({
      kind: 'ended',
      what: expect.stringContaining("the guest's side ended with status 3"),
    });
  });

  it.each(['guest', 'host'] as const)('a %s that dies under it is the reason', async (machine) => {
    const { sender, receiver } = pair((_there, _here, machines) => machines.kill(machine));
    expect((await take(sender, receiver)).came).toEqual({
      kind: 'died',
      what: `the ${machine}'s QEMU ended (status 0)`,
      detail: 'Oops',
    });
  });

  it('a machine that dies before the receiver listens is the reason, too', async () => {
    const never = (): void => {
      throw new Error('there is nobody to send to');
    };
    const { came } = await take(never, (_side, machines) => machines.kill('host'));
    expect(came).toMatchObject({ kind: 'died', what: "the host's QEMU ended (status 0)" });
  });

  it('sides that hang are stuck, and are ended', async () => {
    const { sender, receiver } = pair(() => {});
    const { came, machines, open } = await take(sender, receiver, { limitMs: 50 });
    expect(came).toMatchObject({ kind: 'stuck', what: '64KB-g2h-stream: neither side ends in 0 s' });
    expect(machines.ends).toEqual([
      { how: 'signal', signal: 9 },
      { how: 'signal', signal: 9 },
    ]);
    expect(open.size).toBe(0);
  });

  it('a receiver that hangs when the sender is done is stuck', async () => {
    const { sender, receiver } = pair((_, here) => ends(line('client', rounds([1, 1, 1, 1])))(here));
    expect((await take(sender, receiver, { limitMs: 50 })).came).toMatchObject({ kind: 'stuck' });
  });

  it('without a listener there is no sender', async () => {
    const { came, machines } = await take(listens, () => {}, { limitMs: 50 });
    expect(came).toMatchObject({ kind: 'stuck', what: expect.stringContaining('does not listen') });
    expect(machines.started.map(({ role }) => role)).toEqual(['receiver']);
  });

  it('a receiver that exits at once is told with what it said', async () => {
    const { came, machines } = await take(listens, ends('socket: Address family not supported\n', 1));
    expect(came).toEqual({
      kind: 'ended',
      what: "64KB-g2h-stream: the host's side ended with status 1 without a result",
      detail: 'socket: Address family not supported\n',
    });
    expect(machines.started).toHaveLength(1);
  });

  it('one that exits with a result nobody can have sent has none', async () => {
    const { came } = await take(listens, ends(line('server', rounds([1, 1, 1, 1]))));
    expect(came).toMatchObject({ kind: 'ended' });
  });

  it.each([
    ['is cut off', '{"side":"client","rounds":[{"bytes":10485'],
    ['is something else', 'Segmentation fault\n'],
    ['is not an object', '{}\n'],
    ['has a null for a round', '{"rounds":[null,null,null,null]}\n'],
    ['has no time in it', line('client', rounds([1, 1, 1, 0]))],
    ['has a negative count', line('client', rounds([1, 1, 1, 1], -5))],
    ['lacks the ticks', '{"rounds":[{"bytes":1,"ns":1},{"bytes":1,"ns":1},{"bytes":1,"ns":1}]}\n'],
  ])('output that %s is no result', async (_, text) => {
    const { sender, receiver } = pair((there, here) => {
      ends(line('server', rounds([1, 1, 1, 1])))(there);
      ends(text)(here);
    });
    expect((await take(sender, receiver)).came).toEqual({
      kind: 'ended',
      what: "64KB-g2h-stream: the guest's side ended with status 0 without a result",
      detail: text,
    });
  });

  it('an interrupt ends both sides', async () => {
    const interrupt = new AbortController();
    const { sender, receiver } = pair(() => interrupt.abort());
    let there: FakeMachines | undefined;
    const taken = take(
      (side, machines) => {
        there = machines;
        sender(side, machines);
      },
      receiver,
      { signal: interrupt.signal },
    );
    await expect(taken).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(there?.ends).toHaveLength(2);
  });
});

describe('vsock_perf', () => {
  const program = vsockPerf('6.12.117');
  const HEAD = 'Run as receiver\nListen port 5201\nRX buffer 65536 bytes\nvsock buffer 262144 bytes\n';
  const got = (bytes: number, gbps: string): string =>
    `total bytes received: ${bytes}\nrx performance: ${gbps} Gbits/s\ntotal time in 'read()': 0.1 sec\n`;
  const sent = (bytes: number): string =>
    `total bytes sent: ${bytes}\ntx performance: 99.0 Gbits/s\ntotal time in tx loop: 0.1 sec\n`;
  const both = (gbps: readonly string[], bytes = 1_048_576) => {
    let there: FakeSide;
    return {
      receiver: (side: FakeSide): void => {
        there = side;
        side.say(`${HEAD}SO_RCVLOWAT 1 bytes\n`);
      },
      sender: (side: FakeSide): void => {
        ends(sent(1_048_576))(side);
        ends(got(bytes, gbps[side.before] ?? '?'))(there);
      },
    };
  };

  it('is started once for a round, and the figure is the receiver’s', async () => {
    const { sender, receiver } = both(['0.5', '0.6', '1.000000', '2.000000']);
    const { came, machines } = await take(sender, receiver, { program });
    const ns = 1_048_576 * 8;
    expect(came).toMatchObject({
      gbps: (2 * ns) / (ns + ns / 2),
      warmUp: [{ ns: ns / 0.5 }, { ns: ns / 0.6 }],
      rounds: [
        { bytes: 1_048_576, ns },
        { bytes: 1_048_576, ns: ns / 2 },
      ],
      ...{ cpu: null, latency: null },
    });
    expect(machines.started.map(({ role }) => role)).toEqual([
      'receiver',
      'sender',
      'receiver',
      'sender',
      'receiver',
      'sender',
      'receiver',
      'sender',
    ]);
    expect(machines.started[1]?.words.join(' ')).toBe(
      '/programs/vsock_perf --port 5201 --buf-size 65536 --sender 2 --bytes 1048576',
    );
  });

  it('a terminal makes it tell that it listens', async () => {
    let mode: FakeSide['mode'];
    await take(
      ends(''),
      (side) => {
        mode = side.mode;
        side.end(1);
      },
      { program },
    );
    expect(mode).toBe('pty');
  });

  it('a sender that came too early comes again', async () => {
    const { sender, receiver } = both(['', '1.0', '1.0', '1.0', '1.0']);
    const { came, machines } = await take(
      (side) =>
        side.before === 0
          ? ends('Run as sender\nconnect: Connection reset by peer\n', 1)(side)
          : sender(side),
      receiver,
      { program },
    );
    expect(came).toMatchObject({ gbps: 1 });
    expect(machines.started.slice(0, 3).map(({ role }) => role)).toEqual(['receiver', 'sender', 'sender']);
  });

  it('what a socket holds may stay unread at the end, more is lost', async () => {
    const take4 = async (bytes: number) => {
      const { sender, receiver } = both(['1.0', '1.0', '1.0', '1.0'], bytes);
      return (await take(sender, receiver, { program })).came;
    };
    expect(await take4(1_048_576 - 262_144)).toMatchObject({ gbps: expect.closeTo(1, 9) });
    expect(await take4(1_048_576 - 262_145)).toMatchObject({
      kind: 'wrong',
      what: '64KB-g2h-stream: 1048576 bytes were to be sent, 1048576 were, and 786431 arrived',
    });
    expect(await take4(1_048_577)).toMatchObject({ kind: 'wrong' });
  });

  it('of less than half of a small transfer there is no figure', () => {
    const read = (bytes: number) =>
      program.read({ ...TEST, bytes: 131_072 }, { receiver: got(bytes, '1.0'), sender: sent(131_072) });
    expect(read(65_536)).toHaveProperty('rounds');
    expect(read(65_535)).toEqual({
      error: 'vsock_perf stopped reading after 65535 of 131072 bytes: --bytes takes more',
    });
  });

  it('a round that fails leaves no figure of the others', async () => {
    const { sender, receiver } = both(['1.0', '1.0', '1.0', '1.0']);
    const { came } = await take(
      (side) => (side.before === 3 ? ends('write: Connection reset by peer\n', 1)(side) : sender(side)),
      (side) => (side.before === 3 ? ends(`${HEAD}SO_RCVLOWAT`)(side) : receiver(side)),
      { program },
    );
    expect(came).toMatchObject({ kind: 'ended' });
  });

  it.each([
    ['no figure in it', 'total bytes received: 1048576\n'],
    ['a rate that is no number', got(1_048_576, '-nan')],
    ['a rate without digits', got(1_048_576, '0.000000')],
  ])('output with %s is no result', async (_, text) => {
    const { sender, receiver } = both(['1.0']);
    let there: FakeSide | undefined;
    const { came } = await take(
      (side) => {
        ends(sent(1_048_576))(side);
        if (there !== undefined) ends(text)(there);
        else sender(side);
      },
      (side) => {
        there = side;
        receiver(side);
      },
      { program },
    );
    expect(came).toMatchObject({ kind: 'ended' });
  });
});

describe('uperf', () => {
  const program = uperf('1.0.8');
  const output = (ms: number): string => `Starting 1 threads running profile:respin ...   0.00 seconds
timestamp_ms:1000.0000 name:Txn1 nr_bytes:0 nr_ops:1

timestamp_ms:${1000 + ms}.0000 name:Txn2 nr_bytes:1048577 nr_ops:17
Difference(%)      0.81%      0.00%       -0.81%        0.00%       0.00%
`;

  it('its server does not tell when it listens, and is ended when its client has', async () => {
    const { came, machines } = await take(
      (side) =>
        side.before < 2
          ? ends(
              'Error connecting to 2\n\n** VSOCK: Cannot connect to 2:5201 Connection reset by peer\n',
              1,
            )(side)
          : ends(output(8))(side),
      () => {},
      { program },
    );
    expect(came).toMatchObject({ gbps: 1_048_576 / 1e6, cpu: null, rounds: [{ ns: 8e6 }, { ns: 8e6 }] });
    const roles = machines.started.map(({ role }) => role[0]).join('');
    expect(roles).toBe('rsssrsrsrs');
    // A server that was ended has children, which hold its port for a moment more.
    const ports = machines.started.map(({ words }) => /-P (\d+)/.exec(words.join(' '))?.[1]);
    expect(ports.join(' ')).toBe('5201 5201 5201 5201 5202 5202 5203 5203 5204 5204');
    expect(machines.ends.filter((end) => end.how === 'signal')).toEqual(
      Array.from({ length: 4 }, () => ({ how: 'signal', signal: 15 })),
    );
  });

  it('a server that ends before its client is none', async () => {
    const { came } = await take(
      () => {},
      (side) => setTimeout(() => side.end(0), 20),
      { program },
    );
    expect(came).toMatchObject({
      kind: 'ended',
      what: "64KB-g2h-stream: the host's side ended with status 0 without a result",
    });
  });

  it('a server that is never there is told by what the client says', async () => {
    const { came } = await take(
      ends('** VSOCK: Cannot connect to 2:5201 Connection reset by peer\n', 1),
      () => {},
      { program, limitMs: 500 },
    );
    expect(came).toMatchObject({ kind: 'stuck', what: expect.stringContaining('does not listen') });
  });
});
