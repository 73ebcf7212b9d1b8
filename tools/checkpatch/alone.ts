// SPDX-License-Identifier: MIT
import type { Patch, Series } from '../../core/series.ts';

/** The patch of a longer series that is checked without the others, as a mail reader pipes it; else null. */
export function aloneOf({ patches }: Series): Patch | null {
  const [one] = patches;
  return one !== undefined && patches.length < one.total ? one : null;
}
