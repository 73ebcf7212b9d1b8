// SPDX-License-Identifier: MIT
/** The shape of mutants.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { MUTANTS_SCHEMA, type MutantsRecord } from '../core/mutants.ts';
import { DIRECTIONS, VM_MODES } from '../core/run.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const words = (list: readonly string[]) => z.enum(list as [string, ...string[]]);

const hit = z.object({
  ...{ program: textOrNull, direction: words(DIRECTIONS).nullable(), case: textOrNull, how: text, ms: count },
});

const result = z.object({
  ...{ name: text, title: text, kind: text, imitates: text, files: z.array(text), key: text },
  machines: z.array(z.enum(['host', 'guest'])),
  outcome: z.enum(['killed', 'survived', 'unknown']),
  ...{ hit: hit.nullable(), flaky: z.array(text), why: textOrNull },
  ...{ boots: count, buildMs: count, testMs: count },
});

const record = z.looseObject({
  schema: z.literal(MUTANTS_SCHEMA),
  ...{ id: text, started: text, ended: text, respin: text, argv: z.array(text), exit: count },
  tree: z.object({ source: text, version: text, commit: text, sha256: textOrNull }),
  machine: z
    .object({
      ...{ mode: words(VM_MODES), reason: text, qemu: text, hostCpus: count, guestCpus: count },
      ...{ cpus: count, timeScale: count, stepTimeout: count },
    })
    .nullable(),
  kernel: z.object({ release: text, compiler: text, configHash: text, profile: text }).nullable(),
  programs: z.array(z.object({ name: text, probe: z.boolean() })),
  base: z.object({ cases: count, expected: count, excused: z.array(text), ms: count }).nullable(),
  ...{ mutants: count, results: z.array(result), timings: z.record(text, count) },
  error: z.object({ code: text, message: text, hint: textOrNull, detail: textOrNull }).nullable(),
});

/** The record in a mutants.json, or what is wrong with it in one line. */
export function parseMutantsRecord(json: string): { record: MutantsRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'mutants.json', schema: MUTANTS_SCHEMA, shape: record });
  return 'value' in read ? { record: read.value as unknown as MutantsRecord } : read;
}
