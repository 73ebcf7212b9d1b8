// SPDX-License-Identifier: MIT
import type { Series } from '../core/series.ts';
import { type ReadSeriesOptions, readSeries } from '../patches/read-series.ts';
import { mailsOfVersion } from '../review/store/mails-of-version.ts';
import type { Context } from './command.ts';

/**
 * What a user names → the series: which of its mails a version is made of is as the review has it.
 * @param version `v2`; undefined: the newest there is
 * @throws RespinError what `readSeries` throws
 */
export async function readNamed(
  context: Context,
  name: string,
  version: string | undefined,
  more: Pick<ReadSeriesOptions, 'alone' | 'signal'> = {},
): Promise<Series> {
  return await readSeries(name, {
    ...{ cwd: context.cwd, stdin: context.stdin, signal: context.signal, mailsOf: mailsOfVersion, ...more },
    patchesDir: (await context.settings()).settings.patches,
    ...(version === undefined ? {} : { version }),
  });
}
