// SPDX-License-Identifier: MIT
/**
 * The linear assignment problem, by shortest augmenting paths over reduced costs: R. Jonker and
 * A. Volgenant, "A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment
 * Problems", Computing 38 (1987), which git's linear-assignment.c follows for range-diff. Of its
 * steps only the augmentation is here, without the initial column reduction; that makes it the
 * Hungarian method with potentials, O(rows² × columns).
 */

/**
 * For each row the column it gets, so that the sum of the costs is least.
 * @param costs a matrix; rows and columns need not be as many. A cost that is not a finite number,
 *   or is not there, means that the two cannot go together; such pairs are avoided first of all
 * @returns a column for each row, -1 where none is left or possible; no column twice
 */
export function assign(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length;
  const columns = costs.reduce((most, row) => Math.max(most, row.length), 0);
  const flat = new Float64Array(rows * columns);
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cost = costs[row]?.[column] ?? Number.POSITIVE_INFINITY;
      flat[row * columns + column] = cost;
      if (Number.isFinite(cost)) largest = Math.max(largest, Math.abs(cost));
    }
  }
  // Dearer than any assignment without an impossible pair.
  const impossible = (2 * largest + 1) * (Math.min(rows, columns) + 1);
  const costAt = (row: number, column: number): number => {
    const cost = flat[row * columns + column] ?? 0;
    return Number.isFinite(cost) ? cost : impossible;
  };
  const result = new Array<number>(rows).fill(-1);
  if (rows <= columns) {
    const columnOf = augment(rows, columns, costAt);
    for (let row = 0; row < rows; row++) result[row] = columnOf[row] ?? -1;
  } else {
    const rowOf = augment(columns, rows, (column, row) => costAt(row, column));
    for (let column = 0; column < columns; column++) result[rowOf[column] ?? -1] = column;
  }
  return result.map((column, row) =>
    column >= 0 && Number.isFinite(flat[row * columns + column] ?? Number.NaN) ? column : -1,
  );
}

/** For each of `rows` its column; there are at least as many columns. Index 0 stands for "none". */
function augment(rows: number, columns: number, cost: (row: number, column: number) => number): Int32Array {
  const rowPrice = new Float64Array(rows + 1);
  const columnPrice = new Float64Array(columns + 1);
  const rowAt = new Int32Array(columns + 1);
  const cameFrom = new Int32Array(columns + 1);
  const distance = new Float64Array(columns + 1);
  const done = new Uint8Array(columns + 1);
  for (let start = 1; start <= rows; start++) {
    rowAt[0] = start;
    distance.fill(Number.POSITIVE_INFINITY);
    done.fill(0);
    let column = 0;
    // Dijkstra from the row `start` to the nearest free column.
    while (rowAt[column] !== 0) {
      done[column] = 1;
      const row = rowAt[column] ?? 0;
      let next = 0;
      let nearest = Number.POSITIVE_INFINITY;
      for (let to = 1; to <= columns; to++) {
        if (done[to] === 1) continue;
        const reduced = cost(row - 1, to - 1) - (rowPrice[row] ?? 0) - (columnPrice[to] ?? 0);
        if (reduced < (distance[to] ?? 0)) {
          distance[to] = reduced;
          cameFrom[to] = column;
        }
        if ((distance[to] ?? 0) < nearest) {
          nearest = distance[to] ?? 0;
          next = to;
        }
      }
      for (let to = 0; to <= columns; to++) {
        if (done[to] === 1) {
          const at = rowAt[to] ?? 0;
          rowPrice[at] = (rowPrice[at] ?? 0) + nearest;
          columnPrice[to] = (columnPrice[to] ?? 0) - nearest;
        } else {
          distance[to] = (distance[to] ?? 0) - nearest;
        }
      }
      column = next;
    }
    while (column !== 0) {
      const from = cameFrom[column] ?? 0;
      rowAt[column] = rowAt[from] ?? 0;
      column = from;
    }
  }
  const columnOf = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++) {
    const row = rowAt[column] ?? 0;
    if (row > 0) columnOf[row - 1] = column - 1;
  }
  return columnOf;
}
