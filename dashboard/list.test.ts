// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AT_START, jumped, type ListPlace, type Move, moved, placed } from './list.ts';

const MOVES: Move[] = ['down', 'up', 'first', 'last', 'half-down', 'half-up', 'page-down', 'page-up'];

function expectSound({ cursor, top }: ListPlace, count: number, rows: number): void {
  expect(cursor).toBeGreaterThanOrEqual(0);
  expect(cursor).toBeLessThanOrEqual(Math.max(0, count - 1));
  expect(top).toBeLessThanOrEqual(cursor);
  expect(top + rows).toBeGreaterThan(cursor);
  expect(top).toBeGreaterThanOrEqual(0);
  // No blank rows below the end while there are others above.
  expect(top).toBeLessThanOrEqual(Math.max(0, count - rows));
}

it('wherever one goes, the cursor is in the list and in the window', () => {
  const move = fc.constantFrom(...MOVES);
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.array(move), (count, rows, moves) => {
      let place = AT_START;
      for (const one of moves) {
        place = moved(place, one, count, rows);
        expectSound(place, count, rows);
      }
    }),
  );
});

it('a list that shrinks and a window that does leave the cursor in both', () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.nat(60),
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      (cursor, top, count, rows) => {
        expectSound(placed({ cursor, top }, count, rows), count, rows);
        expectSound(jumped({ cursor: 0, top }, cursor, count, rows), count, rows);
      },
    ),
  );
});

it('down goes one on, and the window follows only when it must', () => {
  expect(moved({ cursor: 3, top: 0 }, 'down', 10, 5)).toEqual({ cursor: 4, top: 0 });
  expect(moved({ cursor: 4, top: 0 }, 'down', 10, 5)).toEqual({ cursor: 5, top: 1 });
  expect(moved({ cursor: 9, top: 5 }, 'down', 10, 5)).toEqual({ cursor: 9, top: 5 });
});

it('half a page takes the window along', () => {
  expect(moved({ cursor: 1, top: 0 }, 'half-down', 100, 10)).toEqual({ cursor: 6, top: 5 });
  expect(moved({ cursor: 6, top: 5 }, 'half-up', 100, 10)).toEqual({ cursor: 1, top: 0 });
});

it('a jump within the window does not move it, one out of it leaves lines above', () => {
  expect(jumped({ cursor: 0, top: 0 }, 4, 100, 9)).toEqual({ cursor: 4, top: 0 });
  expect(jumped({ cursor: 0, top: 0 }, 50, 100, 9)).toEqual({ cursor: 50, top: 47 });
});
