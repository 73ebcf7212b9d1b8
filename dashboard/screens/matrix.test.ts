// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { MatrixRecord } from '../../core/matrix.ts';
import { cell, column, matrixRecord } from '../../reports/matrix-fixture.ts';
import { Desk, reviewWith } from '../fixture.ts';

const SERIES = reviewWith().series;

function recordOf(more: Partial<MatrixRecord> = {}): MatrixRecord {
  return matrixRecord({ series: { name: SERIES, title: 'demo: do it' }, ...more });
}

function atMatrix(records: readonly MatrixRecord[], desk = new Desk({ columns: 140, rows: 20 })): Desk {
  desk.opened().press('7');
  return desk.send({ type: 'matrices', series: SERIES, records: { is: 'there', value: records } });
}

it('is read when it is looked at, and says how to make one', () => {
  const desk = new Desk().opened();
  const wanted = { do: 'load-matrices', series: SERIES };
  expect(desk.asked()).not.toContainEqual(wanted);
  expect(desk.press('7').asked()).toContainEqual(wanted);
  expect(desk.press('2', '7').asked()).not.toContainEqual(wanted);
  desk.send({ type: 'matrices', series: SERIES, records: { is: 'there', value: [] } });
  expect(desk.screen).toContain('there is no matrix yet');
  expect(desk.screen).toContain(`respin matrix ${SERIES}`);
});

it('has a line for each run, and what failed in it beside that', () => {
  const desk = atMatrix([recordOf()]);
  expect(desk.screen).toMatch(/v1 +pass 31 +pass 31 +pass 31 +27\.0s/);
  expect(desk.screen).toMatch(/v2 +pass 31 +FAIL 1 of 31 +pass 31/);
  expect(desk.press('j').screen).toContain('“SOCK_STREAM/SOCK_SEQPACKET rx buffer');
  expect(desk.screen).toContain('kernel BUG at net/core/skbuff.c');
});

it('Enter goes to the run', () => {
  const desk = atMatrix([recordOf()]).press('j');
  desk.asked();
  desk.press('enter');
  expect(desk.asked()).toContainEqual({ do: 'load-runs', series: SERIES });
  const run = (id: string) =>
    ({ id, dir: `/runs/${id}`, state: 'unfinished', record: null, trouble: `this is ${id}` }) as const;
  const value = [run('20261127-000009-demo-ffff'), run('20261127-000001-demo-0000')];
  desk.send({ type: 'runs', series: SERIES, records: { is: 'there', value } });
  expect(desk.state.screen).toBe('run');
  expect(desk.screen).toContain('this is 20261127-000001-demo-0000');
  // Once it has gone there it stays where one goes.
  desk.press('1').press('5');
  expect(desk.state.open?.runs.goTo).toBe(null);
});

it('a record that was pruned is said to be gone', () => {
  const desk = atMatrix([recordOf()]).press('enter');
  desk.send({ type: 'runs', series: SERIES, records: { is: 'there', value: [] } });
  expect(desk.footer).toContain('is not there any more');
});

it('older ones are a key away, and stay while newer ones come', () => {
  const [old, newer, newest] = ['old', 'newer', 'newest'].map((id) =>
    recordOf({ id, rows: [{ version: id, patches: 1, of: 1, subject: null }], cells: [] }),
  );
  if (old === undefined || newer === undefined || newest === undefined) throw new Error('no record');
  const desk = atMatrix([newer, old]);
  expect(desk.screen).toContain('(1 of 2)');
  expect(desk.press(']').footer).toBe('this is the newest');
  expect(desk.press('[').screen).toMatch(/old +- +- +-/);
  expect(desk.press('[').footer).toBe('there is none before it');
  desk.send({ type: 'matrices', series: SERIES, records: { is: 'there', value: [newest, newer, old] } });
  expect(desk.screen).toContain('(3 of 3)');
  desk.press(']', ']');
  desk.send({ type: 'matrices', series: SERIES, records: { is: 'there', value: [newest] } });
  expect(desk.screen).toMatch(/newest +-/);
});

it('names the columns where there are several, and what was not run', () => {
  const record = recordOf({
    columns: [column('patched', 'patched'), column('base', 'patched')],
    cells: [cell(0, 1, ['g2h'])],
  });
  const desk = atMatrix([record]);
  expect(desk.screen).toMatch(/v1 +base host, patched guest +FAIL 1 of 31/);
  expect(desk.press('enter').footer).toBe('it was not run');
});
