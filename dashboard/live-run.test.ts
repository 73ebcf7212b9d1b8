// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { RespinEvent } from '../core/events.ts';
import type { CaseResult, CaseStatus } from '../core/run.ts';
import { afterEvents, newRun } from './live-run.ts';

const at = (events: RespinEvent[], from = 0): { event: RespinEvent; at: number }[] =>
  events.map((event, step) => ({ event, at: from + step }));

function result(id: number, name: string, status: CaseStatus = 'pass'): CaseResult {
  return { ...{ id, name, status, host: 'ok', guest: 'ok', ms: 10, attempts: 1, reason: null } };
}

it('stages begin, say what they do, and end; one may run within another', () => {
  const run = afterEvents(
    newRun('s', 0),
    at([
      { type: 'stage', stage: 'test', title: 'tests' },
      { type: 'stage', stage: 'boot', title: 'host and guest' },
      { type: 'suite', program: 'vsock_test', direction: 'loopback' },
      { type: 'stage-end', stage: 'boot', outcome: 'done', ms: 900, detail: 'up' },
      { type: 'progress', stage: 'test', what: 'objects', done: 3, total: 10, unit: 'of them' },
    ]),
  );
  expect(run.stages).toMatchObject([
    { stage: 'test', state: 'running', detail: 'objects 3/10 of them' },
    { stage: 'boot', state: 'done', ms: 900, detail: 'up' },
  ]);
  expect(run.now).toBe(4);
});

it('a second boot is a stage of its own', () => {
  const boot: RespinEvent[] = [
    { type: 'stage', stage: 'boot', title: 'one' },
    { type: 'stage-end', stage: 'boot', outcome: 'failed', ms: 1, detail: 'its QEMU ended' },
    { type: 'stage', stage: 'boot', title: 'another' },
  ];
  expect(afterEvents(newRun('s', 0), at(boot)).stages.map(({ state }) => state)).toEqual([
    'failed',
    'running',
  ]);
});

it('cases fill in by program and direction; one that is repeated has its newer result', () => {
  const of = (direction: 'g2h' | 'h2g', one: CaseResult): RespinEvent => ({
    ...{ type: 'case', program: 'vsock_test', direction, case: one },
  });
  const before = newRun('s', 0);
  const run = afterEvents(
    before,
    at([
      of('g2h', result(0, 'reset')),
      of('g2h', result(1, 'bounds', 'fail')),
      of('h2g', result(0, 'reset')),
      of('g2h', result(1, 'bounds', 'flaky')),
    ]),
  );
  expect(run.suites.map(({ direction, cases }) => [direction, cases.map(({ status }) => status)])).toEqual([
    ['g2h', ['pass', 'flaky']],
    ['h2g', ['pass']],
  ]);
  expect(before.suites).toEqual([]);
});

it('of a console that talks without an end the last lines are kept', () => {
  let run = newRun('s', 0);
  for (let burst = 0; burst < 20; burst++) {
    const lines = Array.from({ length: 300 }, (_, one): RespinEvent => {
      return { type: 'console', machine: 'host', line: `${burst * 300 + one}` };
    });
    run = afterEvents(run, at(lines));
    expect(run.consoles.host.length).toBeLessThanOrEqual(2500);
  }
  expect(run.consoles.host.at(-1)).toBe('5999');
  expect(run.consoles.host.length).toBeGreaterThanOrEqual(2000);
  expect(run.consoles.guest).toEqual([]);
});

it('what was there before a burst is not changed by it', () => {
  const first = afterEvents(newRun('s', 0), at([{ type: 'note', level: 'info', text: 'one' }]));
  const notes = first.notes;
  afterEvents(first, at([{ type: 'note', level: 'info', text: 'two' }]));
  expect(notes).toEqual(['one']);
});
