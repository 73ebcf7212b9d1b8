// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { MatrixCell } from '../core/matrix.ts';
import { cell, column, matrixRecord, SIZES } from './matrix-fixture.ts';
import { matrixJunit } from './matrix-junit.ts';
import { matrixMarkdown } from './matrix-markdown.ts';
import { formatMatrix, formatMatrixList } from './matrix-table.ts';
import { cellName, columnName, directionWords, matrixCounts } from './matrix-words.ts';

const INTEROP = [column('patched', 'patched'), column('base', 'patched')];

describe('the table', () => {
  it('has a line for each version, a column for each direction', () => {
    expect(formatMatrix(matrixRecord(), { width: 80 })).toBe(`    g2h      h2g           loopback
v1  pass 31  pass 31       pass 31
v2  pass 31  FAIL 1 of 31  pass 31

v2: 20261127-000001-demo-0000
  FAIL     vsock_test “${SIZES}” h2g: host:
           recv timed out
  SPLAT    guest: kernel BUG at net/core/skbuff.c:206!

matrix   demo v1, v2 on debian:linux-source-6.12, 20261127-000000-demo-0000
machine  tcg+svm, QEMU 10.0.2, 2+1 vcpus
result   2 runs: 1 FAIL, 1 pass, in 1m30s
`);
  });

  it('sets columns side by side where they fit, else below each other', () => {
    const record = matrixRecord({ columns: INTEROP, cells: [cell(0, 0), cell(0, 1, ['g2h']), cell(1, 0)] });
    const wide = formatMatrix(record, { width: 100 }).split('\n');
    expect(wide[0]).toBe('    patched host, patched guest    base host, patched guest');
    expect(wide[1]).toBe('    g2h      h2g      loopback     g2h           h2g      loopback');
    expect(wide[2]).toBe('v1  pass 31  pass 31  pass 31      FAIL 1 of 31  pass 31  pass 31');
    expect(wide[3]).toBe('v2  pass 31  pass 31  pass 31      -             -        -');
    const narrow = formatMatrix(record, { width: 60 }).split('\n');
    expect(narrow.slice(0, 5)).toEqual([
      '                                 g2h           h2g      loopback',
      'v1  patched host, patched guest  pass 31       pass 31  pass 31',
      '    base host, patched guest     FAIL 1 of 31  pass 31  pass 31',
      'v2  patched host, patched guest  pass 31       pass 31  pass 31',
      '    base host, patched guest     -             -        -',
    ]);
    expect(formatMatrix(record)).toContain('result   4 runs: 1 FAIL, 2 pass, 1 not run');
  });

  it('names the patches where rows are patches', () => {
    const rows = [1, 2].map((patches) => ({
      version: 'v4',
      patches,
      of: 2,
      subject: `demo: patch ${patches}`,
    }));
    const text = formatMatrix(matrixRecord({ rows }), { width: 80 });
    expect(text).toContain('v4 1/2  pass 31');
    expect(text).toContain('\nv4 1/2  demo: patch 1\nv4  demo: patch 2\n');
  });

  it('what a failure kept from running is told below', () => {
    const failed = cell(1, 0, ['h2g']);
    const directions = failed.directions.map((one) =>
      one.direction === 'h2g' ? { ...one, counts: { ...one.counts, 'not-run': 21 } } : one,
    );
    const text = formatMatrix(matrixRecord({ cells: [{ ...failed, directions }] }));
    expect(text).toContain('FAIL 1 of 52');
    expect(text).toContain('  not run  21 in h2g\n');
  });

  it('a case that fails alike in two directions is told once', () => {
    const text = formatMatrix(matrixRecord({ cells: [cell(1, 0, ['g2h', 'h2g'])] }));
    expect(text).toContain(`FAIL     vsock_test “${SIZES}” g2h, h2g: host: recv timed out`);
  });

  it('says what kept a cell from its tests, and what ended the matrix', () => {
    const failed = cell(0, 0);
    const none = failed.directions.map((one) => ({ ...one, verdict: null, counts: {} }));
    const error = { code: 'PATCH_DOES_NOT_APPLY', message: 'patch 2/4 does not apply' };
    const record = matrixRecord({
      cells: [{ ...failed, verdict: 'fail', error, directions: none }],
      error: { code: 'INTERRUPTED', message: 'interrupted', hint: null, detail: null },
    });
    const text = formatMatrix(record);
    expect(text).toContain('v1  no apply  no apply  no apply');
    expect(text).toContain('  error    PATCH_DOES_NOT_APPLY: patch 2/4 does not apply\n');
    expect(text).toContain('ended    before its end: interrupted\n');
  });

  it('takes escapes from nobody', () => {
    const record = matrixRecord({
      columns: [{ ...column('base', 'base'), tree: 'git:\x1b[31m' }, column('base', 'base')],
    });
    expect(formatMatrix(record)).not.toContain('\x1b');
    expect(matrixMarkdown(record)).not.toContain('\x1b');
  });
});

describe('the words of a cell', () => {
  const words = (one: ReturnType<typeof cell>): string[] =>
    one.directions.map((direction) => directionWords(one, direction));

  it('a report of a kernel that no case explains is told in every direction', () => {
    const splat: MatrixCell = { ...cell(0, 0), verdict: 'fail', splats: ['host: WARNING'] };
    expect(words(splat)).toEqual(['FAIL splat', 'FAIL splat', 'FAIL splat']);
    expect(words(cell(0, 0, ['h2g']))).toEqual(['pass 31', 'FAIL 1 of 31', 'pass 31']);
  });

  it('a machine that died is where it failed', () => {
    const died = cell(0, 0, ['h2g']);
    const directions = died.directions.map((one) =>
      one.direction === 'h2g' ? { ...one, verdict: 'unknown' as const } : one,
    );
    const one: MatrixCell = { ...died, directions };
    expect(words(one)).toEqual(['pass 31', 'FAIL splat', 'pass 31']);
    expect(matrixJunit(matrixRecord({ cells: [one] }))).toContain('failures="1" errors="0"');
  });

  it('what could not be told is neither', () => {
    const lost = { ...cell(0, 0), verdict: 'unknown' } as const;
    expect(words(lost)).toEqual(['unknown', 'unknown', 'unknown']);
    const error = { code: 'NO_SPACE', message: 'no space left' };
    const none = { ...lost, error, directions: lost.directions.map((one) => ({ ...one, verdict: null })) };
    expect(words(none)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('names a column by what sets it apart', () => {
    const [one, two] = INTEROP as [ReturnType<typeof column>, ReturnType<typeof column>];
    expect(columnName(one, [one])).toBe('');
    expect(columnName(two, INTEROP)).toBe('base host, patched guest');
    const debug = { ...one, profiles: { host: 'debug', guest: 'fast' } };
    expect(columnName(debug, [one, debug])).toBe('debug host');
    const other = { ...one, tree: 'debian:linux-source-6.1' };
    expect(columnName(other, [one, other, debug])).toBe('debian:linux-source-6.1, fast');
    expect(cellName({ ...matrixRecord(), columns: INTEROP }, { row: 1, column: 1 })).toBe(
      'v2, base host, patched guest',
    );
  });

  it('counts what is from before', () => {
    const known = { ...cell(0, 0), known: true };
    expect(matrixCounts(matrixRecord({ cells: [known, cell(1, 0)] }))).toBe(
      '2 runs: 2 pass; 1 from earlier records',
    );
    expect(matrixCounts(matrixRecord({ cells: [known, { ...known, row: 1 }] }))).toContain(
      '; all from earlier records',
    );
  });
});

it('Markdown has the table, and below it what failed', () => {
  const text = matrixMarkdown(matrixRecord());
  expect(text.split('\n').slice(2, 6)).toEqual([
    '|  | g2h | h2g | loopback |',
    '| --- | --- | --- | --- |',
    '| **v1** | pass 31 | pass 31 | pass 31 |',
    '| **v2** | pass 31 | **FAIL 1 of 31** | pass 31 |',
  ]);
  expect(text).toContain('- v2, `20261127-000001-demo-0000`\n  - FAIL `vsock_test h2g` ');
});

it('JUnit has a suite for each cell, a case for each direction', () => {
  const text = matrixJunit(matrixRecord({ cells: [cell(1, 0, ['h2g'])] }));
  expect(text).toContain('<testsuites name="respin matrix" tests="6" failures="1" errors="0" skipped="3"');
  expect(text).toContain('<testcase classname="v2" name="g2h"/>');
  expect(text).toContain(
    '<testcase classname="v2" name="h2g"><failure type="failure" message="FAIL 1 of 31">',
  );
  expect(text).toContain('<testcase classname="v1" name="g2h"><skipped message="not run"/></testcase>');
  const lost = matrixJunit(matrixRecord({ cells: [{ ...cell(0, 0), verdict: 'unknown' }] }));
  expect(lost).toContain('failures="0" errors="3" skipped="3"');
});

it('the list names what could not be read', () => {
  const record = matrixRecord();
  const text = formatMatrixList([
    { id: record.id, state: 'finished', record, trouble: null },
    { id: 'other', state: 'damaged', record: null, trouble: 'matrix.json is not JSON' },
  ]);
  expect(text).toContain('v1, v2  2 runs: 1 FAIL, 1 pass');
  expect(text).toContain('damaged: matrix.json is not JSON');
  expect(formatMatrixList([])).toContain('no matrix yet');
});
