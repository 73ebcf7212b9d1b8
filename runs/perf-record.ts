// SPDX-License-Identifier: MIT
/** The records of `respin perf`. */
import type { PerfRecord } from '../core/perf.ts';
import { RecordStore } from './record-store.ts';

export const PERF_RECORDS = new RecordStore<PerfRecord>({
  folder: 'perf',
  file: 'perf.json',
  noun: 'measurement',
  list: 'respin perf list',
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./perf-schema.ts')).parsePerfRecord(json),
});
