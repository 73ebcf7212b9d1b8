// SPDX-License-Identifier: MIT
/**
 * Where a text begins to tell what changed between versions of a series, by the line alone. The
 * review reads changelogs whole (review/claims); this finds them where there is no review, and in
 * a commit message, where they should not be.
 */

export interface ChangelogLine {
  line: number;
  text: string;
  /** The versions named, as numbers; empty for `Changelog:`. */
  versions: readonly number[];
}

/** `Changes in v3`, `Changes since v2`, `Changelog:`, `History:`. */
const LOG =
  /^(?:(?:patch|series|version|revision) )?(?:change ?-?log|changes?|changed|history|updates?|diff(?:erences)?)(?![\w-])(?:\s(?:made |introduced )?(?:in|for|since|from|of|with|between|to|against)(?![\w-]))?(.{0,80})$/i;
/** `v3:`, `v2 -> v3: …`, `v3 (https://…):`, `v3` alone. */
const VERSION =
  /^(?:rfc |patch )?v\d{1,3}(?: ?\([^()]{0,200}\)| ?\[[^[\]]{0,200}\])?\s?(?::|(?:[-=]{1,3}>|→|\.{2,3}|to )\s?(?:rfc |patch )?v?\d{1,3}(?![\w.])|$)/i;
/** `No changes in v3`, `New in v3`. */
const REMARK =
  /^(?:no (?:functional )?changes?|new|unchanged|added|introduced) (?:in|since|for|from) (?:rfc )?v\d{1,3}[.!]?$/i;

/** The lines of a text that head a changelog. `Changes:` and the like only with `unnamed`. */
export function changelogLines(text: string, unnamed: boolean): ChangelogLine[] {
  return text.split('\n').flatMap((whole, at) => {
    const line = whole
      .slice(0, 300)
      .replace(/^[\s>#=*[(-]+/, '')
      .trimEnd();
    if (line === '') return [];
    const log = LOG.exec(line);
    const versions = versionsIn(line);
    const named =
      versions.length > 0 || /\b(?:last|previous|prior) (?:version|posting|submission)|\bRFC\b/i.test(line);
    const heads =
      (log !== null && (named || (unnamed && /^\s*:?\s*$/.test(log[1] ?? '')))) ||
      VERSION.test(line) ||
      REMARK.test(line);
    return heads ? [{ line: at + 1, text: whole, versions }] : [];
  });
}

/** Not `v6.1`, not `v6-rc2`, not `v4l2`. */
function versionsIn(line: string): number[] {
  return [...line.matchAll(/(?<![\w.-])v(\d{1,3})(?![\w.]|-rc)/gi)].map(([, number]) => Number(number));
}
