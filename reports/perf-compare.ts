// SPDX-License-Identifier: MIT
/** Two records of measurements → how the patched kernels of one do against those of the other: v3 against v4. */

import { printable } from '../core/escape.ts';
import type { PerfChange, PerfRecord, PerfTest } from '../core/perf.ts';
import { type Column, formatTable } from '../core/table.ts';
import { type Paint, paint, paragraph } from './layout.ts';
import { clockText } from './perf-head.ts';
import { measuredOf } from './perf-measured.ts';
import type { PerfTextOptions } from './perf-table.ts';
import {
  changeText,
  coloredChange,
  intervalText,
  inUnit,
  kernelsName,
  lostBoots,
  NO_CHANGE,
  programName,
  pText,
  UNCHANGED,
  whyUnfit,
} from './perf-words.ts';
import { plural, seriesName, treeName } from './words.ts';

/** What a change may come from, if not from what the series does; empty for records that can be compared. */
export function perfDifferences(a: PerfRecord, b: PerfRecord): string[] {
  const found: string[] = [];
  const compare = (what: string, one: string, other: string): void => {
    if (one !== other) found.push(`${what}: ${one} in a, ${other} in b`);
  };
  const [here, there] = [a.machine, b.machine];
  if (here !== null && there !== null) {
    compare('clock', here.clock, there.clock);
    compare('mode', here.mode, there.mode);
    compare('QEMU', here.qemu, there.qemu);
    compare('vcpus', vcpusOf(here), vcpusOf(there));
    if (here.clock === 'wall' || there.clock === 'wall') compare('machine', coresOf(here), coresOf(there));
    else compare('an instruction', instructionOf(here), instructionOf(there));
  }
  for (const what of ['profile', 'compiler', 'configHash'] as const) {
    const [one, other] = [a, b].map(({ kernels }) => (kernels.patched ?? kernels.base)?.[what]);
    if (one !== undefined && other !== undefined) compare(KERNEL_WORDS[what], one, other);
  }
  compare('program', programName(a.program), programName(b.program));
  for (const test of a.tests) {
    const other = b.tests.find(({ id }) => id === test.id);
    if (other !== undefined) compare(test.id, amountOf(test), amountOf(other));
  }
  return found;
}

const KERNEL_WORDS = { profile: 'profile', compiler: 'compiler', configHash: 'configuration' } as const;

type Measuring = NonNullable<PerfRecord['machine']>;

function vcpusOf({ hostCpus, guestCpus }: Measuring): string {
  return `${hostCpus}+${guestCpus}`;
}

/** What only seconds depend on. */
function coresOf({ cpu, cpus, pinned }: Measuring): string {
  return `${cpu}, ${plural(cpus, 'core')}, vcpus ${pinned ? 'pinned' : 'not pinned'}`;
}

function instructionOf({ nsPerInstruction }: Measuring): string {
  return nsPerInstruction === null ? 'not known' : `${nsPerInstruction} ns`;
}

/** What a round of a test moves. */
function amountOf({ threads, message, bytes, ms, echoes }: PerfTest): string {
  const much = bytes === null ? (ms === null ? `${echoes} messages` : `${ms} ms`) : `${bytes} bytes`;
  return `${plural(threads, 'thread')}, ${much} by ${message}`;
}

/**
 * A row for each test. Of records that were not measured alike no change is claimed: what differs stands
 * at the top, and the intervals stay.
 * @param changes from the kernels of `a` to those of `b`
 */
export function formatPerfCompare(
  a: PerfRecord,
  b: PerfRecord,
  changes: readonly PerfChange[],
  options: PerfTextOptions = {},
): string {
  const { width } = options;
  const style = paint(options.color);
  const line = (label: string, text: string): string => `${paragraph(label.padEnd(9), text, width)}\n`;
  const differences = perfDifferences(a, b);
  const why = [a, b].flatMap((record, at) => {
    const one = whyUnfit(record);
    return one === null ? [] : [`${'ab'[at]}: ${one}`];
  });
  if (changes.length === 0 && why.length === 0) why.push('a and b have no test in common');
  const top = headTable(a, b, changes, width ?? 80);
  const warning = differences.map((one) => line('differs', one)).join('');
  const parts =
    why.length > 0
      ? [top, warning + why.map((one) => line('no table', one)).join('')]
      : [
          top,
          warning,
          changesTable(a, b, changes, differences.length === 0, style),
          footLines(a, b, changes, differences.length === 0)
            .map(([label, words]) => line(label, words))
            .join(''),
        ];
  const text = parts.filter((part) => part !== '').join('\n');
  return options.ascii === true ? text.replaceAll('µ', 'u').replaceAll('…', '~') : text;
}

function headTable(a: PerfRecord, b: PerfRecord, changes: readonly PerfChange[], width: number): string {
  const kernels = [changes[0]?.before, changes[0]?.after];
  return formatTable(
    [{ title: '' }, { title: 'series' }, { title: 'kernels' }, { title: 'tree', wrap: true }],
    [a, b].map((record, at) => {
      const own = kernels[at];
      return [
        ...['ab'[at] ?? '', seriesName(record), own === undefined ? '-' : kernelsName(own)],
        `${treeName(record)}, ${record.tree.commit.slice(0, 12)}`,
      ].map(printable);
    }),
    { width },
  );
}

const UNTOLD = '?';

function changesTable(
  a: PerfRecord,
  b: PerfRecord,
  changes: readonly PerfChange[],
  alike: boolean,
  style: Paint,
): string {
  const others = b.tests.filter(({ id }) => a.tests.every((test) => test.id !== id));
  const measured = measuredOf({ tests: [...a.tests, ...others], changes });
  const table = measured.map(({ name, of, rows }) => {
    const [before, after] = rows;
    const change = after?.change ?? null;
    if (before === undefined || after === undefined || change === null)
      return { cells: [name.join(' '), 'not in both'], change: null };
    const figures = inUnit(of, [before.mean, after.mean]);
    const told = [
      alike ? changeText(change) : UNTOLD,
      intervalText(change),
      alike ? pText(change.p) : UNTOLD,
    ];
    return { cells: [name.join(' '), ...figures, ...told], change };
  });
  const columns: Column[] = [
    { title: 'test' },
    ...['a', 'b', 'change', '95 % interval', 'p'].map((title): Column => ({ title, align: 'right' })),
  ];
  const rows = table.map(({ cells }) => cells);
  const [titles = '', ...lines] = formatTable(columns, rows).trimEnd().split('\n');
  const shown = lines.map((text, at) => {
    const change = table[at]?.change ?? null;
    return alike && change !== null ? text.replace(changeText(change), coloredChange(change, style)) : text;
  });
  return `${[style.bold(titles), ...shown].join('\n')}\n`;
}

/** What the clock sees, and what the change column says and does not. */
function footLines(
  a: PerfRecord,
  b: PerfRecord,
  changes: readonly PerfChange[],
  alike: boolean,
): [label: string, words: string][] {
  const [here, there] = [clockText(a), clockText(b)];
  const lines: [string, string][] =
    here === there
      ? [['clock', here]]
      : [
          ['clock a', here],
          ['clock b', there],
        ];
  for (const [name, record] of [
    ['boots a', a],
    ['boots b', b],
  ] as const) {
    const lost = lostBoots(record);
    if (lost !== null) lines.push([name, lost]);
  }
  if (a.tree.commit !== b.tree.commit)
    lines.push(['trees', 'a and b are not on the same commit: a change may come from what lies between']);
  if (!alike) lines.push([UNTOLD, 'a and b were not measured alike: no change is claimed']);
  else if (changes.some(({ real }) => !real)) lines.push([NO_CHANGE, UNCHANGED]);
  return lines;
}
