// SPDX-License-Identifier: MIT
/** What a version claims of its speed and of its tests. */
import type { PerformanceClaim, TestingClaim } from '../core/review.ts';
import { type Column, displayWidth, formatTable, truncate } from '../core/table.ts';
import { oneLine, paragraph } from './layout.ts';

const COLUMNS: Column[] = [
  { title: '  test' },
  { title: 'direction' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: 'claimed', align: 'right' },
  { title: 'computed', align: 'right' },
  { title: '' },
];
/** A name may take what the numbers leave; a unit is short, or it is none. */
const SHORTEST_NAME = 12;
const LONGEST_NAME = 60;
const LONGEST_UNIT = 8;

/** The rows with the change that is printed beside the one that follows from the values; what is wrong is named. */
export function performanceText(
  claims: readonly PerformanceClaim[],
  several: boolean,
  width?: number,
): string {
  const rows = claims.map((one) => {
    const unit = truncate(oneLine(one.unit), LONGEST_UNIT);
    return [
      one.direction === null ? '-' : truncate(oneLine(one.direction), 9),
      `${one.before} ${unit}`.trim(),
      `${one.after} ${unit}`.trim(),
      one.change === null ? 'none' : claimed(one.change),
      percent(one.computedChange),
      one.right === false ? 'WRONG' : '',
    ];
  });
  const others = COLUMNS.slice(1).map(({ title }, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const left = (width ?? LONGEST_NAME) - others.reduce((sum, one) => sum + one + 2, 0) - 2;
  const room = width === undefined ? LONGEST_NAME : Math.min(LONGEST_NAME, Math.max(SHORTEST_NAME, left));
  const table = claims.map((one, at) => [`  ${truncate(oneLine(one.test), room)}`, ...(rows[at] ?? [])]);
  const wrong = claims.filter(({ right }) => right === false);
  const named = wrong.map((one) => {
    const of = [one.test, one.direction ?? '']
      .filter((part) => part !== '')
      .map(oneLine)
      .join(', ');
    const where = several ? ` in ${one.patch === 0 ? 'the cover letter' : `patch ${one.patch}`}` : '';
    const says = `${of}${where}: ${percent(one.change ?? 0)} is printed, ${one.before} to ${one.after} ${one.unit} is ${percent(one.computedChange)}`;
    return `${paragraph('  wrong: ', says, width)}\n`;
  });
  return formatTable(COLUMNS, table) + named.join('');
}

/** `+18%`, `no change` */
export function claimed(change: number): string {
  return change === 0 ? 'no change' : percent(change);
}

function percent(value: number): string {
  return `${value > 0 ? '+' : ''}${value}%`;
}

export function testingText(claims: readonly TestingClaim[], several: boolean, width?: number): string {
  return claims
    .map(({ text, patch }) => {
      const where = several ? ` (${patch === 0 ? 'cover letter' : `patch ${patch}`})` : '';
      return `${paragraph('  ', `${text}${where}`, width)}\n`;
    })
    .join('');
}
