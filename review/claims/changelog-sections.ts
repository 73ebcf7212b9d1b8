// SPDX-License-Identifier: MIT
/**
 * A text cut into the sections that hold the changes of one version each:
 *
 *     outside ──heading──► section ──bullet, deeper or plain line──► section
 *        ▲                    │ │
 *        │                    │ └──next heading──► section of another version
 *        └─`---`, trailer, shortlog, diffstat, other heading, prose behind an empty line
 *
 *     diff, `-- `, range-diff: the end
 *
 * What cannot be told from prose is left out: a changelog that is missed can be read in the mail, a
 * made-up one misleads.
 */
import { stands } from './changelog-evidence.ts';
import { type Heading, readHeading, readLogHeading } from './changelog-headings.ts';
import {
  beginsOther,
  endsText,
  goesOn,
  indentOf,
  isBoundary,
  isDiffstat,
  isUnderline,
  namesPatch,
  readBullet,
  saysNote,
} from './changelog-lines.ts';
import { isLinkOnly } from './mail-links.ts';

export interface RawEntry {
  parts: string[];
  bullet: boolean;
  /** A word about the changes rather than one of them, as its place or the heading says. */
  remark: boolean;
  indent: number;
}

export interface Section {
  version: string | null;
  since: string | null;
  /** 0-based line of the heading, and the line behind the last that belongs to it. */
  start: number;
  end: number;
  indent: number;
  /** The heading itself has a bullet. */
  bullet: boolean;
  credit: string | null;
  /** Which lines without bullet can be entries: also the next paragraph, the next lines, indented ones only. */
  plain: 'paragraph' | 'next' | 'deeper';
  raw: RawEntry[];
}

interface Line {
  text: string;
  /** Without bullet and blanks around. */
  body: string;
  indent: number;
  bullet: boolean;
  /** Behind an empty line, `---` or the beginning. */
  first: boolean;
  above: string;
}

/** @param version the text's own */
export function sectionsOf(text: string, version: string): Section[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const own = Number(/(\d{1,4})$/.exec(version)?.[1] ?? 999);
  const sections: Section[] = [];
  let section: Section | null = null;
  /** `Changelog:`, before the first version below it; `own` when bullets may follow without one. */
  let log: { own: boolean; at: number; indent: number } | null = null;
  let first = true;
  for (const [at, line] of lines.entries()) {
    // Below `v3` it is an underline, not the signature's.
    if (line === '--' && lines[at - 1]?.length === line.length) continue;
    if (endsText(line)) break;
    if (line === '') {
      first = true;
      continue;
    }
    const bullet = readBullet(line);
    const body = bullet?.text ?? line.trim();
    const one: Line = {
      text: line,
      body,
      indent: indentOf(line),
      bullet: bullet !== null,
      first,
      above: lines[at - 1] ?? '',
    };
    first = false;
    // What is indented below an entry belongs to it, whatever it looks like.
    const last: RawEntry | undefined = section?.raw.at(-1);
    const inside = !one.first && !one.bullet && last !== undefined && one.indent > last.indent;
    if (!one.bullet && ((!inside && isBoundary(line)) || isDiffstat(line))) {
      section = null;
      log = null;
      first = true;
      continue;
    }
    const heading = inside ? null : readHeading(body);
    const around = { ...one, inLog: section !== null || log !== null, section, own };
    if (heading !== null && stands(heading, around, lines, at)) {
      section = sectionAt(at, one, heading);
      sections.push(section);
      log = null;
      continue;
    }
    const opens: { own: boolean } | null = inside || one.bullet ? null : readLogHeading(line);
    if (opens !== null) {
      log = { own: opens.own && own > 1, at, indent: one.indent };
      section = null;
    } else if (isUnderline(line) && !one.first && (section !== null || log !== null)) {
      if (section !== null && dropHeading(section)) section = null;
    } else {
      if (section === null && log?.own && one.bullet) {
        section = sectionAt(log.at, { ...one, indent: log.indent, bullet: false }, null);
        sections.push(section);
      }
      if (section !== null && takeLine(section, one)) {
        section.end = at + 1;
      } else {
        section = null;
        if (!one.bullet) log = null;
      }
    }
  }
  return sections;
}

function sectionAt(at: number, line: Pick<Line, 'indent' | 'bullet'>, heading: Heading | null): Section {
  const { version = null, since = null, credit = null, rest = '', strength } = heading ?? {};
  const linked = isLinkOnly(rest);
  const raw: RawEntry[] = [];
  if (rest !== '' && !linked) {
    raw.push({ parts: [rest], bullet: false, remark: heading?.remark === true, indent: line.indent });
  }
  return {
    version,
    since,
    start: at,
    end: at + 1,
    indent: line.indent,
    bullet: line.bullet,
    credit,
    plain: linked ? 'deeper' : strength === 'strong' && rest === '' ? 'paragraph' : 'next',
    raw,
  };
}

/** An underline below a plain line: that was not an entry but the heading of something else. */
function dropHeading(section: Section): boolean {
  const last = section.raw.at(-1);
  if (last === undefined || last.bullet || last.parts.length > 1) return false;
  section.raw.pop();
  return true;
}

/** @returns whether the line belongs to the section */
function takeLine(section: Section, line: Line): boolean {
  const { body, indent } = line;
  const last = section.raw.at(-1);
  const push = (remark: boolean): true => {
    section.raw.push({ parts: [body], bullet: line.bullet, remark, indent });
    return true;
  };
  if (line.bullet) return indent >= section.indent || !line.first ? push(false) : false;
  const deeper = indent > section.indent;
  if (last !== undefined && indent > last.indent) {
    last.parts.push(body);
    return true;
  }
  if (isLinkOnly(body)) return true;
  if (indent < section.indent || (!deeper && beginsOther(body))) return false;
  if (last === undefined) {
    const wanted = line.first ? section.plain === 'paragraph' : section.plain !== 'deeper';
    return deeper || wanted ? push(namesPatch(body)) : false;
  }
  if (saysNote(body)) return push(true);
  if (namesPatch(body) && (line.first || body.endsWith(':'))) return push(true);
  if (line.first) return deeper ? push(last.bullet) : false;
  // Not indented, yet the same bullet: a mailer has wrapped it, or a page has lost the blanks.
  const wrapped = last.bullet && line.above.length >= 40 && /^[\p{Ll}(]/u.test(body);
  if (wrapped || goesOn(line.above, body)) {
    last.parts.push(body);
    return true;
  }
  return push(section.raw.some((entry) => entry.bullet));
}
