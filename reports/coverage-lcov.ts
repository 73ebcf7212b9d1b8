// SPDX-License-Identifier: MIT
/**
 * A coverage record as an lcov tracefile, for genhtml and what else reads one; the format is in geninfo(1) under FILES.
 * A section (TN) for each program, direction and machine, of the added lines alone.
 */
import type { CoverageReading, CoverageRecord } from '../core/coverage.ts';
import { printable } from '../core/escape.ts';

/** Ends in a line end; empty when nothing was measured. */
export function formatLcov(record: CoverageRecord): string {
  return record.readings
    .flatMap((reading, index) => record.files.map((file) => section(reading, index, file)))
    .join('');
}

function section(
  reading: CoverageReading,
  index: number,
  { path, lines }: CoverageRecord['files'][number],
): string {
  const code = lines.filter(({ state }) => state === 'ran' || state === 'never');
  if (code.length === 0 || reading.taken === 0) return '';
  const data = code.map(({ line, counts }) => ({
    line,
    count: counts.find(([of]) => of === index)?.[1] ?? 0,
  }));
  return [
    `TN:${testName(reading)}`,
    `SF:${printable(path.replace(/\s/g, '?'))}`,
    ...data.map(({ line, count }) => `DA:${line},${count}`),
    `LF:${data.length}`,
    `LH:${data.filter(({ count }) => count > 0).length}`,
    'end_of_record\n',
  ].join('\n');
}

/** Of letters, digits and underscores: other characters are not allowed. */
function testName({ program, direction, machine }: CoverageReading): string {
  const words = [program, direction, machine].filter((word) => word !== null);
  return words.join('_').replace(/\W/g, '_');
}
