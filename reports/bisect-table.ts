// SPDX-License-Identifier: MIT
/** What a bisection found, as a terminal shows it. */
import type { Bisected, BisectReport, BisectStep } from '../core/bisect.ts';
import { printable } from '../core/escape.ts';
import { formatTable } from '../core/table.ts';
import { paragraph } from './layout.ts';

const WORD: Record<BisectStep['result'], string> = { pass: 'pass', fail: 'FAIL', unknown: 'unknown' };

export function formatBisect(report: BisectReport, width?: number): string {
  const { series, tree } = report;
  const head = paragraph(
    'series   ',
    `${series.name} ${series.version} on ${tree.source} (${tree.version}); what fails: ${report.run}`,
    width,
  );
  return [`${head}\n`, ...report.cases.map((one) => caseText(report, one, width))].join('\n');
}

function caseText(
  { patches }: BisectReport,
  { case: of, steps, culprits }: Bisected,
  width?: number,
): string {
  const name = (count: number): string => (count === 0 ? 'base' : `${count}/${patches.length}`);
  const rows = steps.map(({ patches: count, result, run }) => [
    name(count),
    WORD[result],
    printable(patches[count - 1] ?? 'the tree as it is'),
    run ?? 'does not build',
  ]);
  const columns = [
    { title: 'up to' },
    { title: 'result' },
    { title: 'patch', wrap: true },
    { title: 'record' },
  ];
  const table = formatTable(columns, rows, width === undefined ? {} : { width });
  const failed = steps.find(({ patches: count }) => count === culprits.at(-1));
  const why = failed?.reason ?? null;
  return [
    `${paragraph('case     ', `${of.program} ${of.direction} “${of.name}”`, width)}\n`,
    table,
    `${paragraph('found    ', foundWords(patches, culprits), width)}\n`,
    ...(why === null ? [] : [`${paragraph('         ', why, width)}\n`]),
  ].join('');
}

function foundWords(patches: readonly string[], culprits: readonly number[]): string {
  const [first, ...more] = culprits;
  if (first === undefined) return 'it fails on the tree without the series: no patch of it is at fault';
  const name = (count: number): string =>
    count === 0 ? 'the tree itself' : `${count}/${patches.length} ${patches[count - 1] ?? ''}`;
  if (more.length === 0) return `it fails from ${name(first)} on`;
  return `it is one of ${culprits.map(name).join('; ')}: with what lies between, the result cannot be told`;
}
