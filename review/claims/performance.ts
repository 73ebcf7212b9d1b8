// SPDX-License-Identifier: MIT
/**
 * Measurements in a commit message or cover letter: sentences (performance-prose.ts), and two forms of their own:
 *
 *     Test: 64KB, g2h                 | test      | before     | after      | change |
 *     Before: 21.63 Gb/s              | 64KB, g2h | 21.63 Gb/s | 25.59 Gb/s | +18%   |
 *     After: 25.59 Gb/s (+18%)
 */
import type { PerformanceClaim } from '../../core/review.ts';
import { baseIn, setupIn } from './claim-setup.ts';
import { directionsIn, withoutDirections } from './directions.ts';
import { converted, isTime, type Measure, readMeasure } from './measures.ts';
import { proseRows } from './performance-prose.ts';
import { readTable, type TableRow } from './performance-tables.ts';
import { changeOf, isRight, type PrintedChange, readChange } from './printed-change.ts';

interface Row {
  test: string;
  before: Measure;
  after: Measure;
  change: PrintedChange | null;
  /** For values without a unit. */
  unit: string | null;
  said: Said;
}

/** What lines above say of all that follow. */
type Said = Pick<PerformanceClaim, 'setup' | 'base'>;

const TEST = /^(?:[-*•] )?(?:test|test ?case|case|workload|benchmark)\s?:\s?(.+)$/i;
const OLD =
  'before|base ?line|base|old|unpatched|vanilla|stock|(?:without|w/o)(?: (?:the |this )?(?:patch(?:es|set)?|series))?';
const NEW = 'after|patched|new|(?:with|w/|/w) ?(?:the |this )?(?:patch(?:es|set)?|series)';
const LABEL = new RegExp(
  `^(?:[-*•] )?(?:(${OLD})|(${NEW}))(?: \\([^()]{1,40}\\))?\\s{0,20}[:=]\\s{0,20}(?=[~≈\\d])`,
  'i',
);
const NEXT_LABEL = new RegExp(`[,;|]?\\s{1,20}(?:->|→)?\\s?(?=(?:${NEW})\\s{0,20}[:=])`, 'i');
const CHANGE = /^(?:[-*•] )?(?:change|diff(?:erence)?|delta|improvement|gain)\s{0,20}:\s{0,20}(.*%.*)$/i;

/** Longer lines are no table. */
const WIDEST = 500;

/**
 * All rows that have a value before and one after; those with zero before are left out, as no change
 * can be told from them, and those whose units do not go together.
 */
export function performanceOf(text: string, patch: number): PerformanceClaim[] {
  const rows: Row[] = [];
  const lines = text.split('\n').map((line) => line.trimEnd());
  let test: string | null = null;
  /** The last line above that ends in a colon. */
  let heading: string | null = null;
  let before: Measure | null = null;
  let fresh: Row | null = null;
  let said: Said = { setup: null, base: null };
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (line.startsWith('diff --git ')) break;
    if (line === '') {
      if (before === null) heading = null;
      continue;
    }
    if (line.length > WIDEST) continue;
    said = { setup: setupIn(line) ?? said.setup, base: baseIn(line) ?? said.base };
    const table = readTable(lines, at);
    if (table !== null) {
      for (const row of table.rows) rows.push(...tableRow(row, said));
      at = table.end - 1;
      continue;
    }
    const named = TEST.exec(line)?.[1];
    if (named !== undefined) {
      test = named;
      before = null;
      fresh = null;
      continue;
    }
    const change = fresh?.change === null ? CHANGE.exec(line)?.[1] : undefined;
    if (fresh !== null && change !== undefined) fresh.change = readChange(change);
    for (const { old, measure } of valuesIn(line)) {
      if (old) {
        before = measure;
      } else if (before !== null) {
        const name = test ?? heading;
        const change = readChange(measure.rest);
        fresh = { test: name ?? '', before, after: measure, change, unit: null, said };
        // Two bare numbers below no heading could be anything.
        if (name !== null || before.unit !== null || measure.unit !== null) rows.push(fresh);
        before = null;
      }
    }
    if (line.endsWith(':') && line.length <= 80) {
      heading = line.slice(0, -1);
      test = null;
    }
  }
  rows.push(...proseRows(text).map((row) => ({ ...row, unit: null, said: { setup: null, base: null } })));
  return rows.flatMap((row) => claimOf(row, patch) ?? []);
}

/** `Before: 10 us, after: 8 us (-20%)` */
function valuesIn(line: string): { old: boolean; measure: Measure }[] {
  const found: { old: boolean; measure: Measure }[] = [];
  let rest = line;
  for (let parts = 0; parts < 2; parts++) {
    const label = LABEL.exec(rest);
    const measure = label === null ? null : readMeasure(rest.slice(label[0].length));
    if (label === null || measure === null) break;
    const border = NEXT_LABEL.exec(measure.rest);
    found.push({ old: label[1] !== undefined, measure });
    if (border === null) break;
    rest = measure.rest.slice(border.index + border[0].length);
  }
  return found;
}

function tableRow(row: TableRow, said: Said): Row[] {
  const [before, after] = [readMeasure(row.before), readMeasure(row.after)];
  if (before === null || after === null) return [];
  const change = readChange(row.change) ?? readChange(after.rest);
  return [{ test: row.test, before, after, change, unit: row.unit, said }];
}

function claimOf(row: Row, patch: number): PerformanceClaim | null {
  const unit = row.before.unit ?? row.after.unit ?? row.unit ?? '';
  const before = row.before.value;
  const after = converted(row.after.value, row.after.unit ?? unit, unit);
  if (before === 0 || after === null) return null;
  const computed = changeOf(before, after);
  if (!Number.isFinite(computed)) return null;
  const directions = directionsIn(row.test);
  const direction = directions.length === 1 ? (directions[0] ?? null) : null;
  return {
    test: tidy(direction === null ? row.test : withoutDirections(row.test)),
    direction,
    before,
    after,
    unit,
    change: row.change?.value ?? null,
    // Not -0.
    computedChange: Math.round(computed * 10) / 10 || 0,
    right: row.change === null ? null : isRight(row.change, before, after, isTime(unit)),
    ...row.said,
    patch,
  };
}

/** Without the commas and brackets a direction has left. */
function tidy(test: string): string {
  const words = test
    .replace(/\(\s*\)|\[\s*\]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^[,;/-]+$/.test(word));
  let text = words.join(' ');
  while (/^[,;:]/.test(text)) text = text.slice(1).trimStart();
  while (/[,;:]$/.test(text)) text = text.slice(0, -1).trimEnd();
  return text;
}
