// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RespinEvent } from '../../core/events.ts';
import type { RunRecord } from '../../core/run.ts';
import { Desk, reviewWith } from '../fixture.ts';
import type { ListedRun } from '../model.ts';

const SERIES = reviewWith().series;
const FIXTURES = path.resolve(import.meta.dirname, '../../test/fixtures/reports');

function recorded(name: 'fail' | 'pass', id: string): ListedRun {
  const record = JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8')) as RunRecord;
  return { id, dir: `/runs/${id}`, state: 'finished', record: { ...record, id }, trouble: null };
}

const PASSED = recorded('pass', '20261126-101500-s-1111');
const FAILED = recorded('fail', '20261126-091500-s-2222');

function atRuns(desk: Desk, ...runs: ListedRun[]): Desk {
  desk.opened().press('5');
  return desk.send({ type: 'runs', series: SERIES, records: { is: 'there', value: runs } });
}

const events = (...all: RespinEvent[]): { event: RespinEvent; at: number }[] =>
  all.map((event) => ({ event, at: 5_000 }));

const CASE: Extract<RespinEvent, { type: 'case' }> = {
  ...{ type: 'case', program: 'vsock_test', direction: 'g2h' },
  case: {
    ...{ id: 0, name: 'reset', status: 'pass', host: 'ok', guest: 'ok', ms: 10, attempts: 1, reason: null },
  },
};

describe('records', () => {
  it('are listed newest first, with the verdict of the chosen one beside', () => {
    const desk = atRuns(new Desk({ columns: 160, rows: 40 }), PASSED, FAILED);
    expect(desk.screen).toMatch(/11-26 10:15\s+pass/);
    expect(desk.screen).toMatch(/11-26 09:15\s+FAIL/);
    expect(desk.screen).toContain('SOCK_STREAM connection reset');
    expect(desk.screen).not.toContain('double bind connect                  FAIL');
    desk.press('j');
    expect(desk.screen).toContain('double bind connect                  FAIL');
  });

  it('none yet says which key makes one', () => {
    expect(atRuns(new Desk()).screen).toContain('nothing was run yet: r runs it');
  });

  it('while they are read nobody says that there are none', () => {
    const desk = new Desk({ columns: 80, rows: 24 }).opened().press('5', 'tab');
    expect(desk.screen).toContain('reading the records …');
    expect(desk.screen).not.toContain('nothing was run yet');
  });

  it('= marks one, and the others are held against it', () => {
    const desk = atRuns(new Desk({ columns: 160, rows: 40 }), PASSED, FAILED).press('=', 'j');
    expect(desk.screen).toMatch(/= 11-26 10:15/);
    expect(desk.screen).toMatch(/pass\s+(?:→|->)?\s*FAIL|before/);
    desk.press('k', '=');
    expect(desk.footer).toBe('no run is marked any more');
  });

  it('their consoles are read when they are looked at, once', () => {
    const desk = atRuns(new Desk(), PASSED).press('tab', 'tab');
    const [load, ...more] = desk.asked();
    expect(load).toEqual({ do: 'load-consoles', series: SERIES, id: PASSED.id, dir: PASSED.dir });
    expect(more).toEqual([]);
    expect(desk.screen).toContain('reading its log …');
    const consoles = { host: ['[    0.0] Linux version'], guest: [] };
    desk.send({ type: 'consoles', series: SERIES, id: PASSED.id, consoles }).press('j');
    expect(desk.asked()).toEqual([]);
    expect(desk.screen).toContain('Linux version');
    expect(desk.screen).toContain('the record has no such console');
  });
});

describe('a case of a result', () => {
  const atResult = (): Desk => atRuns(new Desk({ columns: 160, rows: 40 }), FAILED).press('tab');
  const onLine = (desk: Desk, words: string): Desk => desk.press('/', ...words, 'enter');

  it('is run again where it failed, as often as is said', () => {
    const desk = onLine(atResult(), 'double').press('a');
    expect(desk.footer).toMatch(/^vsock_test “SOCK_STREAM double bind connect” in \w+.*, how often\? 10/);
    desk.press('backspace', 'backspace', '0', 'enter');
    expect(desk.footer).toContain('a number from 1 to 1000');
    desk.press('backspace', '7', 'enter');
    const [start] = desk.asked().filter((one) => one.do === 'start-run');
    expect(start).toMatchObject({
      series: SERIES,
      only: { program: 'vsock_test', name: 'SOCK_STREAM double bind connect', times: 7 },
    });
    const only = start?.do === 'start-run' ? start.only : undefined;
    if (only === undefined) throw new Error('it is of everything');
    desk.send({ type: 'run-began', series: SERIES, at: 1_000, only });
    expect(desk.screen).toContain('only vsock_test “SOCK_STREAM double bind connect” in');
  });

  it('is not run beside another run, nor without one under the cursor', () => {
    const how = 'a runs again what the cursor is on in a result';
    expect(atRuns(new Desk(), FAILED).press('a').footer).toContain(how);
    // The titles of the columns.
    expect(atResult().press('g', 'a').footer).toContain(how);
    const desk = onLine(atResult(), 'double').press('r', 'a');
    expect(desk.footer).toContain('a run is being prepared');
  });

  it('what is asked is seen in a narrow terminal, and what is wrong with it', () => {
    const desk = onLine(atRuns(new Desk({ columns: 66, rows: 24 }), FAILED).press('tab'), 'double');
    expect(desk.press('a').footer).toMatch(/…, how often\? 10/);
    expect(desk.press('x', 'enter').footer).toMatch(/…, how often\? 10x.* {2}a number from 1 to 1000/);
  });

  it('a program that cannot be told which is run whole', () => {
    const record = FAILED.record;
    if (record === null) throw new Error('no record');
    const suites = record.suites.map((suite) => ({ ...suite, program: 'vsock_uring_test' }));
    const uring = { ...FAILED, record: { ...record, suites } };
    const desk = onLine(atRuns(new Desk({ columns: 160, rows: 40 }), uring).press('tab'), 'double');
    expect(desk.press('a').footer).toMatch(/^vsock_uring_test in /);
  });

  it('a run of it is marked in the list', () => {
    const part = { cases: ['vsock_test:3'], times: 20 };
    const record = PASSED.record === null ? null : { ...PASSED.record, part };
    expect(atRuns(new Desk({ columns: 160, rows: 40 }), { ...PASSED, record }).screen).toContain(
      'only vsock_test:3 20x:',
    );
  });
});

describe('a run', () => {
  const started = (size = { columns: 160, rows: 40 }): Desk => {
    // A key that repeats itself starts one.
    const desk = atRuns(new Desk(size), PASSED).press('r', 'r');
    expect(desk.asked()).toEqual([{ do: 'start-run', series: SERIES }]);
    return desk.send({ type: 'run-began', series: SERIES, at: 1_000 });
  };

  it('fills in as it goes on, and its record takes its place', () => {
    const desk = started();
    const boot = { type: 'stage', stage: 'boot', title: 'host and guest' } as const;
    const line = { type: 'console', machine: 'host', line: 'a\x1b[2Jb' } as const;
    desk.send({ type: 'run-events', events: events(boot, CASE, line) });
    expect(desk.screen).toMatch(/running\s+now, 4\.0s/);
    expect(desk.screen).toMatch(/▸ boot\s+host and guest/);
    expect(desk.screen).toMatch(/reset\s+pass/);
    desk.send({ type: 'tick', at: 61_000 });
    expect(desk.screen).toMatch(/running\s+now, 1m00s/);
    expect(desk.press('tab').screen).toContain('a\\x1b[2Jb');
    desk.send({
      type: 'run-events',
      events: events({ type: 'verdict', verdict: 'pass', why: 'all', exit: 0 }),
    });
    desk.asked();
    desk.send({ type: 'run-ended', id: '20261126-111500-s-3333', trouble: '' });
    expect(desk.footer).toBe(`${SERIES}: pass: all`);
    expect(desk.asked().map((one) => one.do)).toEqual(['load-runs', 'load-facts']);
    const mine = recorded('pass', '20261126-111500-s-3333');
    desk.send({ type: 'runs', series: SERIES, records: { is: 'there', value: [mine, PASSED] } });
    expect(desk.state.live).toBeNull();
    desk.press('esc');
    expect(desk.screen).toMatch(/11-26 11:15/);
    expect(desk.screen).not.toContain('now,');
  });

  it('is one at a time, is cancelled with x, and says why it ended', () => {
    const desk = started().press('r');
    expect(desk.footer).toContain(`a run of ${SERIES} goes on`);
    desk.press('x');
    expect(desk.asked()).toEqual([{ do: 'cancel-run' }]);
    expect(desk.screen).toContain('ending');
    // Its record has a verdict all the same; why it has that says more.
    const verdict = { type: 'verdict', verdict: 'unknown', why: 'interrupted', exit: 130 } as const;
    desk.send({ type: 'run-events', events: events(verdict) });
    desk.send({ type: 'run-ended', id: null, trouble: 'interrupted' });
    expect(desk.footer).toBe(`${SERIES}: interrupted`);
    desk.press('x');
    expect(desk.footer).toBe('no run goes on');
  });

  it('is not left without a question, but by ctrl-c', () => {
    const desk = started().press('1', 'q');
    expect(desk.footer).toContain(`the run of ${SERIES} goes on:  x cancel it and leave`);
    desk.press('j');
    expect(desk.asked().filter((one) => one.do === 'quit')).toEqual([]);
    expect(desk.press('q', 'x').asked()).toContainEqual({ do: 'quit' });
    expect(started().press('ctrl-c').asked()).toEqual([{ do: 'quit' }]);
  });

  it('the cursor of a result stays at its end, or where somebody has put it', () => {
    const desk = started({ columns: 160, rows: 12 });
    const more = (from: number): RespinEvent[] =>
      Array.from({ length: 20 }, (_, at) => ({
        ...CASE,
        case: { ...CASE.case, id: from + at, name: `case ${from + at}.` },
      }));
    desk.send({ type: 'run-events', events: events(...more(0)) });
    expect(desk.screen).toContain('case 19.');
    desk.press('g').send({ type: 'run-events', events: events(...more(20)) });
    expect(desk.screen).not.toContain('case 39.');
    expect(desk.state.open?.runs.places[1]?.cursor).toBe(0);
    desk.press('G').send({ type: 'run-events', events: events(...more(40)) });
    expect(desk.screen).toContain('case 59.');
  });

  it('a console that is at its end stays there, one that was scrolled up does not move', () => {
    const desk = started({ columns: 120, rows: 12 }).press('tab');
    const lines = (from: number): RespinEvent[] =>
      Array.from({ length: 30 }, (_, at) => ({
        type: 'console',
        machine: 'host',
        line: `line ${from + at}.`,
      }));
    desk.send({ type: 'run-events', events: events(...lines(0)) });
    expect(desk.screen).toContain('line 29.');
    desk.press('g');
    desk.send({ type: 'run-events', events: events(...lines(30)) });
    expect(desk.screen).toContain('line 0.');
    desk.press('G');
    desk.send({ type: 'run-events', events: events(...lines(60)) });
    expect(desk.screen).toContain('line 89.');
  });

  it('can be cancelled while it is prepared, and what kept it from beginning leaves the key free', () => {
    const desk = atRuns(new Desk(), PASSED).press('r');
    desk.asked();
    expect(desk.press('x').asked()).toEqual([{ do: 'cancel-run' }]);
    desk.press('q', 'q');
    expect(desk.footer).toContain('a run is being prepared:  x cancel it and leave');
    desk.press('j').send({ type: 'run-not-begun' }).press('5');
    desk.asked();
    expect(desk.press('r').asked()).toEqual([{ do: 'start-run', series: SERIES }]);
  });

  it('of another series does not show among the runs of this one', () => {
    const desk = atRuns(new Desk(), PASSED).send({ type: 'run-began', series: 'other', at: 0 });
    expect(desk.screen).not.toContain('running');
    expect(desk.press('r').footer).toContain('a run of other goes on');
  });
});
