// SPDX-License-Identifier: MIT
import type { LogFolder } from '../core/logs.ts';
import type { OpenRecord } from './record-store.ts';

/**
 * Logs are closed wherever a program ends, mostly where nobody could take an error. That
 * one could not be written is told by the record's `finish`, which asks each of them again.
 * @param folder in the record, where they go
 */
export function patientLogs(open: Pick<OpenRecord<never>, 'log'>, folder = ''): LogFolder {
  return {
    log: (name) => {
      const log = open.log(`${folder}${name}`);
      return {
        write: (chunk) => log.write(chunk),
        close: () => {
          try {
            log.close();
          } catch {
            // See above.
          }
        },
      };
    },
  };
}
