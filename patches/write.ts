// SPDX-License-Identifier: MIT
/** A series → what `git am` reads. */
import type { Series } from '../core/series.ts';

/**
 * All patches as one mboxrd, for `git am --patch-format=mboxrd --keep-cr --scissors`: quoted, so
 * that no line of a commit message can begin a mail of its own, and with the files' own CRs.
 */
export function seriesMbox(series: Series): Uint8Array {
  return Buffer.concat(series.patches.map((patch) => patch.mail));
}
