// SPDX-License-Identifier: MIT
/** The records of `respin run`. */
import type { RunRecord } from '../core/run.ts';
import { RecordStore } from './record-store.ts';

export const RUN_RECORDS = new RecordStore<RunRecord>({
  folder: 'runs',
  file: 'run.json',
  noun: 'run',
  list: 'respin runs list',
  isPart: ({ part, series }) => part !== undefined || series?.of !== undefined,
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./record-schema.ts')).parseRecord(json),
});
