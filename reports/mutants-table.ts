// SPDX-License-Identifier: MIT
/** What became of each mutant, and how many the programs kill. */
import { formatDuration } from '../core/duration.ts';
import { printable } from '../core/escape.ts';
import type { MutantHit, MutantResult, MutantsRecord } from '../core/mutants.ts';
import { type Column, formatTable } from '../core/table.ts';

/** `vsock_test g2h “SOCK_STREAM MSG_PEEK”`, or what else told of it. */
export function hitPhrase({ program, direction, case: name, how }: MutantHit): string {
  if (program === null) return how;
  return name === null ? `${program} ${direction}: ${how}` : `${program} ${direction} “${name}”`;
}

/** Of all mutants that could be tried, how many are killed, by whom. */
export interface MutantScore {
  tried: number;
  unknown: number;
  /** By vsock_test, or by a kernel that does not even come up. */
  vsockTest: number;
  /** By those and the tree's other programs. */
  tree: number;
  /** By all. */
  all: number;
}

export function scoreOf({ results, programs }: Pick<MutantsRecord, 'results' | 'programs'>): MutantScore {
  const probes = new Set(programs.filter(({ probe }) => probe).map(({ name }) => name));
  const killed = results.flatMap(({ hit }) => (hit === null ? [] : [hit]));
  // What the consoles tell when the machines are off is seen with any program.
  const byTree = killed.filter(({ program }) => program === null || !probes.has(program));
  return {
    tried: results.filter(({ outcome }) => outcome !== 'unknown').length,
    unknown: results.filter(({ outcome }) => outcome === 'unknown').length,
    vsockTest: byTree.filter(({ program }) => program === null || program === 'vsock_test').length,
    tree: byTree.length,
    all: killed.length,
  };
}

/** Milliseconds for all that was tried, also in the records this one goes on with; kernels are built meanwhile. */
export function triedMs({ results, base }: Pick<MutantsRecord, 'results' | 'base'>): number {
  return results.reduce((all, { testMs }) => all + testMs, base?.ms ?? 0);
}

const COLUMNS: Column[] = [
  ...[{ title: 'mutant' }, { title: 'file' }, { title: 'kind' }],
  ...[{ title: 'result' }, { title: 'after', align: 'right' as const }, { title: 'by', wrap: true }],
];

export function formatMutants(record: MutantsRecord, { width }: { width?: number } = {}): string {
  const rows = record.results.map((result) =>
    [
      ...[result.name, filesOf(result), result.kind, result.outcome],
      ...[result.hit === null ? '' : formatDuration(result.hit.ms), told(result)],
    ].map((cell) => printable(cell)),
  );
  const table = rows.length === 0 ? '' : formatTable(COLUMNS, rows, width === undefined ? {} : { width });
  return `${table}${rows.length === 0 ? '' : '\n'}${summary(record)}`;
}

function filesOf({ files }: MutantResult): string {
  return files.map((file) => file.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')).join(', ');
}

function told({ hit, why, flaky, outcome }: MutantResult): string {
  const seen = flaky.length === 0 ? '' : `${outcome === 'killed' ? '; ' : ''}once only: ${flaky.join('; ')}`;
  const name = hit?.case === null || hit?.program === null ? '' : (hit?.how ?? '');
  const by = hit === null ? (why ?? '') : `${hitPhrase(hit)}${name === '' ? '' : `: ${name}`}`;
  return `${by}${seen}`;
}

function summary(record: MutantsRecord): string {
  const { tried, unknown, vsockTest, tree, all } = scoreOf(record);
  const { machine, kernel, base, mutants, results, programs } = record;
  const share = (part: number): string =>
    `${part} of ${tried}${tried === 0 ? '' : ` (${Math.round((100 * part) / tried)} %)`}`;
  const probes = programs.filter(({ probe }) => probe).length;
  const lines = [
    `vsock_test alone          ${share(vsockTest)}`,
    `all programs of the tree  ${share(tree)}`,
    ...(probes === 0 ? [] : [`with the probes           ${share(all)}`]),
    ...(unknown === 0 ? [] : [`could not be tried        ${unknown}`]),
    ...(results.length === mutants ? [] : [`not tried yet             ${mutants - results.length}`]),
    ...(base === null
      ? []
      : [`the tree itself           ${base.cases} cases, ${base.expected} of them known to fail`]),
    ...(kernel === null || machine === null
      ? []
      : [
          `${record.tree.source}, Linux ${kernel.release} (${kernel.profile}), ${machine.mode}, QEMU ${machine.qemu}, ${machine.cpus} cores, ${formatDuration(triedMs(record))} of trying`,
        ]),
  ];
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

interface Listed {
  id: string;
  state: string;
  record: MutantsRecord | null;
  trouble: string | null;
}

export function formatMutantsList(records: readonly Listed[]): string {
  if (records.length === 0) return 'no mutants were hunted yet: respin mutants does\n';
  const rows = records.map(({ id, state, record, trouble }) => {
    if (record === null) return [id, '', `${state}: ${trouble ?? ''}`];
    const { tried, vsockTest, all } = scoreOf(record);
    const cut = record.error === null ? '' : `; ended early: ${record.error.message}`;
    return [id, record.tree.source, `${all} of ${tried} killed, ${vsockTest} by vsock_test${cut}`];
  });
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  return formatTable([{ title: 'record' }, { title: 'tree' }, { title: 'result' }], cells);
}
