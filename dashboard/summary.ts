// SPDX-License-Identifier: MIT
/** The list of series as text. */
import { printable } from '../core/escape.ts';
import { formatTable } from '../core/table.ts';
import { CHECK_RECORDS } from '../runs/check-record.ts';
import { PERF_RECORDS } from '../runs/perf-record.ts';
import { RUN_RECORDS } from '../runs/record.ts';
import { listSeriesRows, seriesFacts } from './data/load-series.ts';
import { checksText } from './words.ts';

export async function summaryText(patchesDir: string): Promise<string> {
  const rows = await listSeriesRows(patchesDir);
  if (rows.length === 0) return 'no series yet\n';
  const records = {
    runs: (await RUN_RECORDS.list()).flatMap(({ record }) => record ?? []),
    perf: (await PERF_RECORDS.list()).flatMap(({ record }) => record ?? []),
    checks: (await CHECK_RECORDS.list()).flatMap(({ record }) => record ?? []),
  };
  const cells: string[][] = [];
  for (const row of rows) {
    const { version, patches, run, checks, open, reviewed, perf, trouble } = await seriesFacts(row, records);
    const verdict =
      run === null ? 'not run' : `${run.verdict}${run.version === version ? '' : ` (${run.version})`}`;
    const facts = [
      version,
      `${patches}`,
      verdict,
      checksText(checks, version),
      `${open}`,
      reviewed,
      perf,
      trouble ?? row.title,
    ];
    cells.push([row.name, ...facts].map(printable));
  }
  const titles = ['series', 'version', 'patches', 'last run', 'checks', 'open', 'reviewed', 'perf', 'title'];
  return formatTable(
    titles.map((title) => ({ title })),
    cells,
  );
}
