// SPDX-License-Identifier: MIT
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';

/** @throws RespinError SERIES_VERSION (usage) */
export function versionNamed<T extends { version: string }>(versions: readonly T[], wanted: string): T {
  const found = versions.find(({ version }) => version === wanted);
  if (found !== undefined) return found;
  throw new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `the series has no ${printable(wanted)}`,
    hint: `it has ${versions.map(({ version }) => printable(version)).join(', ')}`,
  });
}
