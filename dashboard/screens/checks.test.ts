// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { CheckRecord, Finding } from '../../core/check.ts';
import { findingOf, placeAt, placeIn, reportOf, RULES as SOME } from '../../reports/check-fixture.ts';
import { perfRecord } from '../../reports/perf-fixture.ts';
import { FILE, HUNK } from '../../reports/review-fixture.ts';
import { Desk, diffRows, fileDiff, reviewWith, rowOf } from '../fixture.ts';
import { patchRows } from '../rows/diff-rows.ts';

const RULES = SOME.map((one) => ({ ...one, advice: 'mend it' }));
const SERIES = reviewWith().series;
const FOLDER = `/patches/${SERIES}`;

const ON_LINE = findingOf('f1111111', {
  ...{ severity: 'error', place: placeAt(13, { file: FILE, hunk: HUNK }), text: 'it is not initialised' },
});
const ON_SERIES = findingOf('f2222222', { place: placeIn('series', null), text: 'no cover letter' });

function recordOf(...findings: Finding[]): CheckRecord {
  return {
    ...reportOf(findings),
    ...{ id: '20261126-101500-s-1111', started: '2026-11-26T10:15:00Z', ended: '', respin: '', argv: [] },
  };
}

function atChecks(record: CheckRecord | null, desk = new Desk({ columns: 120, rows: 40 })): Desk {
  desk.opened().press('6');
  return desk.send({
    ...{ type: 'checks', series: SERIES, report: { is: 'there', value: record } },
    ...{ perf: { is: 'there', value: null }, rules: RULES },
  });
}

it('the last check and measurement are read when the series is opened, once', () => {
  const desk = new Desk();
  const wanted = { do: 'load-checks', series: SERIES, folder: FOLDER };
  desk.send({ type: 'series', series: { is: 'there', value: [rowOf(SERIES)] } }).press('enter');
  // The review first.
  expect(desk.asked()).not.toContainEqual(wanted);
  desk.send({ type: 'review', name: SERIES, review: { is: 'there', value: reviewWith() } });
  expect(desk.asked()).toContainEqual(wanted);
  expect(desk.press('6', '3', '2').asked()).not.toContainEqual(wanted);
});

it('a series that was never checked says which key does it', () => {
  const desk = atChecks(null);
  expect(desk.screen).toContain(`${SERIES} was never checked`);
  desk.press('r');
  expect(desk.asked()).toEqual([{ do: 'start-check', series: SERIES, builds: false }]);
  // A key that repeats itself starts one.
  expect(desk.press('r').asked()).toEqual([]);
  desk.send({ type: 'checking', series: SERIES, what: 'checkpatch 3/59 rules' });
  expect(desk.screen).toContain('checking: checkpatch 3/59 rules');
  expect(desk.press('b').footer).toBe(`a check of ${SERIES} goes on: x cancels it`);
  expect(desk.press('x').asked()).toEqual([{ do: 'cancel-check' }]);
  desk.send({ type: 'checking', series: SERIES, what: null });
  expect(desk.press('x').footer).toBe('no check goes on');
});

it('one without a finding says so', () => {
  expect(atChecks(recordOf()).screen).toContain('nothing found');
});

it('the chosen finding is explained beside the list', () => {
  const desk = atChecks(recordOf(ON_SERIES, ON_LINE));
  expect(desk.screen).toMatch(/warning\s+long-line\s+series\s+no cover letter/);
  expect(desk.screen).toContain('finding   f2222222');
  desk.press('j');
  expect(desk.screen).toContain('finding   f1111111, error of long-line');
  expect(desk.screen).toContain('→ break it');
});

it('is waived with a reason, and a waiver is taken back', () => {
  const desk = atChecks(recordOf(ON_LINE)).press('w', 'enter');
  expect(desk.footer).toContain('nothing is waived without a reason');
  desk.type('it is set below').press('enter');
  const which = { do: 'waive', folder: FOLDER, series: SERIES, id: 'f1111111' };
  expect(desk.asked()).toEqual([{ ...which, reason: 'it is set below' }]);
  const waiver = { rule: 'long-line', by: 'Ann', date: '2026-11-26', reason: 'it is set below' };
  const waived = recordOf({ ...ON_LINE, waiver });
  const there = <T>(value: T) => ({ is: 'there', value }) as const;
  desk.send({ type: 'checks', series: SERIES, report: there(waived), perf: there(null), rules: RULES });
  expect(desk.screen).toMatch(/waived\s+long-line/);
  expect(desk.screen).toContain('by Ann, 2026-11-26: it is set below');
  desk.press('w');
  expect(desk.asked()).toEqual([{ ...which, reason: null }]);
});

it('Enter goes to its line, where it stands under the code', () => {
  const desk = atChecks(recordOf(ON_LINE, ON_SERIES)).press('enter');
  const wanted = { series: SERIES, version: 'v2', patch: 1, against: null };
  expect(desk.asked()).toEqual([{ do: 'load-diff', folder: FOLDER, wanted }]);
  const patch = { title: 'v2 1/1', message: ['Use it.'], notes: [], files: [fileDiff()] };
  const rows = patchRows(patch, [], { findings: [ON_LINE], ran: new Map([[`${FILE} 12`, 'never']]) });
  desk.send({ type: 'diff', wanted, rows: { is: 'there', value: rows } });
  const at = (text: string): number => desk.rows.findIndex((row) => row.includes(text));
  expect(at('! error long-line: it is not initialised')).toBe(at('+int c;') + 1);
  expect(desk.screen).toMatch(/\+int b;\s+never ran/);
  // The cursor is on it: w waives it there as well, and the details are its rule's.
  desk.press('w').type('so').press('enter');
  expect(desk.asked()).toMatchObject([{ do: 'waive', id: 'f1111111', reason: 'so' }]);
  desk.press('enter');
  expect(desk.screen).toContain('finding   f1111111');
  desk.press('6', 'j', 'enter');
  expect(desk.footer).toBe('it is about the series as a whole');
});

it('new findings of a check are put into the diff that is shown', () => {
  const desk = new Desk().inPatch();
  const there = <T>(value: T) => ({ is: 'there', value }) as const;
  const message = { type: 'checks', series: SERIES, perf: there(null), rules: RULES } as const;
  // What was asked for together with the diff is in it.
  expect(desk.send({ ...message, report: there(null) }).asked()).toEqual([]);
  expect(desk.send({ ...message, report: there(recordOf(ON_LINE)) }).asked()).toMatchObject([
    { do: 'load-diff' },
  ]);
  expect(diffRows().rows.some((row) => row.kind === 'finding')).toBe(false);
});

it('the measured table and its bars take the whole width', () => {
  const desk = atChecks(null).press('tab', 'tab');
  expect(desk.screen).toContain('nothing was measured yet');
  const record = perfRecord();
  desk.send({
    ...{ type: 'checks', series: SERIES, report: { is: 'there', value: null } },
    ...{ perf: { is: 'there', value: record }, rules: RULES },
  });
  expect(desk.screen).toContain('├');
  expect(desk.screen).toContain('95 % interval');
});
