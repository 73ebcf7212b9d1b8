// SPDX-License-Identifier: MIT
/** Whether a line that reads like the heading of a version is one: `v1: …` may begin any sentence. */
import { type Heading, readHeading } from './changelog-headings.ts';
import { endsText, indentOf, isBoundary, isDiffstat, isUnderline, readBullet } from './changelog-lines.ts';

export interface Around {
  indent: number;
  bullet: boolean;
  /** Behind an empty line, `---` or the beginning. */
  first: boolean;
  /** In a changelog, or below `Changelog:`. */
  inLog: boolean;
  section: { bullet: boolean } | null;
  /** The number of the text's own version. */
  own: number;
}

/** @param at the line of the heading */
export function stands(heading: Heading, around: Around, lines: readonly string[], at: number): boolean {
  const { inLog, bullet, section, own, indent } = around;
  const begins = inLog || around.first;
  if (heading.remark) return begins && !bullet;
  if (heading.strength === 'strong') {
    if (heading.colon && heading.rest === '') return true;
    return begins || (!heading.colon && listFollows(lines, at, indent));
  }
  // `- v2: x` is an entry below a heading without a bullet.
  if (bullet && section !== null && !section.bullet) return false;
  if (bullet && !inLog) return heading.rest === '' && listFollows(lines, at, indent);
  // A first version has no changes, and nobody writes those of a later one.
  const number = Number(/\d+/.exec(heading.version ?? '')?.[0] ?? 1);
  if (!begins || own < 2 || number > own) return false;
  if (!inLog && isAnnounced(lines, at)) return false;
  if (heading.rest === '') return heading.colon || listFollows(lines, at, indent);
  if (isMeasured(heading.rest)) return false;
  // A paragraph of prose may begin with `v2: `, an entry is a line or has its others indented.
  const next = lines[at + 1] ?? '';
  const alone = next === '' || isBoundary(next) || isDiffstat(next) || endsText(next);
  const listed = indentOf(next) > indent || readBullet(next) !== null || readHeading(next.trim()) !== null;
  return inLog || alone || listed;
}

/** Whether prose tells what follows: `The device knows two formats:`. */
function isAnnounced(lines: readonly string[], at: number): boolean {
  const above = lines[at - 1] === '' ? lines[at - 2] : lines[at - 1];
  return above?.endsWith(':') === true;
}

/** `v4: 1.2 Gb/s` */
function isMeasured(rest: string): boolean {
  return rest.length < 40 && /^[~<>]?\d[\d.,]{0,20}\s?\S{0,8}$/.test(rest);
}

/** Whether a bullet, or a line indented deeper, comes next. */
function listFollows(lines: readonly string[], at: number, indent: number): boolean {
  for (let next = at + 1; next <= at + 3; next++) {
    const line = lines[next] ?? '';
    if (line === '' || isUnderline(line)) continue;
    return readBullet(line) !== null || indentOf(line) > indent;
  }
  return false;
}
