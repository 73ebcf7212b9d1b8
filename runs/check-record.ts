// SPDX-License-Identifier: MIT
/** The reports of `respin check` on a series of patches/, kept for the dashboard. */
import type { CheckRecord, CheckReport } from '../core/check.ts';
import { RecordStore } from './record-store.ts';
import { respinVersion } from './respin-version.ts';

export const CHECK_RECORDS = new RecordStore<CheckRecord>({
  folder: 'checks',
  file: 'check.json',
  noun: 'check',
  list: 'respin dash',
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./check-schema.ts')).parseCheckRecord(json),
});

/**
 * Keeps a report.
 * @param started when the check began
 * @throws RespinError NO_SPACE, NOT_WRITABLE (machine)
 */
export async function keepCheck(
  report: CheckReport,
  started: Date,
  argv: readonly string[],
): Promise<CheckRecord> {
  const open = await CHECK_RECORDS.open(report.series.name);
  try {
    const times = { started: started.toISOString(), ended: new Date().toISOString() };
    const record: CheckRecord = {
      ...report,
      id: open.id,
      ...times,
      respin: respinVersion(),
      argv: [...argv],
    };
    await open.finish(record);
    return record;
  } finally {
    await open.abandon();
  }
}
