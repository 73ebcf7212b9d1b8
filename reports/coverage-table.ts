// SPDX-License-Identifier: MIT
/** A coverage record → by file and patch, by program, the lines that never ran, and the line for a mail. */
import { BOOT, type CoverageLine, type CoverageRecord, countLines } from '../core/coverage.ts';
import { DIRECTIONS } from '../core/run.ts';
import { type Column, formatTable } from '../core/table.ts';
import { neverText } from './coverage-lines.ts';
import { coverageSummary, lostText, placesText, uncountedText } from './coverage-words.ts';
import { oneLine, paint, paragraph, shortPath, type TextOptions } from './layout.ts';
import { seriesName, treeName } from './words.ts';

const LABEL = 9;

/** @param withoutError the error is printed by who measured */
export function formatCoverage(
  record: CoverageRecord,
  options: TextOptions & { withoutError?: boolean } = {},
): string {
  const { width, color, withoutError } = options;
  const { bold } = paint(color);
  const parts = [
    headText(record, width),
    filesText(record, width),
    programsText(record, width),
    neverText(record, options),
  ].filter((part) => part !== '');
  if (record.error !== null) {
    if (!withoutError) parts.push(`${paragraph('', `no result: ${record.error.message}`, width)}\n`);
  } else {
    parts.push(`${bold(paragraph('', coverageSummary(record), width))}\n`);
  }
  return parts.join('\n');
}

function headText(record: CoverageRecord, width?: number): string {
  const { machine, kernels, gcov, tests, profiled, id } = record;
  const rows: [string, string][] = [['coverage', `${seriesName(record)} on ${treeName(record)}, ${id}`]];
  if (machine !== null) {
    const { mode, reason, qemu, hostCpus, guestCpus } = machine;
    rows.push(['machine', `${mode} (${reason}), QEMU ${qemu}, ${hostCpus}+${guestCpus} vcpus`]);
  }
  if (kernels !== null) {
    const { host, guest } = kernels;
    const profile = host.profile === guest.profile ? host.profile : `${host.profile} and ${guest.profile}`;
    rows.push([
      'kernels',
      `${host.release} patched, ${profile} profile, gcov ${gcov ?? 'unknown'} in host and guest`,
    ]);
  }
  const built = profiled.filter((one) => one.built).map(({ source }) => source);
  const not = profiled.filter((one) => !one.built).map(({ source }) => source);
  if (built.length > 0) rows.push(['counted', built.join(' ')]);
  if (not.length > 0) rows.push(['', `not built: ${not.join(' ')}`]);
  if (tests !== null) {
    const cases = Object.entries(tests.cases).map(([status, count]) => `${count} ${status}`);
    rows.push([
      'tests',
      `${tests.verdict === null ? '' : `${tests.verdict}: `}${tests.why}${cases.length === 0 ? '' : ` (${cases.join(', ')})`}`,
    ]);
    for (const failed of tests.failed) rows.push(['', failed]);
  }
  for (const lost of lostText(record)) rows.push(['lost', `${lost}; what ran there is not known`]);
  return rows.map(([label, text]) => `${paragraph(label.padEnd(LABEL), text, width)}\n`).join('');
}

const FILE_COLUMNS: Column[] = [
  { title: 'file' },
  { title: 'patch' },
  ...['added', 'code', 'ran', 'never'].map((title): Column => ({ title, align: 'right' })),
  { title: 'the others' },
];

function filesText({ files, series, counts }: CoverageRecord, width = 100): string {
  if (files.length === 0) return '';
  const rows = files.flatMap(({ path, why, lines }) =>
    [...Map.groupBy(lines, ({ patch }) => patch)]
      .sort(([a], [b]) => a - b)
      .map(([patch, some], at) => [
        at === 0 ? shortPath(path, Math.max(24, width - 56)) : '',
        `${patch}/${series.patches.length}`,
        ...numbers(some),
        why ?? uncountedText({ counts: countLines(some) }),
      ]),
  );
  const sum = ['', '', ...numbersOf(counts), uncountedText({ counts })];
  return formatTable(FILE_COLUMNS, [...rows, ...(rows.length > 1 ? [sum] : [])].map(escaped));
}

function numbers(lines: readonly CoverageLine[]): string[] {
  return numbersOf(countLines(lines));
}

function numbersOf({ added, code, ran, never }: CoverageRecord['counts']): string[] {
  return [`${added}`, ...(code === 0 ? ['', '', ''] : [`${code}`, `${ran}`, `${never}`])];
}

/** Of the places that only one program reached, as many are named. */
const MOST_ALONE = 12;

const PROGRAM_COLUMNS: Column[] = [
  { title: 'program' },
  ...[...DIRECTIONS, 'host', 'guest', 'ran', 'alone'].map((title): Column => ({ title, align: 'right' })),
];

/** How many added lines each program reached, in each direction and machine, and how many no other did. */
function programsText({ readings, files }: CoverageRecord, width?: number): string {
  const lines = files.flatMap((file) => file.lines).filter(({ state }) => state === 'ran');
  const names = [...new Set(readings.map(({ program }) => program))];
  if (names.length === 0) return '';
  const programsOf = new Map(
    lines.map((line) => [line, new Set(line.counts.map(([reading]) => readings[reading]?.program ?? ''))]),
  );
  const isAlone = (line: CoverageLine, name: string): boolean => {
    const programs = programsOf.get(line);
    return programs?.size === 1 && programs.has(name);
  };
  const rows = names.map((name) => {
    const reached = (which: (reading: CoverageRecord['readings'][number]) => boolean): string => {
      const mine = readings.map((one) => one.program === name && which(one));
      // A direction that the program does not run in.
      if (!mine.includes(true)) return '';
      if (!readings.some((one, reading) => mine[reading] && one.taken > 0)) return 'lost';
      return `${lines.filter(({ counts }) => counts.some(([reading]) => mine[reading])).length}`;
    };
    return [
      name === BOOT ? 'boot, before the first' : name,
      ...DIRECTIONS.map((direction) => reached((one) => one.direction === direction)),
      ...(['host', 'guest'] as const).map((machine) => reached((one) => one.machine === machine)),
      reached(() => true),
      `${lines.filter((line) => isAlone(line, name)).length}`,
    ];
  });
  const alone = names.flatMap((name) => {
    const places = placesText(files, (line) => isAlone(line, name), MOST_ALONE);
    return places === '' ? [] : [`${paragraph(`  only ${name}: `, places, width)}\n`];
  });
  return `${formatTable(PROGRAM_COLUMNS, rows.map(escaped))}${alone.join('')}`;
}

/** Names come from patches. */
function escaped(row: readonly string[]): string[] {
  return row.map((cell) => oneLine(cell));
}
