// SPDX-License-Identifier: MIT
/** What of a series' claims held, as a terminal shows it. */
import { printable } from '../core/escape.ts';
import type { Reproduction } from '../core/reproduce.ts';
import { formatTable } from '../core/table.ts';
import { oneLine, paragraph } from './layout.ts';

export function formatReproduction(report: Reproduction, width?: number): string {
  const { series, tree, run, perf, verdict, why, claims, mail, peers } = report;
  const rows = claims.map(({ claim, held, found }) => [
    held === 'does not hold' ? 'DOES NOT HOLD' : held,
    `${oneLine(claim)}${found === '' ? '' : `: ${oneLine(found)}`}`,
  ]);
  const table =
    rows.length === 0
      ? 'no mail of it claims that something was tested or measured\n'
      : formatTable([{ title: '' }, { title: 'claim, and what was found', wrap: true }], rows, {
          ...(width === undefined ? {} : { width }),
        });
  const lines: [string, string][] = [
    ['series', `${series.name} ${series.version} on ${tree.source} (${tree.version})`],
    ['run', `${run}: ${verdict === 'fail' ? 'FAIL' : verdict}, ${why}`],
    ...peers.map(({ unpatched, run: id, verdict: came }): [string, string] => [
      'peer',
      `${id}: unpatched ${unpatched}: ${came === 'fail' ? 'FAIL' : came}`,
    ]),
    ...(perf === null ? [] : ([['perf', perf]] as [string, string][])),
    ...(mail === null
      ? []
      : ([['mail', `${mail}: to edit, then git send-email or mutt -H`]] as [string, string][])),
  ];
  const text = lines
    .map(([label, words]) => `${paragraph(label.padEnd(9), printable(words), width)}\n`)
    .join('');
  return `${table}\n${text}`;
}
