// SPDX-License-Identifier: MIT
/**
 * A record of measurements → the block that goes into a commit message, in the form people write on the list:
 *
 *     Tool/Config: uperf w/ 64 threads, SOCK_STREAM
 *     Test Runs: 5, mean of results
 *     Before: commit 95ec6bce2a0b ("Merge branch 'net-ipa-more-endpoints'")
 *
 *     Test: 64KB, g2h
 *     Before: 21.63 Gb/s
 *     After: 25.59 Gb/s (+18%)
 */
import { RespinError } from '../core/errors.ts';
import { FEWEST_RUNS, type PerfChange, type PerfRecord } from '../core/perf.ts';
import { wrapText } from '../core/table.ts';
import { oneLine } from './layout.ts';
import { loadText } from './perf-head.ts';
import { measuredOf } from './perf-measured.ts';
import {
  inUnit,
  isSame,
  kernelsName,
  loadName,
  lostBoots,
  programName,
  signed,
  TOO_FEW,
  whyNoFigures,
} from './perf-words.ts';
import { plural, treeName } from './words.ts';

/** What is left of a mail's 75 columns once it was quoted. */
const WIDTH = 72;
/** More than any subject that is meant to be read. */
const LONGEST_SUBJECT = 300;

/**
 * Of the base against the patched kernels; of the first pair against the second where those were not measured.
 * @throws RespinError PERF_NO_FIGURES (machine) for a record that ended with an error, or has no change to print
 */
export function formatCommitMessage(record: PerfRecord): string {
  const why = whyNoFigures(record);
  const [first] = record.changes;
  if (why !== null || first === undefined) {
    throw new RespinError({
      code: 'PERF_NO_FIGURES',
      blame: 'machine',
      message: `there is nothing to write into a commit message: ${why}`,
      hint: 'measure again: respin perf --help tells how',
    });
  }
  const pair = record.changes.find(isOfSeries) ?? first;
  const changes = record.changes.filter(
    ({ before, after }) => isSame(before, pair.before) && isSame(after, pair.after),
  );
  const head = [
    `Tool/Config: ${programName(record.program)} w/ ${loadName(record.tests)}`,
    `Test Runs: ${record.runs}, mean of results`,
    `Before: ${baseName(record)}`,
  ];
  const tests = measuredOf({ tests: record.tests, changes }).map(({ name, rows }) => [
    `Test: ${name.join(', ')}`,
    ...valueLines(rows[1]?.change ?? null),
  ]);
  const blocks = [head, ...tests, [howMeasured(record, pair)]];
  return `${blocks.map((lines) => lines.map(wrapped).join('\n')).join('\n\n')}\n`;
}

function isOfSeries({ before, after }: Pick<PerfChange, 'before' | 'after'>): boolean {
  return kernelsName(before) === 'base' && kernelsName(after) === 'patched';
}

function wrapped(text: string): string {
  return wrapText(oneLine(text), WIDTH).join('\n');
}

/** As commits are named on the list; a tree without history has no commit anybody else knows. */
function baseName(record: PerfRecord): string {
  const { commit, subject } = record.tree;
  if (subject === null) return treeName(record);
  return `commit ${commit.slice(0, 12)} ("${subject.slice(0, LONGEST_SUBJECT)}")`;
}

function valueLines(change: PerfChange | null): string[] {
  if (change === null) return ['not measured'];
  const { values, what } = change.real
    ? figuresOf(change)
    : // Words: whatever else stood there, somebody would take it for a number.
      {
        values: inUnit(change.of, [change.beforeMean, change.afterMean]),
        what: change.samples.after.length < FEWEST_RUNS ? TOO_FEW : 'no measurable change',
      };
  // A commit message is ASCII.
  const [before = '', after = ''] = values.map((value) => value.replace('µ', 'u'));
  return [`Before: ${before}`, `After: ${after} (${what})`];
}

/** Values with as many digits as it takes for whoever computes the percentage from them to get the one that is printed. */
function figuresOf({ of, beforeMean, afterMean, change }: PerfChange): { values: string[]; what: string } {
  const size = Math.abs(change);
  const decimals = size >= 10 ? 0 : size >= 1 ? 1 : 2;
  for (let digits = 3; ; digits++) {
    const values = inUnit(of, [beforeMean, afterMean], digits);
    const [before = 0, after = 0] = values.map(Number.parseFloat);
    const percent = signed(((after - before) / before) * 100, decimals);
    if (percent === signed(change, decimals) || digits === 6) return { values, what: `${percent}%` };
  }
}

function howMeasured(record: PerfRecord, { before, after }: PerfChange): string {
  const { machine, boots, kernels } = record;
  if (machine === null) return '';
  const { clock, mode, qemu, cpu, cpus, hostCpus, guestCpus, nsPerInstruction } = machine;
  const second = nsPerInstruction === null ? '' : `a second is ${1e9 / nsPerInstruction} instructions on `;
  const by =
    clock === 'wall'
      ? `Measured in seconds on ${cpu}, ${plural(cpus, 'core')}, ${loadText(boots).replace(' %', '%')}`
      : `Measured by the instruction clock (${second}${hostCpus}+${guestCpus} vcpus; no cache misses, memory traffic or contention)`;
  const release = (kernels.base ?? kernels.patched)?.release;
  const linux = release === undefined ? '' : `, Linux ${release}`;
  const which = isOfSeries({ before, after })
    ? ''
    : ` Before: ${kernelsName(before)}. After: ${kernelsName(after)}.`;
  const lost = lostBoots(record);
  return `${by}, ${mode}, QEMU ${qemu}${linux}.${which}${lost === null ? '' : ` ${lost}.`}`;
}
