// SPDX-License-Identifier: MIT
/** A matrix → JUnit XML: a testsuite for each cell, a testcase for each direction. */
import type { MatrixCell, MatrixDirection, MatrixRecord } from '../core/matrix.ts';
import { cellName, directionWords, isWhereItFailed } from './matrix-words.ts';
import { xmlAttribute, xmlContent } from './xml.ts';

type Outcome = 'pass' | 'failure' | 'error' | 'skipped';

/** The document. What failed is a failure, what could not be told an error, what was not run is skipped. */
export function matrixJunit(record: MatrixRecord): string {
  const places = record.rows.flatMap((_, row) => record.columns.map((__, column) => ({ row, column })));
  const suites = places.map((place) => {
    const cell = record.cells.find((one) => one.row === place.row && one.column === place.column);
    return { name: cellName(record, place), cell, cases: casesOf(record, cell) };
  });
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(3);
  const stamp = xmlAttribute(record.started.replace(/\.\d+Z$|Z$/, ''));
  const took = seconds(Date.parse(record.ended) - Date.parse(record.started));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="respin matrix"${counts(all)} time="${took}">`,
  ];
  for (const [id, { name, cell, cases }] of suites.entries()) {
    const time = seconds(cell?.ms ?? 0);
    lines.push(
      `  <testsuite name="${xmlAttribute(name)}" id="${id}" package="respin"${counts(cases)} time="${time}" timestamp="${stamp}" hostname="localhost">`,
      `    <properties><property name="run" value="${xmlAttribute(cell?.run ?? '')}"/></properties>`,
      ...cases.map((one) => testCase(name, one)),
      '  </testsuite>',
    );
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

interface TestCase {
  name: string;
  outcome: Outcome;
  message: string;
  text: string;
}

function casesOf({ directions }: MatrixRecord, cell: MatrixCell | undefined): TestCase[] {
  return directions.map((name) => {
    const one = cell?.directions.find(({ direction }) => direction === name);
    if (cell === undefined || one === undefined)
      return { name, outcome: 'skipped', message: 'not run', text: '' };
    const message = directionWords(cell, one);
    const text = [
      ...one.failures.map(
        ({ program, name: of, status, reason }) => `${program}: ${of}: ${status}: ${reason ?? ''}`,
      ),
      ...cell.splats,
      cell.error?.message ?? cell.why,
    ];
    return { name, outcome: outcomeOf(cell, one), message, text: text.join('\n') };
  });
}

/** A direction without trouble of its own has that of its run, where no other direction explains it. */
function outcomeOf(cell: MatrixCell, { verdict }: MatrixDirection): Outcome {
  const explained = cell.directions.some((one) => one.verdict === 'fail' || one.verdict === 'unknown');
  if (isWhereItFailed(cell, verdict)) return 'failure';
  const own = verdict === null || !explained ? (explained ? null : cell.verdict) : verdict;
  if (own === 'fail') return 'failure';
  if (own === 'unknown') return 'error';
  return own === null ? 'skipped' : 'pass';
}

function counts(cases: readonly TestCase[]): string {
  const of = (outcome: Outcome): number => cases.filter((one) => one.outcome === outcome).length;
  return ` tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

function testCase(suite: string, { name, outcome, message, text }: TestCase): string {
  const open = `    <testcase classname="${xmlAttribute(suite)}" name="${xmlAttribute(name)}"`;
  if (outcome === 'pass') return `${open}/>`;
  const said = `message="${xmlAttribute(message)}"`;
  const inner =
    outcome === 'skipped'
      ? `<skipped ${said}/>`
      : `<${outcome} type="${outcome}" ${said}>${xmlContent(text)}</${outcome}>`;
  return `${open}>${inner}</testcase>`;
}
