// SPDX-License-Identifier: MIT
/** The shape of matrix.json, checked when one is read: a record may be old, cut short or edited. */
import { z } from 'zod';
import { MATRIX_SCHEMA, type MatrixRecord } from '../core/matrix.ts';
import { DIRECTIONS, VM_MODES } from '../core/run.ts';
import { readJsonAs } from './json-record.ts';

const text = z.string();
const textOrNull = text.nullable();
const count = z.number();
const words = (list: readonly string[]) => z.enum(list as [string, ...string[]]);
const status = words(['pass', 'fail', 'xfail', 'skip', 'not-run', 'flaky', 'unknown']);
const verdict = words(['pass', 'fail', 'flaky', 'unknown']);
const variant = words(['base', 'patched']);

const failure = z.object({ program: text, name: text, status, reason: textOrNull });

const direction = z.object({
  direction: words(DIRECTIONS),
  verdict: verdict.nullable(),
  counts: z.record(text, count),
  failures: z.array(failure),
});

const cell = z.object({
  ...{ row: count, column: count, run: text, known: z.boolean(), verdict, why: text },
  error: z.object({ code: text, message: text }).nullable(),
  ...{ directions: z.array(direction), splats: z.array(text), ms: count },
});

const record = z.looseObject({
  schema: z.literal(MATRIX_SCHEMA),
  ...{ id: text, started: text, ended: text, respin: text, argv: z.array(text), exit: count },
  series: z.object({ name: text, title: text }),
  rows: z.array(z.object({ version: text, patches: count, of: count, subject: textOrNull })),
  columns: z.array(
    z.object({
      tree: text,
      profiles: z.object({ host: text, guest: text }),
      variants: z.object({ host: variant, guest: variant }),
    }),
  ),
  directions: z.array(words(DIRECTIONS)),
  probes: z.boolean().nullable(),
  machine: z
    .object({
      ...{ mode: words(VM_MODES), reason: text, qemu: text, hostCpus: count, guestCpus: count },
      ...{ cpus: count, timeScale: count, stepTimeout: count },
    })
    .nullable(),
  cells: z.array(cell),
  error: z.object({ code: text, message: text, hint: textOrNull, detail: textOrNull }).nullable(),
});

/** The record in a matrix.json, or what is wrong with it in one line. */
export function parseMatrixRecord(json: string): { record: MatrixRecord } | { trouble: string } {
  const read = readJsonAs(json, { file: 'matrix.json', schema: MATRIX_SCHEMA, shape: record });
  if (!('value' in read)) return read;
  const { rows, columns, cells } = read.value;
  const lost = cells.some((one) => rows[one.row] === undefined || columns[one.column] === undefined);
  if (lost) return { trouble: 'matrix.json: cells: one is in no row or no column' };
  return { record: read.value as unknown as MatrixRecord };
}
