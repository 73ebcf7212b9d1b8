// SPDX-License-Identifier: MIT
/** What a compiler says, at its place in the patch. */
import type { Patch } from '../../../core/series.ts';
import { placed, placeOfNewLine } from '../places.ts';
import type { Found, RuleResult } from '../rule.ts';
import type { Warning } from './new-warnings.ts';
import type { WayResult } from './shop.ts';

/** A warning elsewhere, in a file the patch does not touch, is the patch's all the same. */
export function atWarning(patch: Patch, { path, line, text }: Warning): Found {
  const where = line === null ? path : `${path}:${line}`;
  const { place, quote } =
    line === null ? { place: placed('mail', patch.index), quote: null } : placeOfNewLine(patch, path, line);
  return { place, quote, text: place.on === 'line' ? text : `${where}: ${text}` };
}

/** What was found, and which headers have more users than were compiled again for it. */
export function withLeftOut(found: readonly Found[], { partly }: WayResult): RuleResult {
  if (partly.length === 0) return found;
  return {
    found,
    leftOut: `most of the objects that include ${partly.join(', ')}: some of them were compiled`,
  };
}
