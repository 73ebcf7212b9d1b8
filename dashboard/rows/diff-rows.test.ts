// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingOf, placeAt, placeIn } from '../../reports/check-fixture.ts';
import { anchorAt, commentOf, FILE, HUNK } from '../../reports/review-fixture.ts';
import { diffRows, fileDiff } from '../fixture.ts';
import { type DiffRow, patchRows } from './diff-rows.ts';
import { sideBySide } from './side-by-side.ts';

const PATCH = { title: 't', message: ['one', 'two'], notes: ['note'], files: [fileDiff()] };

const ids = (rows: readonly DiffRow[]): string[] =>
  rows.flatMap((row) => (row.kind === 'comment' || row.kind === 'finding' ? [row.id] : []));

it('whatever a comment or a finding is about, it stands there once', () => {
  const line = fc.option(fc.integer({ min: 0, max: 20 }), { nil: null });
  const anchor = fc.record({
    on: fc.constantFrom('line', 'file', 'message', 'notes', 'cover', 'patch', 'series'),
    file: fc.constantFrom(FILE, 'other.c', null),
    hunk: fc.constantFrom(HUNK, '@@ -1 +1 @@', null),
    side: fc.constantFrom('old', 'new', null),
    line,
  });
  const place = fc.record({
    on: fc.constantFrom('series', 'cover', 'mail', 'subject', 'message', 'notes', 'file', 'line'),
    file: fc.constantFrom(FILE, 'other.c', null),
    hunk: fc.constantFrom(HUNK, null),
    side: fc.constantFrom('old', 'new', null),
    line,
  });
  fc.assert(
    fc.property(fc.array(anchor, { maxLength: 8 }), fc.array(place, { maxLength: 8 }), (anchors, places) => {
      const comments = anchors.map((some, at) => commentOf(`c${at}`, { anchor: anchorAt(some) }));
      const findings = places.map((some, at) => findingOf(`f${at}`, { place: { patch: 1, ...some } }));
      const all = [...comments, ...findings].map(({ id }) => id).sort();
      const rows = patchRows(PATCH, comments, { findings, ran: new Map() });
      expect(ids(rows.rows).sort()).toEqual(all);
      // Side by side nothing of it is lost, nor any line.
      const pairs = sideBySide(rows);
      expect(ids(pairs.rows).sort()).toEqual(all);
      const texts = (shown: readonly DiffRow[], kind: 'del' | 'add'): string[] =>
        shown.flatMap((row) => {
          if (row.kind === 'line') return row.line.kind === kind ? [row.line.text] : [];
          if (row.kind !== 'pair') return [];
          const side = kind === 'del' ? row.left : row.right;
          return side?.kind === kind ? [side.text] : [];
        });
      for (const kind of ['del', 'add'] as const)
        expect(texts(pairs.rows, kind)).toEqual(texts(rows.rows, kind));
      // A part begins at a row that is there.
      for (const { parts, rows: shown } of [rows, pairs]) {
        for (const { row } of parts) expect(row).toBeLessThan(shown.length);
      }
    }),
  );
});

it('parts count what stands in them', () => {
  const { parts } = diffRows();
  expect(parts.map(({ kind, comments }) => [kind, comments])).toEqual([
    ['message', 0],
    ['file', 0],
    ['hunk', 2],
  ]);
});

it('a comment of many lines is cut, and says by how much', () => {
  const text = Array.from({ length: 100 }, (_, at) => `line ${at}`).join('\n');
  const { rows } = patchRows(PATCH, [commentOf('c1', { text })]);
  const words = rows.flatMap((row) => (row.kind === 'words' ? [row.text] : []));
  expect(words).toHaveLength(41);
  expect(words.at(-1)).toBe('… 60 more lines');
});

it('findings on the subject come first, those on a line under it, others on the hunk at its end', () => {
  const findings = [
    findingOf('f1', { place: placeIn('subject', 1) }),
    findingOf('f2', { place: placeAt(12, { file: FILE, hunk: HUNK }) }),
    findingOf('f3', { place: placeAt(99, { file: FILE, hunk: HUNK }) }),
  ];
  const { rows } = patchRows(PATCH, [], { findings, ran: new Map() });
  const at = (id: string): number => rows.findIndex((row) => row.kind === 'finding' && row.id === id);
  expect(at('f1')).toBe(0);
  const above = rows[at('f2') - 1];
  expect(above?.kind === 'line' ? above.line.newLine : null).toBe(12);
  expect(at('f3')).toBe(rows.length - 1);
});
