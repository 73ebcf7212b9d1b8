// SPDX-License-Identifier: MIT
/** The shape of coverage.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { COVERAGE_SCHEMA, type CoverageRecord, LINE_STATES } from '../core/coverage.ts';
import { DIRECTIONS, VM_MODES } from '../core/run.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const words = (list: readonly string[]) => z.enum(list as [string, ...string[]]);

const kernel = z.object({ release: text, compiler: text, configHash: text, profile: text });
const patch = z.object({ subject: text, patchId: text, commit: text, messageId: textOrNull });

const reading = z.object({
  ...{ program: text, direction: words(DIRECTIONS).nullable(), machine: z.enum(['host', 'guest']) },
  ...{ taken: count, lost: textOrNull },
});

const line = z.object({
  ...{ line: count, text, state: words(LINE_STATES), patch: count, hunk: text, at: count },
  counts: z.array(z.tuple([count, count])),
  inferred: z.literal(true).optional(),
});

const file = z.object({
  ...{ path: text, why: textOrNull, lines: z.array(line) },
  around: z.array(z.object({ line: count, text })),
});

const record = z.looseObject({
  schema: z.literal(COVERAGE_SCHEMA),
  ...{ id: text, started: text, ended: text, respin: text, argv: z.array(text), exit: count },
  series: z.object({ name: text, title: text, version: text, source: text, patches: z.array(patch) }),
  tree: z.object({ source: text, version: text, commit: text, sha256: textOrNull }),
  machine: z
    .object({
      ...{ mode: words(VM_MODES), reason: text, qemu: text, hostCpus: count, guestCpus: count },
      ...{ cpus: count, timeScale: count, stepTimeout: count },
    })
    .nullable(),
  kernels: z.object({ host: kernel, guest: kernel }).nullable(),
  gcov: textOrNull,
  profiled: z.array(z.object({ source: text, built: z.boolean() })),
  tests: z
    .object({
      ...{ verdict: z.enum(['pass', 'fail', 'flaky', 'unknown']).nullable(), why: text },
      ...{ cases: z.record(text, count), failed: z.array(text) },
    })
    .nullable(),
  ...{ readings: z.array(reading), files: z.array(file) },
  counts: z.object({
    ...{ added: count, code: count, ran: count, never: count },
    ...{ noCode: count, notBuilt: count, notSeen: count },
  }),
  timings: z.record(text, count),
  error: z.object({ code: text, message: text, hint: textOrNull, detail: textOrNull }).nullable(),
});

/** The record in a coverage.json, or what is wrong with it in one line. */
export function parseCoverageRecord(json: string): { record: CoverageRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'coverage.json', schema: COVERAGE_SCHEMA, shape: record });
  return 'value' in read ? { record: read.value as unknown as CoverageRecord } : read;
}
