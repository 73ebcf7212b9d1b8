// SPDX-License-Identifier: MIT
/** The records of `respin matrix`. */
import type { MatrixRecord } from '../core/matrix.ts';
import { RecordStore } from './record-store.ts';

export const MATRIX_RECORDS = new RecordStore<MatrixRecord>({
  folder: 'matrices',
  file: 'matrix.json',
  noun: 'matrix record',
  list: 'respin matrix list',
  // zod is loaded where a record is read.
  parse: async (json) => (await import('./matrix-schema.ts')).parseMatrixRecord(json),
});
