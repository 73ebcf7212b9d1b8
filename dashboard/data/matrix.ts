// SPDX-License-Identifier: MIT
/** Which patch of a series changed in which version. */
import type { BuiltReview } from '../../review/build/build-review.ts';
import type { MatrixChange, PatchMatrix } from '../model.ts';

type Cell = PatchMatrix['rows'][number]['cells'][number];

/** A row for each patch there ever was; a patch that is its partner's in the next version stays in its row. */
export function patchMatrix({ versions, correspondence }: BuiltReview): PatchMatrix {
  const names = versions.map(({ version }) => version);
  const rows: { subject: string; cells: Cell[] }[] = [];
  /** The row of each patch of the version before. */
  let rowOf = new Map<number, number>();
  for (const [at, { version, patches }] of versions.entries()) {
    const before = names[at - 1];
    const pairs = before === undefined ? [] : correspondence.pairs(before, version);
    const next = new Map<number, number>();
    for (const { index, mail } of patches) {
      const pair = pairs.find(({ after }) => after === index);
      const known = pair === undefined || pair.before === null ? undefined : rowOf.get(pair.before);
      const row = known ?? rows.length;
      const one = rows[row] ?? { subject: '', cells: names.map((): Cell => null) };
      const change: MatrixChange =
        before === undefined ? 'first' : known === undefined ? 'added' : (pair?.change ?? 'added');
      one.subject = mail.subject.subject;
      one.cells[at] = { patch: index, change };
      rows[row] = one;
      next.set(index, row);
    }
    rowOf = next;
  }
  const newest = (row: { cells: readonly Cell[] }): number =>
    row.cells.at(-1)?.patch ?? Number.MAX_SAFE_INTEGER;
  return { versions: names, rows: rows.toSorted((a, b) => newest(a) - newest(b)) };
}
