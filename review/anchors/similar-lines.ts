// SPDX-License-Identifier: MIT
/** Finds the lines that a mangled one may have been: by the short pieces they share. */

const PIECE = 4;
const LONGEST = 400;
const ENOUGH = 0.55;
const MOST = 6;

export interface Similar {
  target: number;
  /** Dice's coefficient of the pieces, 0 to 1 (Dice, Measures of the Amount of Ecologic Association, 1945). */
  similarity: number;
}

/** An index over lines without white space; built when it is first asked. */
export function similarLines(keys: readonly string[]): (key: string) => Similar[] {
  let index: Map<string, number[]> | null = null;
  const sizes: number[] = [];
  const build = (): Map<string, number[]> => {
    const made = new Map<string, number[]>();
    for (const [target, key] of keys.entries()) {
      const pieces = piecesOf(key);
      sizes[target] = pieces.size;
      for (const piece of pieces) {
        const list = made.get(piece);
        if (list === undefined) made.set(piece, [target]);
        else list.push(target);
      }
    }
    return made;
  };
  return (key) => {
    if (key.length < PIECE + 2) return [];
    index ??= build();
    const pieces = piecesOf(key);
    const shared = new Map<number, number>();
    for (const piece of pieces) {
      const list = index.get(piece) ?? [];
      // A piece of nearly every line finds nothing and costs most.
      if (list.length > 200) continue;
      for (const target of list) shared.set(target, (shared.get(target) ?? 0) + 1);
    }
    return [...shared]
      .map(([target, count]) => ({
        target,
        similarity: (2 * count) / (pieces.size + (sizes[target] ?? 0)),
      }))
      .filter(({ similarity }) => similarity >= ENOUGH)
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, MOST);
  };
}

function piecesOf(key: string): Set<string> {
  const pieces = new Set<string>();
  const end = Math.min(key.length, LONGEST) - PIECE;
  for (let at = 0; at <= end; at++) pieces.add(key.slice(at, at + PIECE));
  return pieces;
}
