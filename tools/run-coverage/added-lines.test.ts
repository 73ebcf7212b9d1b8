// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Hunk } from '../../core/series.ts';
import { applyHunks, type OwnedLine } from './added-lines.ts';

const base = (texts: readonly string[]): OwnedLine[] => texts.map((text) => ({ text, origin: null }));

/** `' a'`, `'-b'`, `'+c'` → a hunk that says it begins at these lines. */
function hunkOf(oldStart: number, newStart: number, rows: readonly string[]): Hunk {
  let [oldLine, newLine] = [oldStart, newStart];
  const lines = rows.map((row) => {
    const kind = row.startsWith('+') ? 'add' : row.startsWith('-') ? 'del' : 'context';
    return {
      ...({ kind, text: row.slice(1) } as const),
      oldLine: kind === 'add' ? null : oldLine++,
      newLine: kind === 'del' ? null : newLine++,
    };
  });
  const [oldCount, newCount] = [oldLine - oldStart, newLine - newStart];
  const header = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`;
  return { ...{ header, heading: '', oldStart, oldCount, newStart, newCount }, lines };
}

const shown = (lines: OwnedLine[] | null): string[] | undefined =>
  lines?.map(({ text, origin }) => (origin === null ? text : `${text} <${origin.patch}:${origin.at}`));

it('tells which patch and line each added line is', () => {
  const first = applyHunks(base(['a', 'b', 'c']), [hunkOf(1, 1, [' a', '-b', '+x', '+y', ' c'])], 1);
  expect(shown(first)).toEqual(['a', 'x <1:2', 'y <1:3', 'c']);
  const second = applyHunks(first ?? [], [hunkOf(2, 2, ['-x', '+z', ' y'])], 2);
  expect(shown(second)).toEqual(['a', 'z <2:2', 'y <1:3', 'c']);
});

it('finds a hunk that stands some lines away, and keeps the numbers of the mail', () => {
  const moved = base(['new', 'new', 'a', 'b', 'c', 'd', 'e']);
  const hunks = [hunkOf(1, 1, [' a', '+x', ' b']), hunkOf(4, 5, [' d', '+y', ' e'])];
  expect(shown(applyHunks(moved, hunks, 3))).toEqual([
    'new',
    'new',
    'a',
    'x <3:2',
    'b',
    'c',
    'd',
    'y <3:6',
    'e',
  ]);
});

it('adds to nothing, and behind a line', () => {
  expect(shown(applyHunks([], [{ ...hunkOf(0, 1, ['+a', '+b']), oldStart: 0 }], 1))).toEqual([
    'a <1:1',
    'b <1:2',
  ]);
  expect(shown(applyHunks(base(['a', 'b']), [{ ...hunkOf(1, 2, ['+x']), oldCount: 0 }], 1))).toEqual([
    'a',
    'x <1:2',
    'b',
  ]);
});

it('refuses what does not fit', () => {
  expect(applyHunks(base(['a', 'b']), [hunkOf(1, 1, [' a', '-c'])], 1)).toBeNull();
});

it('gives the new text, and as many lines of the patch as it adds, for any edit', () => {
  const text = fc.constantFrom('a', 'b', 'c', '');
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 12 }),
      fc.array(fc.tuple(fc.boolean(), fc.array(text, { maxLength: 2 })), { maxLength: 12 }),
      (lines, edits) => {
        // One hunk over all lines: each is kept or not, and followed by some.
        const rows = lines.flatMap((line, at) => {
          const [keep, added] = edits[at] ?? [true, []];
          return [`${keep ? ' ' : '-'}${line}`, ...added.map((one) => `+${one}`)];
        });
        if (rows.length === 0) return;
        const made = applyHunks(base(lines), [hunkOf(1, 1, rows)], 1);
        const wanted = rows.filter((row) => !row.startsWith('-'));
        expect(made?.map(({ text }) => text)).toEqual(wanted.map((row) => row.slice(1)));
        expect(made?.map(({ origin }) => origin !== null)).toEqual(wanted.map((row) => row.startsWith('+')));
        // Applied to its result each line has its own number.
        for (const [index, line] of (made ?? []).entries())
          if (line.origin !== null) expect(line.origin.at).toBe(index + 1);
      },
    ),
  );
});
