// SPDX-License-Identifier: MIT
/** The shape of run.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { DIRECTIONS, RUN_SCHEMA, type RunRecord, VM_MODES } from '../core/run.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const msOrNull = count.nullable();

const direction = z.enum(DIRECTIONS as [string, ...string[]]);
const mode = z.enum(VM_MODES as [string, ...string[]]);
const machine = z.enum(['host', 'guest']);
const variant = z.enum(['base', 'patched']);
const kernel = z.object({ release: text, compiler: text, configHash: text, profile: text });
const verdict = z.enum(['pass', 'fail', 'flaky', 'unknown']);
const side = z.enum(['ok', 'skipped', 'failed', 'unfinished', 'not-run']);

const patch = z.object({ subject: text, patchId: text, commit: text, messageId: textOrNull });

const result = z.object({
  id: count,
  name: text,
  status: z.enum(['pass', 'fail', 'xfail', 'skip', 'not-run', 'flaky', 'unknown']),
  host: side,
  guest: side,
  ms: msOrNull,
  attempts: count,
  failed: count.optional(),
  reason: textOrNull,
  logs: z.object({ host: text, guest: text }).optional(),
});

const suite = z.object({
  program: text,
  direction,
  cases: z.array(result),
  logs: z.object({ host: text, guest: text }),
  skipped: textOrNull,
});

const splat = z.object({
  machine,
  kind: text,
  title: text,
  where: textOrNull,
  text,
  log: text,
  line: count,
  boot: count,
});

const boot = z.object({
  number: count,
  mode,
  why: text,
  outcome: z.enum(['ok', 'died', 'timeout']),
  hostInitMs: msOrNull,
  guestInitMs: msOrNull,
  powerOffMs: msOrNull,
  detail: textOrNull,
});

const record = z.looseObject({
  schema: z.literal(RUN_SCHEMA),
  id: text,
  started: text,
  ended: text,
  respin: text,
  argv: z.array(text),
  verdict,
  why: text,
  exit: count,
  part: z.object({ cases: z.array(text), times: count }).optional(),
  series: z
    .object({
      ...{ name: text, title: text, version: text, source: text, patches: z.array(patch) },
      of: count.optional(),
    })
    .nullable(),
  tree: z.object({ source: text, version: text, commit: text, sha256: textOrNull }),
  machine: z
    .object({
      mode,
      reason: text,
      qemu: text,
      hostCpus: count,
      guestCpus: count,
      cpus: count,
      timeScale: count,
      stepTimeout: count,
    })
    .nullable(),
  variants: z.object({ host: variant, guest: variant }),
  kernels: z.object({ host: kernel, guest: kernel }).nullable(),
  builds: z.object({ host: text, guest: text, programs: text, probes: textOrNull }).nullish(),
  boots: z.array(boot),
  suites: z.array(suite),
  splats: z.array(splat),
  timings: z.record(text, count),
  request: text.optional(),
  error: z.object({ code: text, message: text, hint: textOrNull, detail: textOrNull }).nullable(),
});

/** The record in a run.json, or what is wrong with it in one line. */
export function parseRecord(json: string): { record: RunRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'run.json', schema: RUN_SCHEMA, shape: record });
  return 'value' in read ? { record: read.value as unknown as RunRecord } : read;
}
