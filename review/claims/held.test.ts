// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { CaseStatus, Direction, RunRecord, SuiteResult } from '../../core/run.ts';
import { perfChange, perfRecord } from '../../test/fixtures/perf-record.ts';
import { holdPerformance, holdTesting, notMeasured, unpatchedPeers, worstOf } from './held.ts';
import { performanceOf } from './performance.ts';
import { testingOf } from './testing.ts';

function suite(program: string, direction: Direction, ...statuses: CaseStatus[]): SuiteResult {
  return {
    ...{ program, direction, logs: { host: '', guest: '' }, skipped: null },
    cases: statuses.map((status, id) => ({
      ...{ id, name: `case ${id}`, status, host: 'ok', guest: 'ok', ms: 1, attempts: 1, reason: null },
    })),
  };
}

function held(said: string, ...suites: SuiteResult[]) {
  return holdTesting(testingOf(said, 0), { suites, error: null } as unknown as RunRecord, []);
}

describe('a claim of testing', () => {
  const BOTH = 'Testing: passed vsock_test h2g and g2h';

  it('holds where the program passed in each direction it names', () => {
    expect(
      held(BOTH, suite('vsock_test', 'g2h', 'pass', 'skip'), suite('vsock_test', 'h2g', 'pass', 'xfail')),
    ).toEqual([{ claim: BOTH, held: 'holds', found: 'vsock_test g2h: 1 passed; vsock_test h2g: 1 passed' }]);
  });

  it('does not hold where one failed, whatever else was seen', () => {
    const [one] = held(BOTH, suite('vsock_test', 'g2h', 'flaky'), suite('vsock_test', 'h2g', 'pass', 'fail'));
    expect(one).toMatchObject({
      held: 'does not hold',
      found: 'vsock_test g2h: 0 passed, 1 flaky; vsock_test h2g: 1 passed, 1 failed: “case 1”',
    });
  });

  it('a failure in a direction it does not name is none of it', () => {
    const said = 'Testing: passed vsock_test g2h';
    expect(held(said, suite('vsock_test', 'g2h', 'pass'), suite('vsock_test', 'h2g', 'fail'))[0]?.held).toBe(
      'holds',
    );
    // Nor is what respin's own probes find.
    expect(held(said, suite('vsock_test', 'g2h', 'pass'), suite('probe-user', 'g2h', 'fail'))[0]?.held).toBe(
      'holds',
    );
  });

  it('could not be told, or was not tried', () => {
    expect(
      held(BOTH, suite('vsock_test', 'g2h', 'pass'), suite('vsock_test', 'h2g', 'unknown'))[0]?.held,
    ).toBe('could not tell');
    expect(held(BOTH, suite('vsock_test', 'g2h', 'pass'))[0]).toMatchObject({
      held: 'not tried',
      found: 'vsock_test g2h: 1 passed; not run: vsock_test h2g',
    });
    expect(held('Testing: ran uperf in both directions', suite('vsock_test', 'g2h', 'pass'))[0]?.held).toBe(
      'not tried',
    );
  });

  it('each program in each direction, and with a case that passed', () => {
    const said = 'Testing: passed vsock_test and vsock_diag_test in g2h, h2g and loopback';
    const ran = (['g2h', 'h2g', 'loopback'] as const).map((way) => suite('vsock_test', way, 'pass'));
    const diag = (['g2h', 'h2g'] as const).map((way) => suite('vsock_diag_test', way, 'pass'));
    const [one] = held(said, ...ran, ...diag);
    expect(one?.held).toBe('not tried');
    expect(one?.found).toMatch(/not run: vsock_diag_test loopback$/);
    expect(
      held('Testing: passed vsock_uring_test g2h', suite('vsock_uring_test', 'g2h', 'skip'))[0]?.held,
    ).toBe('not tried');
  });

  describe('with an unpatched peer', () => {
    const EACH =
      'Testing: passed vsock_test g2h, with host and guest patched, and with each of them unpatched';
    const GUEST = 'Tested: vsock_test g2h against an unpatched guest';
    const run = (
      status: CaseStatus,
      more: Partial<Pick<RunRecord, 'error' | 'verdict' | 'why' | 'suites'>> = {},
    ): RunRecord =>
      ({
        ...{ suites: [suite('vsock_test', 'g2h', status)], error: null, verdict: status, why: '' },
        ...more,
      }) as unknown as RunRecord;
    const heldWith = (said: string, peers: Parameters<typeof holdTesting>[2]) =>
      holdTesting(testingOf(said, 0), run('pass'), peers);

    it('names the machines that are to be run so', () => {
      const peersOf = (...said: string[]) => unpatchedPeers(said.flatMap((one) => testingOf(one, 0)));
      expect(peersOf(EACH)).toEqual(['host', 'guest']);
      expect(peersOf(GUEST)).toEqual(['guest']);
      expect(peersOf(GUEST, 'Tested: vsock_test h2g with an unpatched host')).toEqual(['host', 'guest']);
      expect(peersOf('Testing: vsock_test interop with old kernels')).toEqual(['host', 'guest']);
      expect(peersOf('Testing: passed vsock_test g2h', 'Tested against an unpatched guest')).toEqual([]);
    });

    it('is a claim of its own where both patched are claimed, too', () => {
      const peers = [
        { unpatched: 'host' as const, record: run('pass') },
        { unpatched: 'guest' as const, record: run('fail') },
      ];
      expect(heldWith(EACH, peers)).toEqual([
        { claim: EACH, held: 'holds', found: 'both patched: vsock_test g2h: 1 passed' },
        {
          claim: 'the same with an unpatched host',
          held: 'holds',
          found: 'vsock_test g2h: 1 passed',
        },
        {
          claim: 'the same with an unpatched guest',
          held: 'does not hold',
          found: 'vsock_test g2h: 0 passed, 1 failed: “case 0”',
        },
      ]);
      expect(heldWith(GUEST, peers)).toEqual([
        {
          claim: GUEST,
          held: 'does not hold',
          found: 'unpatched guest: vsock_test g2h: 0 passed, 1 failed: “case 0”',
        },
      ]);
      const either = 'Testing: vsock_test g2h interop with old kernels';
      expect(heldWith(either, peers)).toMatchObject([
        {
          claim: either,
          held: 'does not hold',
          found: expect.stringMatching(/^unpatched host: .*; unpatched guest: /),
        },
      ]);
    });

    it('could not be told where that run came to nothing', () => {
      const error = { code: 'BUILD_FAILED', message: 'no space', hint: null, detail: null };
      expect(
        heldWith(GUEST, [{ unpatched: 'guest', record: run('pass', { error, verdict: 'unknown' }) }]),
      ).toMatchObject([
        { held: 'could not tell', found: expect.stringContaining('unpatched guest: BUILD_FAILED: no space') },
      ]);
    });

    it('does not hold where the kernel failed and no case did', () => {
      const splat = run('pass', { verdict: 'fail', why: 'guest: WARNING at net/core/skbuff.c:200' });
      expect(heldWith(GUEST, [{ unpatched: 'guest', record: splat }])).toMatchObject([
        { held: 'does not hold', found: expect.stringContaining('WARNING at') },
      ]);
      const dead = run('pass', { verdict: 'fail', why: 'the guest does not come up', suites: [] });
      expect(heldWith(EACH, [{ unpatched: 'guest', record: dead }])[1]).toMatchObject({
        ...{ claim: 'the same with an unpatched guest', held: 'does not hold' },
        found: expect.stringContaining('does not come up'),
      });
      const lost = run('pass', { verdict: 'unknown', why: 'no machine was started', suites: [] });
      expect(heldWith(GUEST, [{ unpatched: 'guest', record: lost }])[0]?.held).toBe('could not tell');
    });

    it('of more than one machine in a row is of each', () => {
      const peersOf = (one: string) => unpatchedPeers(testingOf(one, 0));
      for (const both of ['host or guest', 'host and guest', 'host/guest', 'guest and an unpatched host'])
        expect(peersOf(`Tested: vsock_test g2h with an unpatched ${both}`), both).toEqual(['host', 'guest']);
      expect(peersOf('Tested: vsock_test g2h, unpatched guest on a patched host')).toEqual(['guest']);
    });

    it('is no claim that it works where it says what is wrong without the series', () => {
      for (const said of [
        'Tested: vsock_test g2h fails on an unpatched guest and passes on a patched one.',
        'Tested: On an unpatched host vsock_test hangs, with this series it passes.',
        "Tested: vsock_test g2h doesn't end on an unpatched guest",
        'Tested: an unpatched host panicked in vsock_test g2h',
      ]) {
        expect(unpatchedPeers(testingOf(said, 0)), said).toEqual([]);
        const both = said.includes(' patched');
        expect(heldWith(said, []), said).toMatchObject([
          {
            claim: said,
            held: both ? 'holds' : 'not tried',
            found: expect.stringMatching(/both|goes wrong/),
          },
        ]);
      }
    });

    it('is not tried without such a run, and says why', () => {
      expect(heldWith(EACH, '--no-interop')).toEqual([
        { claim: EACH, held: 'holds', found: 'both patched: vsock_test g2h: 1 passed' },
        { claim: 'the same with an unpatched peer', held: 'not tried', found: '--no-interop' },
      ]);
      expect(heldWith(GUEST, '--no-interop')).toEqual([
        { claim: GUEST, held: 'not tried', found: '--no-interop' },
      ]);
    });
  });

  it('that it was not tested is no claim', () => {
    expect(held('Compile tested only.')).toEqual([]);
  });
});

describe('a claim of performance', () => {
  const claims = (...lines: string[]) => performanceOf(lines.join('\n'), 0);

  it('holds, or does not, as measured', () => {
    const record = perfRecord();
    const said = holdPerformance(
      claims(
        'Test: 64KB, g2h',
        'Before: 21.63 Gb/s',
        'After: 25.59 Gb/s (+18%)',
        '',
        'Test: 64KB, h2g',
        'Before: 2.15 Gb/s',
        'After: 3.6 Gb/s (+67%)',
      ),
      record,
    );
    expect(said.map((one) => one.held)).toEqual(['holds', 'does not hold']);
    expect(said[0]?.claim).toBe('64KB g2h +18%');
    expect(said[1]?.found).toMatch(/^smaller: \+3\.0% \(\+2\.5 to \+3\.5 %\)$/);
  });

  it('that nothing changed holds where nothing is measured, whatever the last digit of the values', () => {
    const said = claims('Test: 16B, h2g', 'Before: 15.4 Mb/s', 'After: 15.5 Mb/s (no measurable change)');
    const change = {
      ...perfChange('16B-h2g-stream', 0),
      interval: [-0.6, 0.4] as [number, number],
      real: false,
    };
    expect(notMeasured(said, '--no-perf')).toEqual([
      { claim: '16B h2g no change', held: 'not tried', found: '--no-perf' },
    ]);
    const [one] = holdPerformance(said, perfRecord({ changes: [change] }));
    expect(one).toEqual({
      ...{ claim: '16B h2g no change', held: 'holds' },
      found: 'no measurable change (-0.6 to +0.4 %)',
    });
  });

  it('a loss that is larger than was admitted does not hold', () => {
    const slower = perfRecord({ changes: [perfChange('64KB-g2h-stream', -30)] });
    const said = claims('Test: 64KB, g2h', 'Before: 20.0 Gb/s', 'After: 19.6 Gb/s (-2%)');
    expect(holdPerformance(said, slower)[0]?.held).toBe('does not hold');
    const none = claims('Test: 64KB, g2h', 'Before: 20.0 Gb/s', 'After: 20.0 Gb/s');
    expect(holdPerformance(none, slower)[0]?.held).toBe('does not hold');
    const faster = perfRecord({ changes: [perfChange('64KB-g2h-stream', 30)] });
    const gain = claims('Test: 64KB, g2h', 'Before: 20.0 Gb/s', 'After: 22.0 Gb/s (+10%)');
    expect(holdPerformance(gain, faster)[0]?.held).toBe('holds');
  });

  it('what the record has no test for was not tried', () => {
    const [one] = holdPerformance(claims('Test: 1MB, g2h', 'Before: 1 Gb/s', 'After: 2 Gb/s'), perfRecord());
    expect(one?.held).toBe('not tried');
    expect(one?.found).not.toBe('');
  });
});

it('the worst of all tells', () => {
  expect(worstOf([])).toBe('holds');
  expect(worstOf([{ held: 'holds' }, { held: 'not tried' }])).toBe('not tried');
  expect(worstOf([{ held: 'could not tell' }, { held: 'does not hold' }])).toBe('does not hold');
});
