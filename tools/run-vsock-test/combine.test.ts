// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AFTER_LAST,
  BEFORE_FIRST,
  combine,
  isCrash,
  isTimeout,
  type SideEnd,
  WHOLE_PROGRAM,
} from './combine.ts';
import { ProgramOutput } from './parse-output.ts';

const LIST = ['reset', 'bind only', 'client close', 'peek'].map((name, id) => ({ id, name }));
const DONE = 'All tests have been executed. Waiting other peer...ok';

function side(lines: string[], end: Partial<SideEnd> = { exit: 0 }): SideEnd {
  const output = new ProgramOutput();
  output.push(lines.map((line) => `${line}\r\n`).join(''), 0);
  output.end(0);
  return { output: output.result, exit: null, signal: null, cut: null, ...end };
}

const ok = (count: number): string[] => LIST.slice(0, count).map(({ id, name }) => `${id} - ${name}...ok`);
const brief = (host: SideEnd, guest: SideEnd) =>
  combine({ host, guest }, LIST).map((one) => [one.name, one.status, one.host, one.guest, one.reason]);

describe('two sides', () => {
  it('both through: pass', () => {
    const all = side([...ok(4), DONE]);
    expect(brief(all, all).map((one) => one[1])).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('a skip on one side is enough', () => {
    const host = side(['0 - reset...skipped', ...ok(4).slice(1), DONE]);
    expect(brief(host, side([...ok(4), DONE]))[0]).toEqual(['reset', 'skip', 'skipped', 'ok', null]);
  });

  it('the failing side tells the reason; the other only lost its peer; the rest did not run', () => {
    const guest = side([...ok(2), '2 - client close...expected connect(2) failure, got 0'], { exit: 1 });
    const host = side([...ok(2), '2 - client close...unexpected EOF on control socket'], { exit: 1 });
    expect(brief(host, guest).slice(2)).toEqual([
      ['client close', 'fail', 'failed', 'failed', 'guest: expected connect(2) failure, got 0'],
      ['peek', 'not-run', 'not-run', 'not-run', null],
    ]);
  });

  it('a side that is through waits at the next case: that one did not run', () => {
    const guest = side([...ok(2), '2 - client close...recv: Connection reset by peer'], { exit: 1 });
    const host = side([...ok(3), '3 - peek...recv timed out'], { exit: 1 });
    expect(brief(host, guest).slice(2)).toEqual([
      ['client close', 'fail', 'ok', 'failed', 'host: recv timed out (waiting at the next case)'],
      ['peek', 'not-run', 'not-run', 'not-run', null],
    ]);
  });

  it('a probe goes on behind a case that failed, and tells why it did', () => {
    const host = side(
      [...ok(1), '1 - bind only...bind: Invalid argument', 'failed', ...ok(4).slice(2), DONE],
      {
        exit: 1,
      },
    );
    const guest = side(
      [...ok(1), '1 - bind only...the other side has left this case', 'failed', ...ok(4).slice(2), DONE],
      { exit: 1 },
    );
    expect(brief(host, guest)).toEqual([
      ['reset', 'pass', 'ok', 'ok', null],
      ['bind only', 'fail', 'failed', 'failed', 'host: bind: Invalid argument'],
      ['client close', 'pass', 'ok', 'ok', null],
      ['peek', 'pass', 'ok', 'ok', null],
    ]);
    const done = side([...ok(4), DONE]);
    expect(brief(host, done)[1]).toEqual([
      'bind only',
      'fail',
      'failed',
      'ok',
      'host: bind: Invalid argument',
    ]);
    const died = side([...ok(1), '1 - bind only...'], { cut: 'machine-died' });
    expect(
      brief(host, died)
        .slice(1)
        .map((one) => one[1]),
    ).toEqual(['unknown', 'not-run', 'not-run']);
  });

  it('a crash is named first', () => {
    const guest = side([...ok(1), '1 - bind only...'], { signal: 'SIGSEGV' });
    const host = side([...ok(1), '1 - bind only...recv timed out'], { exit: 1 });
    const [, result] = brief(host, guest);
    expect(result?.[4]).toBe('guest: killed by SIGSEGV; host: recv timed out');
    expect(isCrash(String(result?.[4]))).toBe(true);
    expect(isTimeout(String(result?.[4]))).toBe(true);
  });

  it('one side went away between two cases', () => {
    const guest = side(ok(1), { exit: 1 });
    const host = side([...ok(1), '1 - bind only...unexpected EOF on control socket'], { exit: 1 });
    expect(brief(host, guest)[1]).toEqual([
      'bind only',
      'fail',
      'failed',
      'not-run',
      'guest: ended with exit status 1 before this case',
    ]);
  });

  it('neither ended: what was waited for is said', () => {
    const stuck = side([...ok(2), '2 - client close...'], { cut: 'timeout', limitMs: 60_000 });
    const result = combine({ host: stuck, guest: stuck }, LIST)[2];
    expect(result).toMatchObject({ status: 'fail', host: 'unfinished', guest: 'unfinished' });
    expect(result?.reason).toBe('host: no end within 60 s; guest: no end within 60 s');
    expect(isTimeout(result?.reason ?? null)).toBe(true);
  });

  it('the machine died: nobody knows', () => {
    const dead = { cut: 'machine-died' } as const;
    const both = side([...ok(2), '2 - client close...'], dead);
    expect(brief(both, both).slice(2)).toEqual([
      ['client close', 'unknown', 'unfinished', 'unfinished', 'both machines died while this case ran'],
      ['peek', 'not-run', 'not-run', 'not-run', null],
    ]);
    const host = side([...ok(2), '2 - client close...recv timed out'], { exit: 1 });
    expect(brief(host, both)[2]).toEqual([
      'client close',
      'unknown',
      'failed',
      'unfinished',
      'the guest died while this case ran',
    ]);
  });

  it('all cases passed, one side ended badly: that is a failure of the program', () => {
    const host = side([...ok(4), DONE]);
    const guest = side([...ok(4), 'All tests have been executed. Waiting other peer...recv timed out'], {
      exit: 1,
    });
    const results = combine({ host, guest }, LIST);
    expect(results.at(-1)).toMatchObject({
      id: WHOLE_PROGRAM,
      name: AFTER_LAST,
      status: 'fail',
      reason: 'guest: exit status 1: recv timed out',
      host: 'ok',
      guest: 'failed',
    });
  });

  it('nothing ran: why, and every known case is not-run', () => {
    const results = combine(
      {
        host: side(['Control socket listening on 0.0.0.0:1234'], { cut: 'timeout', limitMs: 10_000 }),
        guest: side(['Control socket initialization failed.  Invalid address 10.0.2.2:1234?'], { exit: 1 }),
      },
      LIST,
    );
    expect(results.map((one) => one.status)).toEqual(['fail', 'not-run', 'not-run', 'not-run', 'not-run']);
    expect(results[0]?.name).toBe(BEFORE_FIRST);
    expect(results[0]?.reason).toContain('guest: exit status 1: Control socket initialization failed.');
  });

  it('numbers move, names count', () => {
    const host = side(['0 - reset...ok', '7 - peek...ok', DONE]);
    expect(combine({ host, guest: host }, LIST).map((one) => [one.id, one.name, one.status])).toEqual([
      [0, 'reset', 'pass'],
      [1, 'bind only', 'not-run'],
      [2, 'client close', 'not-run'],
      [7, 'peek', 'pass'],
    ]);
  });

  it('a failing case whose name holds dots is known by the other side', () => {
    const name = 'wait... then close';
    const host = side([`0 - ${name}...ok`, DONE], { exit: 1 });
    const guest = side([`0 - ${name}...recv timed out`], { exit: 1 });
    const results = combine({ host, guest });
    expect(results.map((one) => [one.name, one.status])).toEqual([[name, 'fail']]);
    expect(results[0]?.reason).toBe('guest: recv timed out');
  });

  it('a real pair: a connect that found nobody', () => {
    const folder = path.resolve(import.meta.dirname, '../../test/fixtures/vsock-test');
    const read = (name: string): SideEnd => {
      const output = new ProgramOutput();
      output.push(readFileSync(path.join(folder, name)), 0);
      output.end(0);
      return { output: output.result, exit: 1, signal: null, cut: null };
    };
    const results = combine({
      host: read('server-peer-lost.txt'),
      guest: read('client-connect-timeout.txt'),
    });
    expect(results).toMatchObject([
      {
        id: 0,
        name: 'SOCK_STREAM connection reset',
        status: 'fail',
        host: 'ok',
        guest: 'failed',
        reason: 'guest: unexpected connect(2) errno 110',
      },
      { id: 1, name: 'SOCK_STREAM bind only', status: 'not-run' },
    ]);
    expect(isTimeout(results[0]?.reason ?? null)).toBe(true);
  });

  it('no list: without its last line nobody knows whether all cases ran', () => {
    const results = combine({ host: side(ok(2)), guest: side([...ok(2), DONE]) });
    expect(results.map(({ name, status }) => [name, status])).toEqual([
      ['reset', 'pass'],
      ['bind only', 'pass'],
      [AFTER_LAST, 'fail'],
    ]);
    expect(results[2]?.reason).toMatch(/^host: ended with status 0 and did not say that all tests/);
  });

  it('no list and no output at all', () => {
    const silent = side([]);
    expect(combine({ host: silent, guest: silent })).toMatchObject([
      { id: WHOLE_PROGRAM, status: 'fail', reason: 'both sides ended with status 0 and ran no case' },
    ]);
  });
});

it('a read that took longer than vsock_test allows is a matter of time, however often', () => {
  expect(isTimeout('guest: too much time in read(2), 1998596036 > 250000000 ns')).toBe(true);
  expect(isTimeout('guest: unexpected EAGAIN')).toBe(false);
});
