// SPDX-License-Identifier: MIT
/**
 * What the author says changed in each version, from a cover letter, a commit message or the notes
 * below it. There is no format for it, only habits: see changelog-headings.ts for those of headings,
 * changelog-sections.ts for where one begins and ends.
 */
import type { Changelog } from '../../core/review.ts';
import { saysNothingChanged } from './changelog-headings.ts';
import { saysNote } from './changelog-lines.ts';
import { type Section, sectionsOf } from './changelog-sections.ts';
import { type Listed, withVersions } from './changelog-versions.ts';
import { creditOf } from './credits.ts';
import { isLinkOnly } from './mail-links.ts';

/**
 * All changelogs of a text, in its order. A version with two headings is one changelog.
 *
 * Entries keep their words, the credit at the end too. `version` and `since` of an RFC are `rfc-v1`,
 * `rfc-v2`. `Changes since v2` are those of v3, or of the text's own version if that is its only
 * changelog. A line without a bullet is a note only where others have one.
 * @param context the version the text belongs to, and the patch it stands in, 0 for the cover letter
 */
export function changelogsOf(text: string, context: { version: string; patch: number }): Changelog[] {
  const listed = sectionsOf(text, context.version)
    .map(listOf)
    .filter((one) => one.entries.length > 0);
  return withVersions(listed, context.version).map((one) => ({ ...one, patch: context.patch }));
}

/** The 0-based lines of a text that its changelogs take: from the heading to behind the last entry. */
export function changelogRanges(text: string): [start: number, end: number][] {
  return sectionsOf(text, 'v999').map(({ start, end }) => [start, end]);
}

function listOf(section: Section): Listed {
  const entries: Listed['entries'] = [];
  for (const [at, { parts, bullet, remark }] of section.raw.entries()) {
    const text = parts.join(' ').split(/\s+/).join(' ').trim();
    if (text === '' || isLinkOnly(text)) continue;
    const introduces = !bullet && text.endsWith(':') && section.raw[at + 1]?.bullet === true;
    const note = remark || introduces || saysNote(text) || saysNothingChanged(text);
    entries.push({ text, note, credit: creditOf(text) ?? (note ? null : section.credit) });
  }
  return { version: section.version, since: section.since, entries };
}
