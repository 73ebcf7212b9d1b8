// SPDX-License-Identifier: MIT
/** A run record → what a terminal shows at the end of a run. */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import {
  type CaseResult,
  DIRECTIONS,
  type Direction,
  type RunRecord,
  type SuiteResult,
} from '../core/run.ts';
import { groupSplats } from '../core/splat-groups.ts';
import { type Column, tableRows, wrapText } from '../core/table.ts';
import { countStatuses, plural, STATUS_WORD, seriesName, tookMs, treeName } from './words.ts';

export interface VerdictOptions {
  /** Columns to fit in; 80 without it. */
  width?: number;
  /** Leaves out the error that ended the run: who prints this prints that as well. */
  withoutError?: boolean;
}

/** What of a record the tables of cases are made from; a run that goes on has as much. */
export type TestedCases = Pick<RunRecord, 'suites'>;

/** What can be run again of a line. */
export interface ShownCase {
  program: string;
  /** null: the whole program. */
  name: string | null;
  /** Those in which it did not pass; all it passed in, where there is none. */
  directions: readonly Direction[];
}

export interface ReportLine {
  text: string;
  about: ShownCase | null;
}

/** A table of cases × directions for each program; a line for each probe. */
export function caseLines(tested: TestedCases, width: number): ReportLine[] {
  return joined(caseTables(tested, width));
}

function caseTables(tested: TestedCases, width: number): ReportLine[][] {
  const tables = programs(tested)
    .filter((program) => !isProbe(program))
    .map((program) => caseTable(tested, program, width));
  return [...tables, probeTable(tested, width)];
}

/** The verdict, the tables of cases, and what failed, with its reason and logs. */
export function verdictLines(record: RunRecord, options: VerdictOptions = {}): ReportLine[] {
  const width = options.width ?? 80;
  return joined([
    ...caseTables(record, width),
    plain(skippedSuites(record, width)),
    failures(record, width),
    plain(splats(record, width)),
    plain(boots(record, width)),
    plain(options.withoutError === true ? '' : trouble(record, width)),
    plain(summary(record, width)),
  ]);
}

/** The same as text. */
export function formatVerdict(record: RunRecord, options: VerdictOptions = {}): string {
  return verdictLines(record, options)
    .map(({ text }) => `${text}\n`)
    .join('');
}

/** A blank line between parts that have something in them. */
function joined(parts: readonly ReportLine[][]): ReportLine[] {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, at) => (at === 0 ? part : [{ text: '', about: null }, ...part]));
}

function plain(text: string, about: ShownCase | null = null): ReportLine[] {
  return text === ''
    ? []
    : text
        .slice(0, -1)
        .split('\n')
        .map((line) => ({ text: line, about }));
}

function programs(record: TestedCases): string[] {
  return [...new Set(record.suites.filter((suite) => suite.cases.length > 0).map((suite) => suite.program))];
}

function caseTable(record: TestedCases, program: string, width: number): ReportLine[] {
  const suites = record.suites.filter((suite) => suite.program === program);
  const directions = DIRECTIONS.filter((one) => suites.some((suite) => suite.direction === one));
  const rows = new Map<string, { id: number; name: string; cells: Partial<Record<Direction, CaseResult>> }>();
  for (const suite of suites) {
    for (const result of suite.cases) {
      const key = `${result.id} ${result.name}`;
      const row = rows.get(key) ?? { id: result.id, name: result.name, cells: {} };
      row.cells[suite.direction] = result;
      rows.set(key, row);
    }
  }
  const columns: Column[] = [
    { title: '', align: 'right' },
    { title: printable(program), wrap: true },
    ...directions.map((title): Column => ({ title })),
  ];
  const table = [...rows.values()].map((row) => [
    row.id < 0 ? '' : String(row.id),
    printable(row.name),
    ...directions.map((direction) => cell(row.cells[direction])),
  ]);
  const about = [...rows.values()].map(({ id, name, cells }) =>
    shownCase(program, id < 0 ? null : name, cells),
  );
  return tableLines(tableRows(columns, table, { width }), about);
}

/** The first row has the titles. */
function tableLines(rows: readonly string[][], about: readonly ShownCase[]): ReportLine[] {
  return rows.flatMap((lines, at) =>
    lines.map((text) => ({ text, about: at === 0 ? null : (about[at - 1] ?? null) })),
  );
}

function shownCase(
  program: string,
  name: string | null,
  cells: Partial<Record<Direction, Pick<CaseResult, 'status'>>>,
): ShownCase {
  const of = (direction: Direction): string => cells[direction]?.status ?? '';
  const ran = DIRECTIONS.filter((direction) => of(direction) !== '');
  const troubled = ran.filter((direction) => !['pass', 'skip'].includes(of(direction)));
  const passed = ran.filter((direction) => of(direction) === 'pass');
  const [directions = ran] = [troubled, passed].filter((some) => some.length > 0);
  return { program, name, directions };
}

/** What respin brings beside the tree's own programs. */
function isProbe(program: string): boolean {
  return program.startsWith('probe-');
}

/** The probes have hundreds of cases: a line for each of them, and what did not pass is told below by name. */
function probeTable(record: TestedCases, width: number): ReportLine[] {
  const suites = record.suites.filter(({ program, cases }) => isProbe(program) && cases.length > 0);
  if (suites.length === 0) return [];
  const directions = DIRECTIONS.filter((one) => suites.some((suite) => suite.direction === one));
  const columns: Column[] = [
    { title: 'probe', wrap: true },
    ...directions.map((title): Column => ({ title })),
  ];
  const names = [...new Set(suites.map(({ program }) => program))];
  const rows = names.map((program) => [
    printable(program.slice('probe-'.length)),
    ...directions.map((direction) =>
      suiteCell(suites.find((suite) => suite.program === program && suite.direction === direction)),
    ),
  ]);
  const about = names.map((program) => ({
    ...{ program, name: null },
    directions: suites.filter((suite) => suite.program === program).map(({ direction }) => direction),
  }));
  return tableLines(tableRows(columns, rows, { width }), about);
}

/** `27 pass, 2 xfail 2.6s` */
function suiteCell(suite: SuiteResult | undefined): string {
  if (suite === undefined) return '-';
  const counts = countStatuses({ suites: [suite] });
  const words = counts.map(([status, count]) => `${count} ${STATUS_WORD[status]}`).join(', ');
  const ms = suite.cases.reduce((all, one) => all + (one.ms ?? 0), 0);
  return suite.cases.every(({ status }) => status === 'skip') ? words : `${words} ${formatDuration(ms)}`;
}

function cell(result: CaseResult | undefined): string {
  if (result === undefined) return '-';
  const word = STATUS_WORD[result.status];
  const timed = result.ms !== null && result.status !== 'skip' && result.status !== 'not-run';
  return timed ? `${word} ${formatDuration(result.ms ?? 0)}` : word;
}

function skippedSuites(record: RunRecord, width: number): string {
  return record.suites
    .filter((suite) => suite.skipped !== null)
    .map((suite) => paragraph('skip', `${suite.program} ${suite.direction}: ${suite.skipped}`, width))
    .join('');
}

function failures(record: RunRecord, width: number): ReportLine[] {
  const lines: ReportLine[] = [];
  for (const suite of record.suites) {
    for (const result of suite.cases) {
      if (!['fail', 'flaky', 'unknown'].includes(result.status)) continue;
      const number = result.id < 0 ? '' : `${result.id} `;
      const name = `${suite.program} ${suite.direction} ${number}${result.name}`;
      const text =
        paragraph(STATUS_WORD[result.status], name, width) +
        paragraph('', result.reason ?? 'no reason given', width) +
        paragraph('', `${logsOf(suite, result)}${oftenWords(result)}`, width);
      const again = result.id < 0 ? null : result.name;
      lines.push(...plain(text, shownCase(suite.program, again, { [suite.direction]: result })));
    }
  }
  return [...lines, ...expectedFailures(record, width)];
}

/** `; 2 of 20 attempts failed` */
function oftenWords({ attempts, failed }: CaseResult): string {
  if (attempts < 2) return '';
  return failed === undefined ? `; ${attempts} attempts` : `; ${failed} of ${attempts} attempts failed`;
}

/** What the kernel is known for is told once, whatever the cases and directions it shows in. */
function expectedFailures(record: RunRecord, width: number): ReportLine[] {
  const groups = new Map<
    string,
    { program: string; what: string; names: Set<string>; directions: Set<Direction> }
  >();
  for (const { program, direction, cases } of record.suites) {
    for (const { name, status, reason } of cases) {
      if (status !== 'xfail') continue;
      // What the two sides said of it this time stands behind.
      const what = (reason ?? '').replace(/ \((?:host|guest): .*\)$/s, '');
      const key = `${program} ${what}`;
      const group = groups.get(key) ?? { program, what, names: new Set(), directions: new Set() };
      group.names.add(name);
      group.directions.add(direction);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap(({ program, what, names, directions: seen }) => {
    const directions = DIRECTIONS.filter((direction) => seen.has(direction));
    const cases = `${program} ${[...names].map((name) => `“${name}”`).join(', ')} (${directions.join(', ')})`;
    const [name = null] = names.size === 1 ? names : [];
    const text = paragraph(STATUS_WORD.xfail, cases, width) + paragraph('', what, width);
    return plain(text, { program, name, directions });
  });
}

function logsOf(suite: SuiteResult, result: CaseResult): string {
  const { host, guest } = result.logs ?? suite.logs;
  return `${host} ${guest}`;
}

function splats(record: RunRecord, width: number): string {
  let text = '';
  for (const { first, count, boots: seen } of groupSplats(record.splats)) {
    const often = count > 1 ? `, ${count} times` : '';
    const boot =
      record.boots.length > 1 ? `, ${seen.length === 1 ? 'boot' : 'boots'} ${seen.join(', ')}` : '';
    text += paragraph('SPLAT', `${first.machine}: ${first.title}`, width);
    if (first.where !== null) text += paragraph('', `in ${first.where}`, width);
    text += paragraph('', `${first.log}:${first.line}${boot}${often}; its stack is in splats.txt`, width);
  }
  return text;
}

/** Only when there is something to say: one boot that went well is no news. */
function boots(record: RunRecord, width: number): string {
  if (record.boots.length < 2 && record.boots.every((boot) => boot.outcome === 'ok')) return '';
  return record.boots
    .map((boot) => {
      // Below its first line stands the end of the console, which is in the log as well.
      const detail = boot.detail === null ? '' : `, ${boot.detail.split('\n', 1)[0]}`;
      // The first needs no reason but the mode's, which the summary gives.
      const why = boot.number === 1 ? '' : `; started because: ${boot.why}`;
      return paragraph('boot', `${boot.number} ${boot.mode}: ${boot.outcome}${detail}${why}`, width);
    })
    .join('');
}

function trouble(record: RunRecord, width: number): string {
  const { error } = record;
  if (error === null) return '';
  let text = paragraph('error', `${error.code}: ${error.message}`, width);
  // Code, rejects and compilers' words: as they are, or they cannot be read.
  const detail = (error.detail ?? '').trimEnd();
  for (const line of detail === '' ? [] : detail.split('\n'))
    text += `${(' '.repeat(LABEL) + printable(line)).trimEnd()}\n`;
  if (error.hint !== null) text += paragraph('hint', error.hint, width);
  return text;
}

function summary(record: RunRecord, width: number): string {
  const { machine } = record;
  const counts = countStatuses(record).map(([status, count]) => `${count} ${STATUS_WORD[status]}`);
  const cases = record.suites.reduce((sum, suite) => sum + suite.cases.length, 0);
  const took = tookMs(record);
  const lines: [string, string][] = [];
  lines.push(['run', `${seriesName(record)} on ${treeName(record)}, ${record.id}`]);
  if (machine !== null) {
    const slow = machine.timeScale === 1 ? '' : `, time limits x${machine.timeScale}`;
    const step = machine.stepTimeout === 10 ? '' : `, programs built with ${machine.stepTimeout} s a step`;
    const cpus = `${machine.hostCpus}+${machine.guestCpus} vcpus`;
    lines.push([
      'machine',
      `${machine.mode} (${machine.reason}), QEMU ${machine.qemu}, ${cpus}${slow}${step}`,
    ]);
  }
  if (record.kernels !== null) lines.push(['kernels', kernelsOf(record, record.kernels)]);
  const { part } = record;
  if (part !== undefined) {
    const often = part.times === 1 ? '' : `, ${part.times} times each`;
    lines.push(['part', `${part.cases.join(', ')}${often}: the verdict is of these alone`]);
  }
  if (cases > 0) {
    const time = took === null ? '' : ` in ${formatDuration(took)}`;
    lines.push(['cases', `${plural(cases, 'result')}: ${counts.join(', ')}${time}`]);
  }
  lines.push([record.verdict === 'fail' ? 'FAIL' : record.verdict, record.why]);
  return lines.map(([label, text]) => paragraph(label, text, width)).join('');
}

/** Which kernel each machine booted: a run of one patched machine must not look like one of two. */
function kernelsOf({ variants }: RunRecord, kernels: NonNullable<RunRecord['kernels']>): string {
  const [host, guest] = (['host', 'guest'] as const).map(
    (machine) => `${kernels[machine].release} ${variants[machine]}, ${kernels[machine].profile} profile`,
  );
  return host === guest ? `${host}, in host and guest` : `host ${host}; guest ${guest}`;
}

const LABEL = 9;

/** A label and a text wrapped behind it. Words longer than the line are left whole: they are names to copy. */
function paragraph(label: string, text: string, width: number): string {
  return wrapText(printable(text), Math.max(20, width - LABEL))
    .map((line, i) => `${(i === 0 ? label : '').padEnd(LABEL)}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
