// SPDX-License-Identifier: MIT
/** The shape of perf.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { PERF_CLOCKS, PERF_DIRECTIONS, PERF_PROGRAMS, PERF_SCHEMA, type PerfRecord } from '../core/perf.ts';
import { VM_MODES } from '../core/run.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const countOrNull = count.nullable();
const words = (list: readonly string[]) => z.enum(list as [string, ...string[]]);

const variant = z.enum(['base', 'patched']);
const kernels = z.object({ host: variant, guest: variant });
const kernel = z.object({ release: text, compiler: text, configHash: text, profile: text }).nullable();
const patch = z.object({ subject: text, patchId: text, commit: text, messageId: textOrNull });
const ticks = z.object({
  ...{ user: count, system: count, irq: count, softirq: count, steal: count, guest: count, idle: count },
});
const round = z.object({ bytes: count, ns: count });
const interval = z.tuple([count, count]);

const test = z.object({
  ...{ id: text, direction: words(PERF_DIRECTIONS), type: z.enum(['stream', 'seqpacket']) },
  ...{ threads: count, message: count, measure: z.enum(['throughput', 'latency']) },
  ...{ bytes: countOrNull, ms: countOrNull, echoes: countOrNull },
});

const boot = z.object({
  ...{ number: count, kernels, set: count, outcome: z.enum(['ok', 'failed']) },
  ...{ hostInitMs: countOrNull, guestInitMs: countOrNull, ms: count, load: count, steal: countOrNull },
  detail: textOrNull,
});

const sample = z.object({
  ...{ test: text, kernels, set: count, boot: count, gbps: countOrNull },
  latency: z.object({ p50: count, p99: count, count }).nullable(),
  ...{ warmUp: z.array(round), rounds: z.array(round) },
  cpu: z.object({ host: ticks, guest: ticks }).nullable(),
});

const change = z.object({
  ...{ test: text, before: kernels, after: kernels, beforeMean: count, afterMean: count },
  ...{ beforeInterval: interval, afterInterval: interval, beforeSpread: count, afterSpread: count },
  ...{ change: count, interval, p: count, noise: count, real: z.boolean() },
  of: z.enum(['throughput', 'p50', 'p99']),
  samples: z.object({ before: z.array(count), after: z.array(count) }),
});

const record = z.looseObject({
  schema: z.literal(PERF_SCHEMA),
  ...{ id: text, started: text, ended: text, respin: text, argv: z.array(text), exit: count },
  series: z
    .object({ name: text, title: text, version: text, source: text, patches: z.array(patch) })
    .nullable(),
  tree: z.object({ source: text, version: text, commit: text, sha256: textOrNull, subject: textOrNull }),
  machine: z
    .object({
      ...{ mode: words(VM_MODES), reason: text, qemu: text, hostCpus: count, guestCpus: count },
      ...{ cpu: text, cpus: count, clock: words(PERF_CLOCKS), nsPerInstruction: countOrNull },
      pinned: z.boolean(),
    })
    .nullable(),
  program: z.object({ name: words(PERF_PROGRAMS), version: textOrNull }),
  runs: count,
  kernels: z.object({ base: kernel, patched: kernel }),
  ...{ tests: z.array(test), boots: z.array(boot), samples: z.array(sample), changes: z.array(change) },
  timings: z.record(text, count),
  error: z.object({ code: text, message: text, hint: textOrNull, detail: textOrNull }).nullable(),
});

/** The record in a perf.json, or what is wrong with it in one line. */
export function parsePerfRecord(json: string): { record: PerfRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'perf.json', schema: PERF_SCHEMA, shape: record });
  return 'value' in read ? { record: read.value as unknown as PerfRecord } : read;
}
