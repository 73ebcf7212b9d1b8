// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutputEvent, ProgramOutput, parseCaseList, type SideOutput } from './parse-output.ts';

const SERVER = [
  'Control socket listening on 0.0.0.0:1234',
  'Control socket connection accepted...',
  '0 - SOCK_STREAM connection reset...ok',
  '1 - SOCK_STREAM bind only...skipped',
  '10 - SOCK_STREAM poll() + SO_RCVLOWAT...ok',
  '24 - SOCK_STREAM ioctl(SIOCOUTQ) 0 unsent bytes...Test skipped, SIOCOUTQ not supported.',
  'ok',
  'All tests have been executed. Waiting other peer...ok',
  '',
].join('\r\n');

function read(chunks: (Uint8Array | string)[]): { result: SideOutput; events: OutputEvent[] } {
  const output = new ProgramOutput();
  const events = chunks.flatMap((chunk, i) => output.push(chunk, i * 10));
  events.push(...output.end(chunks.length * 10));
  return { result: output.result, events };
}

/** Times differ with the chunks; nothing else may. */
function timeless(result: SideOutput): unknown {
  return { ...result, cases: result.cases.map((one) => ({ ...one, ms: null })) };
}

describe('one side of vsock_test', () => {
  it('reads a whole run', () => {
    const { result } = read([SERVER]);
    expect(timeless(result)).toEqual({
      cases: [
        { id: 0, name: 'SOCK_STREAM connection reset', side: 'ok', ms: null, notes: [] },
        { id: 1, name: 'SOCK_STREAM bind only', side: 'skipped', ms: null, notes: [] },
        { id: 10, name: 'SOCK_STREAM poll() + SO_RCVLOWAT', side: 'ok', ms: null, notes: [] },
        {
          id: 24,
          name: 'SOCK_STREAM ioctl(SIOCOUTQ) 0 unsent bytes',
          side: 'ok',
          ms: null,
          notes: ['Test skipped, SIOCOUTQ not supported.'],
        },
      ],
      finished: true,
      waiting: true,
      listening: '0.0.0.0:1234',
      garbage: [],
      garbageLines: 0,
    });
  });

  it('tells of a case when it begins and takes its time', () => {
    const output = new ProgramOutput();
    expect(output.push('3 - SOCK_STREAM server close...', 1000)).toEqual([
      { type: 'case-start', id: 3, name: 'SOCK_STREAM server close' },
    ]);
    expect(output.running).toEqual({ id: 3, name: 'SOCK_STREAM server close' });
    expect(output.push('o', 1200)).toEqual([]);
    expect(output.push('k\r\n', 1250)).toEqual([
      { type: 'case-end', id: 3, name: 'SOCK_STREAM server close', side: 'ok', ms: 250 },
    ]);
    expect(output.running).toBeNull();
  });

  it('an unfinished line is the failure, what follows its reason', () => {
    const { result } = read(['2 - SOCK_STREAM client close...recv timed out\r\n']);
    expect(result.cases).toEqual([
      { id: 2, name: 'SOCK_STREAM client close', side: 'unfinished', ms: null, notes: ['recv timed out'] },
    ]);
    expect(result.finished).toBe(false);
  });

  it('keeps a reason of several lines, and a case that says nothing', () => {
    const { result } = read(['9 - a...bogus send(2) return value 5\r\nsend: Broken pipe\r\n']);
    expect(result.cases[0]?.notes).toEqual(['bogus send(2) return value 5', 'send: Broken pipe']);
    expect(read(['4 - b...']).result.cases[0]).toMatchObject({ name: 'b', side: 'unfinished', notes: [] });
  });

  it('a probe says that a case failed, and goes on', () => {
    const { result } = read(['0 - a...recv timed out\r\nfailed\r\n1 - b...failed\r\n2 - c...ok\r\n']);
    expect(result.cases.map(({ name, side, notes }) => [name, side, notes])).toEqual([
      ['a', 'failed', ['recv timed out']],
      ['b', 'failed', []],
      ['c', 'ok', []],
    ]);
  });

  it('of a probe that runs its cases several times it tells only in which round one failed', () => {
    const output = new ProgramOutput();
    output.push('0 - good...\nround 2 of 2\nok\n1 - late...\nround 2 of 3\nno luck\nfailed\n', 0);
    output.push('2 - cut...\nround 2 of 4\nround 3 of 4\n', 1);
    output.end(2);
    expect(output.result.cases.map(({ side, notes }) => [side, ...notes])).toEqual([
      ['ok'],
      ['failed', 'no luck', 'in round 2 of 3'],
      ['unfinished', 'in round 3 of 4'],
    ]);
  });

  it('says when the other side was waited for in vain', () => {
    const { result } = read([
      '0 - a...ok\r\nAll tests have been executed. Waiting other peer...recv timed out\r\n',
    ]);
    expect(result).toMatchObject({ waiting: true, finished: false, garbage: ['recv timed out'] });
  });

  it('keeps an error that comes before the first case', () => {
    const { result } = read(['Name or service not known\r\n']);
    expect(result).toMatchObject({ cases: [], garbage: ['Name or service not known'], garbageLines: 1 });
  });

  it('bounds garbage, binary and endless lines', () => {
    const binary = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 256);
    const { result } = read([
      binary,
      'x'.repeat(5_000_000),
      '\n',
      '0 - a...ok\n',
      `1 - b...${'y'.repeat(1_000_000)}`,
    ]);
    expect(result.garbage.length).toBeLessThanOrEqual(50);
    expect(Math.max(...result.garbage.map((line) => line.length))).toBeLessThanOrEqual(401);
    expect(result.cases.map((one) => [one.name, one.side])).toEqual([
      ['a', 'ok'],
      ['b', 'unfinished'],
    ]);
    expect(result.cases[1]?.notes[0]?.length).toBeLessThanOrEqual(401);
  });

  it('a name may hold dots', () => {
    expect(read(['5 - wait... then close...ok\n']).result.cases[0]?.name).toBe('wait... then close');
  });

  it('a note without a line end does not hide the end', () => {
    const { result } = read(['5 - a...notedok\n6 - b...ok\n']);
    expect(result.cases.map((one) => one.side)).toEqual(['ok', 'ok']);
  });

  it('means the same however it is cut', () => {
    const name = fc
      .stringMatching(/^[A-Za-z_]([ -~]{0,20}[A-Za-z)])?$/)
      .filter((one) => !one.includes('...'));
    const side = fc.constantFrom('ok', 'skipped', 'Test says é so.\r\nok');
    const run = fc.array(fc.tuple(name, side), { maxLength: 8 }).chain((cases) =>
      fc.record({
        text: fc.constant(cases.map(([n, s], i) => `${i} - ${n}...${s}\r\n`).join('')),
        end: fc.constantFrom(
          '',
          '99 - last...recv timed out\r\n',
          'All tests have been executed. Waiting other peer...ok\r\n',
        ),
        cuts: fc.array(fc.nat(400), { maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(run, ({ text, end, cuts }) => {
        const bytes = new TextEncoder().encode(`Control socket connected to 10.0.2.2:1234.\r\n${text}${end}`);
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((to, i) => bytes.slice(at[i], to));
        const whole = read([bytes]);
        const parts = read(chunks);
        expect(timeless(parts.result)).toEqual(timeless(whole.result));
        const names = (events: OutputEvent[]) => events.map((event) => ({ ...event, ms: null }));
        expect(names(parts.events)).toEqual(names(whole.events));
      }),
    );
  });

  it('no output brings it down', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(
        '3 - ',
        '...',
        'ok',
        '\r\n',
        '\n',
        '\r',
        'skipped',
        'All tests have been executed. Waiting other peer...',
      ),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (chunks) => void read(chunks)));
  });
});

it('reads --list', () => {
  expect(parseCaseList('ID\tTest name\r\n0\tSOCK_STREAM connection reset\r\n25\tx\ty\r\n')).toEqual([
    { id: 0, name: 'SOCK_STREAM connection reset' },
    { id: 25, name: 'x\ty' },
  ]);
});
