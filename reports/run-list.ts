// SPDX-License-Identifier: MIT
/** Run records → a table of them. */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import type { RunRecord } from '../core/run.ts';
import { formatTable, truncate } from '../core/table.ts';
import { countStatuses, partWords, STATUS_WORD, tookMs } from './words.ts';

export interface ListedRun {
  id: string;
  /** unfinished: the run was killed. damaged: run.json cannot be read. */
  state: 'finished' | 'running' | 'unfinished' | 'damaged';
  record: RunRecord | null;
  /** What is wrong with it; null when nothing is. */
  trouble: string | null;
}

/** A line for each run, in the order given; what is unfinished or damaged is shown as such. */
export function formatRunList(runs: readonly ListedRun[], width = 80): string {
  if (runs.length === 0) return 'no runs yet\n';
  const rows = runs.map((run) => {
    const { record } = run;
    if (record === null) return [printable(run.id), run.state, '-', printable(run.trouble ?? '')];
    const took = tookMs(record);
    const counts = countStatuses(record).map(([status, count]) => `${count} ${STATUS_WORD[status]}`);
    return [
      printable(run.id),
      record.verdict === 'fail' ? 'FAIL' : record.verdict,
      took === null ? '-' : formatDuration(took),
      printable(`${partWords(record)}${counts.length === 0 ? record.why : counts.join(', ')}`),
    ];
  });
  const lines = formatTable(
    [{ title: 'run' }, { title: 'verdict' }, { title: 'time', align: 'right' }, { title: 'cases' }],
    rows,
  );
  // A line for a run: `respin runs show` has the rest.
  return lines.replace(/[^\n]+/g, (line) => truncate(line, width));
}
