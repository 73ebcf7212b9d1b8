// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PerfTest } from '../../core/perf.ts';
import { uperf, uperfProfile } from './uperf.ts';

const TEST: PerfTest = {
  ...{ id: '64KB-h2g-stream', direction: 'h2g', type: 'stream', threads: 4, message: 65_536 },
  ...{ measure: 'throughput', bytes: 4 * 200 * 65_536, ms: null, echoes: null },
};

/** What uperf 1.0.8 printed for such a profile, over TCP; most of its intervals left out. */
const OUTPUT = `Starting 4 threads running profile:respin ...   0.00 seconds
timestamp_ms:1795663564326.5381 name:Txn1 nr_bytes:0 nr_ops:0
timestamp_ms:1795663564327.6321 name:Txn1 nr_bytes:0 nr_ops:4

timestamp_ms:1795663564327.6733 name:Txn2 nr_bytes:0 nr_ops:0
timestamp_ms:1795663564385.5422 name:Txn2 nr_bytes:26214401 nr_ops:401
timestamp_ms:1795663564386.6343 name:Txn2 nr_bytes:52428804 nr_ops:804

timestamp_ms:1795663564387.0679 name:Txn3 nr_bytes:0 nr_ops:6

-------------------------------------------------------------------------------
timestamp_ms:1795663564387.7922 name:Total nr_bytes:52428804 nr_ops:814

Run Statistics
Hostname            Time       Data   Throughput   Operations      Errors
-------------------------------------------------------------------------------
127.0.0.1        61.89ms    50.00MB     6.78Gb/s          816        0.00
master           62.39ms    50.00MB     6.72Gb/s          816        0.00
-------------------------------------------------------------------------------
Difference(%)      0.81%      0.00%       -0.81%        0.00%       0.00%

`;
const read = (sender: string) => uperf('1.0.8').read(TEST, { sender, receiver: '' });

it('writes the profile on one line: a group, a connection each, messages, an answer', () => {
  expect(uperfProfile(TEST)).toBe(
    '<?xml version="1.0"?> <profile name="respin"> <group nthreads="4">' +
      ' <transaction iterations="1"> <flowop type="connect" options="remotehost=3 protocol=vsock"/> </transaction>' +
      ' <transaction iterations="1"> <flowop type="write" options="count=200 size=65536"/>' +
      ' <flowop type="read" options="size=1"/> </transaction>' +
      ' <transaction iterations="1"> <flowop type="disconnect"/> </transaction> </group> </profile>',
  );
});

it('has the control connection on vsock, too', () => {
  const { sender, receiver } = uperf(null).sides(TEST, { firstRoundMs: null, port: 5201 });
  expect(receiver).toEqual({
    machine: 'guest',
    words: ['/programs/uperf', '-S', 'vsock', '-P', '5201', '-s'],
  });
  expect(sender.machine).toBe('host');
  expect(sender.words.slice(0, 3)).toEqual(['/bin/busybox', 'sh', '-c']);
  expect(sender.words[3]).toContain('exec /programs/uperf -S vsock -P 5201 -R -i 1ms -m /tmp/uperf.xml');
  expect(sender.words[4]).toBe(uperfProfile(TEST));
  // With a line end: `Unknown symbol: </profile` is what uperf 1.0.8 says of a last tag with nothing behind it.
  expect(sender.words[3]).toMatch(/^echo "\$0" >\/tmp\/uperf\.xml && /);
  expect(sender.words.join(' ')).not.toContain('\n');
});

it('reads the client’s bytes and time, from its last connect to its last answer', () => {
  expect(read(OUTPUT)).toEqual({
    rounds: [{ bytes: 52_428_800, ns: expect.closeTo(59_002_200, -4), cpu: null, echo: [] }],
  });
});

it.each([
  [
    'fewer bytes',
    OUTPUT.replaceAll('52428804', '52428800'),
    { wrong: '52428800 bytes were moved, not 52428804' },
  ],
  [
    'a server that got less',
    OUTPUT.replace('0.00%       -0.81%', '1.27%       -0.81%'),
    { wrong: 'what was received is 1.27 % apart from what was sent' },
  ],
  ['failed operations', OUTPUT.replace('0.00%\n', '0.50%\n'), { error: '0.50 % of its operations failed' }],
  [
    'an error',
    `${OUTPUT}** [3] Error for flowop read Connection reset by peer\n\nWARNING: 2 Errors detected during run\n`,
    { error: '[3] Error for flowop read Connection reset by peer; WARNING: 2 Errors detected during run' },
  ],
  [
    'a server that gave up',
    OUTPUT.replace('\n\n---', '\n*** Slave aborted! ***\n\n---'),
    { error: 'Slave aborted' },
  ],
  ['no statistics', OUTPUT.slice(0, OUTPUT.indexOf('Difference')), { silent: 'sender' }],
  ['no transfer', OUTPUT.replaceAll('Txn2', 'Txn9'), { silent: 'sender' }],
  [
    'a server that cannot be told',
    OUTPUT.replace('0.00%       -0.81%', '-nan%      -nan%'),
    { silent: 'sender' },
  ],
  ['nothing', '', { silent: 'sender' }],
])('%s is no figure', (_, output, expected) => {
  expect(read(output)).toEqual(expected);
});

it('a warning is none of that', () => {
  expect(read(`** Warning: non-blocking failed, falling back Success\n${OUTPUT}`)).toHaveProperty('rounds');
});
