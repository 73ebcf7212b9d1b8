// SPDX-License-Identifier: MIT
/** A record of respin perf, as a command line names it. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { printable } from '../core/escape.ts';
import type { PerfRecord } from '../core/perf.ts';
import { PERF_RECORDS } from '../runs/perf-record.ts';

/**
 * Reads a record.
 * @param which perf.json, or the folder that holds it, wherever it is; or an id, the beginning of one, or `last`
 * @throws RespinError PERF_RECORD (usage) for a file that is none, and what `PERF_RECORDS.load` throws
 */
export async function readPerfRecord(which: string, cwd: string): Promise<PerfRecord> {
  const named = path.resolve(cwd, which);
  if (!existsSync(named) && !/\/|\.json$/.test(which)) return (await PERF_RECORDS.load(which)).record;
  const file = isFolder(named) ? path.join(named, 'perf.json') : named;
  const trouble = (why: string, cause?: unknown): RespinError =>
    new RespinError({
      ...{ code: 'PERF_RECORD', blame: 'usage', cause },
      message: `cannot use ${printable(file)}: ${why}`,
      hint: 'a record is an id from respin perf list, a perf.json, or the folder it is in',
    });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw trouble(code === 'ENOENT' ? 'there is no such file' : String(code), cause);
  }
  const { parsePerfRecord } = await import('../runs/perf-schema.ts');
  const parsed = parsePerfRecord(text);
  if ('record' in parsed) return parsed.record;
  throw trouble(parsed.trouble);
}

function isFolder(named: string): boolean {
  return statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
}
