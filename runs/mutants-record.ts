// SPDX-License-Identifier: MIT
/** The records of `respin mutants`. */
import type { MutantsRecord } from '../core/mutants.ts';
import { RecordStore } from './record-store.ts';

export const MUTANT_RECORDS = new RecordStore<MutantsRecord>({
  folder: 'mutants',
  file: 'mutants.json',
  noun: 'hunt for mutants',
  list: 'respin mutants list',
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./mutants-schema.ts')).parseMutantsRecord(json),
});
