// SPDX-License-Identifier: MIT
/** What a record of measurements is of, and what its clock sees. */
import type { PerfRecord } from '../core/perf.ts';
import { loadName, programName, rangeText } from './perf-words.ts';
import { plural, seriesName, treeName } from './words.ts';

/** `vsock-rx-buffers v2: vsock/virtio: larger receive buffers` */
export function perfTitle(record: PerfRecord): string {
  const title = record.series === null ? '' : `: ${record.series.title}`;
  return `${seriesName(record)}${title}`;
}

/** Labels and texts for the lines below the title. */
export function headLines(record: PerfRecord): [label: string, text: string][] {
  const { tree, machine, program, tests, runs } = record;
  const subject = tree.subject === null ? '' : ` ("${tree.subject}")`;
  // The others' is the receiver's.
  const whose = program.name === 'uperf' ? " (its client's figures)" : '';
  return [
    ['tree', `${treeName(record)}, commit ${tree.commit.slice(0, 12)}${subject}`],
    ['kernels', kernelsText(record)],
    ...(machine === null ? [] : [['machine', machineText(machine)] as [string, string]]),
    ['program', `${programName(program)}${whose}, ${loadName(tests)}, ${plural(runs, 'run')} each`],
    ['record', record.id],
  ];
}

function kernelsText({ kernels }: PerfRecord): string {
  const name = ({ release, profile, compiler }: NonNullable<PerfRecord['kernels']['base']>): string =>
    `${release}, ${profile} profile, ${compiler}`;
  const { base, patched } = kernels;
  if (base === null || patched === null) {
    const [only, which] = base === null ? [patched, 'patched'] : [base, 'base'];
    return only === null ? 'none was built' : `${which} ${name(only)}`;
  }
  if (name(base) === name(patched)) return `base and patched ${name(base)}`;
  return `base ${name(base)}; patched ${name(patched)}`;
}

type Measuring = NonNullable<PerfRecord['machine']>;

/** `tcg+svm (/dev/kvm cannot be opened), QEMU 10.0.2, 1+1 vcpus, instruction clock` */
export function machineText({ mode, reason, qemu, hostCpus, guestCpus, clock }: Measuring): string {
  const clockName = clock === 'wall' ? 'wall clock' : 'instruction clock';
  return `${mode} (${reason}), QEMU ${qemu}, ${hostCpus}+${guestCpus} vcpus, ${clockName}`;
}

/** What the clock does and does not see; by the wall that is this machine, and what else it did. */
export function clockText({ machine, boots }: Pick<PerfRecord, 'machine' | 'boots'>): string {
  if (machine === null) return '';
  const { clock, nsPerInstruction, cpu, cpus, mode, pinned } = machine;
  if (clock === 'instructions') {
    const each = nsPerInstruction === null ? '' : `: ${nsPerInstruction} ns each`;
    return `counts instructions, not cache misses or memory traffic${each}`;
  }
  const where = `${cpu}, ${plural(cpus, 'core')}, ${mode}, vcpus ${pinned ? 'pinned' : 'not pinned'}`;
  return `seconds of this machine (${where}), and all that slows it: ${loadText(boots)}`;
}

/** `load average 0.3 to 1.2, 0.1 % stolen` */
export function loadText(boots: PerfRecord['boots']): string {
  const steals = boots.flatMap(({ steal }) => (steal === null ? [] : [steal]));
  const isKnown = steals.length === boots.length && steals.length > 0;
  const stolen = isKnown ? `${rangeText(steals)} % stolen` : 'how much was stolen is not known';
  return `load average ${rangeText(boots.map(({ load }) => load))}, ${stolen}`;
}
