// SPDX-License-Identifier: MIT
/** Finds the lines that a mangled one may have been: by the short pieces they share. */

import { once } from '../../core/once.ts';

const PIECE = 4;
const LONGEST = 400;
const ENOUGH = 0.55;
const MOST = 6;
/** Pieces in common that are looked at in all: of mails that need more, nobody reads a line. */
const WORK = 20_000_000;

export interface Similar {
  target: number;
  /** Dice's coefficient of the pieces, 0 to 1 (Dice, Measures of the Amount of Ecologic Association, 1945). */
  similarity: number;
}

/** Gives the lines that one may have been. */
export type FindSimilar = (key: string) => Similar[];

/**
 * An index over lines without white space; built when it is first asked.
 * @returns makes what asks it, for one mail: each has as much work to spend
 */
export function similarLines(keys: readonly string[]): () => FindSimilar {
  const sizes: number[] = [];
  const index = once((): Map<string, number[]> => {
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
  });
  return () => {
    let left = WORK;
    return (key) => {
      if (key.length < PIECE + 2 || left <= 0) return [];
      const pieces = piecesOf(key);
      const shared = new Map<number, number>();
      for (const piece of pieces) {
        const list = index().get(piece) ?? [];
        // A piece of nearly every line finds nothing and costs most.
        if (list.length > 200) continue;
        left -= list.length;
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
  };
}

function piecesOf(key: string): Set<string> {
  const pieces = new Set<string>();
  const end = Math.min(key.length, LONGEST) - PIECE;
  for (let at = 0; at <= end; at++) pieces.add(key.slice(at, at + PIECE));
  return pieces;
}
