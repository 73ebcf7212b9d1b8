// SPDX-License-Identifier: MIT
/** A run record → what a mail to a list says of it. */
import { printable } from '../../core/escape.ts';
import {
  type CaseResult,
  type CaseStatus,
  DIRECTIONS,
  type RunRecord,
  type SuiteResult,
} from '../../core/run.ts';
import { formatTable, wrapText } from '../../core/table.ts';

const WIDTH = 72;
const LABEL = 10;
const MOST_SHOWN = 20;

const COLUMNS: readonly [CaseStatus, string][] = [
  ['pass', 'pass'],
  ['fail', 'FAIL'],
  ['flaky', 'flaky'],
  ['xfail', 'xfail'],
  ['unknown', 'unknown'],
  ['skip', 'skip'],
  ['not-run', 'not run'],
];

/** Tree, kernels, machine; how many cases passed of each program and direction; what did not, and why. */
export function runSummary(record: RunRecord): string[] {
  const parts = [
    facts(record),
    counts(record),
    notRun(record),
    troubles(record),
    splats(record),
    ending(record),
  ];
  return parts.filter((part) => part.length > 0).flatMap((part, at) => (at === 0 ? part : ['', ...part]));
}

function facts(record: RunRecord): string[] {
  const { tree, machine, kernels } = record;
  const version = tree.version === '' ? '' : ` (${tree.version})`;
  const commit = tree.commit === '' ? '' : `, commit ${tree.commit.slice(0, 12)}`;
  const lines = [...paragraph('tree', `${tree.source}${version}${commit}`)];
  if (kernels !== null) {
    const [host, guest] = (['host', 'guest'] as const).map((one) => {
      const { release, compiler, profile } = kernels[one];
      return `${release} ${record.variants[one]}, ${profile} configuration, ${compiler}`;
    });
    if (host === guest) lines.push(...paragraph('kernels', `${host}, in host and guest`));
    else lines.push(...paragraph('host', host ?? ''), ...paragraph('guest', guest ?? ''));
  }
  if (machine !== null) {
    const vcpus = `${machine.hostCpus}+${machine.guestCpus} vcpus`;
    lines.push(...paragraph('machine', `${machine.mode}, QEMU ${machine.qemu}, ${vcpus}`));
    const step = machine.stepTimeout === 10 ? [] : [`programs built with ${machine.stepTimeout} s a step`];
    const scale = machine.timeScale === 1 ? [] : [`time limits x${machine.timeScale}`];
    // A longer time-out is fair under emulation when it is said.
    if (step.length + scale.length > 0) lines.push(...paragraph('', [...scale, ...step].join(', ')));
  }
  return [...lines, ...paragraph('run', `${record.id}, respin ${record.respin}`)];
}

function counts(record: RunRecord): string[] {
  const suites = record.suites.filter((suite) => suite.cases.length > 0 || suite.skipped !== null);
  const skipped = suites.filter((suite) => suite.skipped !== null);
  if (suites.length === 0) return [];
  const cases = suites.flatMap((suite) => suite.cases);
  const columns = COLUMNS.filter(
    ([status]) => status === 'pass' || cases.some((one) => one.status === status),
  );
  const rows = suites.map((suite) => [
    printable(suite.program),
    suite.direction,
    ...columns.map(([status]) =>
      suite.skipped === null ? String(suite.cases.filter((one) => one.status === status).length) : '-',
    ),
  ]);
  const table = formatTable(
    [
      { title: 'program' },
      { title: 'direction' },
      ...columns.map(([, title]) => ({ title, align: 'right' as const })),
    ],
    rows,
    { width: WIDTH },
  );
  return [
    ...table.trimEnd().split('\n'),
    ...skipped.flatMap((suite) => paragraph('skip', `${suite.program} ${suite.direction}: ${suite.skipped}`)),
  ];
}

/** A pass of one direction must not look like one of all. */
function notRun({ suites }: RunRecord): string[] {
  if (suites.length === 0) return ['No test was run.'];
  const missing = DIRECTIONS.filter((one) => !suites.some(({ direction }) => direction === one));
  return missing.length === 0 ? [] : [`Not run: ${missing.join(', ')}.`];
}

function troubles({ suites }: RunRecord): string[] {
  const found = suites.flatMap((suite) =>
    suite.cases
      .filter(({ status }) => status !== 'pass' && status !== 'skip' && status !== 'not-run')
      .map((one) => [suite, one] as const),
  );
  const lines = found.slice(0, MOST_SHOWN).flatMap(([suite, one]) => trouble(suite, one));
  return found.length > MOST_SHOWN ? [...lines, `and ${found.length - MOST_SHOWN} more`] : lines;
}

function trouble(suite: SuiteResult, one: CaseResult): string[] {
  const number = one.id < 0 ? '' : `${one.id} `;
  const word = one.status === 'fail' ? 'FAIL' : one.status;
  const often = one.attempts > 1 ? ` (${one.attempts} attempts)` : '';
  return [
    ...paragraph(word, `${suite.program} ${suite.direction} ${number}${one.name}${often}`),
    ...paragraph('', one.reason ?? 'no reason given'),
  ];
}

function splats({ splats: all }: RunRecord): string[] {
  const titles = [...new Set(all.map(({ machine, title }) => `${machine}: ${title}`))];
  const lines = titles.slice(0, MOST_SHOWN).flatMap((title) => paragraph('SPLAT', title));
  return titles.length > MOST_SHOWN ? [...lines, `and ${titles.length - MOST_SHOWN} more`] : lines;
}

function ending(record: RunRecord): string[] {
  const { error, verdict, why } = record;
  const lines = paragraph(verdict === 'fail' ? 'FAIL' : verdict, why);
  return error === null || why.includes(error.message)
    ? lines
    : [...paragraph('error', `${error.code}: ${error.message}`), ...lines];
}

function paragraph(label: string, text: string): string[] {
  const lines = wrapText(printable(text.replaceAll('\n', ' ')), WIDTH - LABEL);
  return lines.map((line, at) => `${(at === 0 ? label : '').padEnd(LABEL)}${line}`.trimEnd());
}
