// SPDX-License-Identifier: MIT
/** The records of `respin coverage`. */
import type { CoverageRecord } from '../core/coverage.ts';
import { RecordStore } from './record-store.ts';

export const COVERAGE_RECORDS = new RecordStore<CoverageRecord>({
  folder: 'coverage',
  file: 'coverage.json',
  noun: 'coverage record',
  list: 'respin coverage list',
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./coverage-schema.ts')).parseCoverageRecord(json),
});
