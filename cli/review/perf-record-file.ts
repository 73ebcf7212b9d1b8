// SPDX-License-Identifier: MIT
/** The record of `respin perf` that a review is held against. */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { PERF_SCHEMA, type PerfRecord } from '../../core/perf.ts';

/**
 * Reads a record.
 * @param which perf.json, or the folder that holds it
 * @throws RespinError PERF_RECORD (usage)
 */
export async function readPerfRecord(which: string, cwd: string): Promise<PerfRecord> {
  const named = path.resolve(cwd, which);
  const file = isFolder(named) ? path.join(named, 'perf.json') : named;
  const trouble = (why: string, cause?: unknown): RespinError =>
    new RespinError({
      ...{ code: 'PERF_RECORD', blame: 'usage', cause },
      message: `cannot use ${printable(file)}: ${why}`,
      hint: '--perf takes the perf.json that respin perf has written, or the folder it is in',
    });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw trouble(code === 'ENOENT' ? 'there is no such file' : String(code), cause);
  }
  let record: Partial<PerfRecord> | null;
  try {
    record = JSON.parse(text) as Partial<PerfRecord> | null;
  } catch (cause) {
    throw trouble('it is not JSON', cause);
  }
  if (record?.schema !== PERF_SCHEMA) throw trouble(`its schema is not ${PERF_SCHEMA}`);
  return record as PerfRecord;
}

function isFolder(named: string): boolean {
  try {
    return statSync(named).isDirectory();
  } catch {
    // Reading it says why.
    return false;
  }
}
