// SPDX-License-Identifier: MIT
/**
 * MAINTAINERS: which sections name a file. As its own head describes F:, X: and N:, and as
 * scripts/get_maintainer.pl reads them.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';

export interface Section {
  title: string;
  files: string[];
  excluded: string[];
  /** S: `Maintained`, `Orphan / Obsolete`; empty when it has none. */
  status: string;
  /** N: regular expressions, of the kind that is matched in bounded time. */
  names: RegExp[];
}

/** The section at the end has every file. */
export const THE_REST = 'THE REST';
const LONGEST_PATH = 300;

/**
 * @param tree a folder with the top of a kernel tree
 * @throws RespinError NO_MAINTAINERS (machine)
 */
export async function readMaintainers(tree: string): Promise<Section[]> {
  const text = await readFile(path.join(tree, 'MAINTAINERS'), 'utf8').catch((cause: unknown) => {
    throw noMaintainers('the tree', cause);
  });
  return parseMaintainers(text);
}

/** @param source of the tree */
export function noMaintainers(source: string, cause?: unknown): RespinError {
  return new RespinError({
    code: 'NO_MAINTAINERS',
    blame: 'machine',
    message: `${source} has no MAINTAINERS`,
    hint: 'check against a whole kernel tree: --tree git:/path#commit',
    cause,
  });
}

/** `Obsolete`, and `Orphan / Obsolete`. */
export function isObsolete({ status }: Section): boolean {
  return /obsolete/i.test(status);
}

/** Sections begin after a blank line with a title that is no field. */
export function parseMaintainers(text: string): Section[] {
  const sections: Section[] = [];
  let above = '';
  for (const line of text.split('\n')) {
    const [, field, value = ''] = /^([A-Z]):\s*(\S.*)$/.exec(line) ?? [];
    const section = sections.at(-1);
    if (field === undefined) {
      if (above.trim() === '' && /^[A-Z0-9"]/.test(line)) {
        sections.push({ title: line.trim(), files: [], excluded: [], status: '', names: [] });
      }
    } else if (field === 'F') section?.files.push(value.trimEnd());
    else if (field === 'S' && section) section.status = value.trim();
    else if (field === 'X') section?.excluded.push(value.trimEnd());
    else if (field === 'N') section?.names.push(...safePattern(value.trimEnd()));
    above = line;
  }
  return sections;
}

/** The sections that have a file, but for the one that has all. */
export function sectionsOf(path: string, sections: readonly Section[]): Section[] {
  const one = path.slice(0, LONGEST_PATH);
  return sections
    .filter(({ title }) => title !== THE_REST)
    .filter(({ excluded }) => !excluded.some((pattern) => fits(path, pattern)))
    .filter(({ files, names }) => files.some((f) => fits(path, f)) || names.some((name) => name.test(one)));
}

/**
 * F: with a slash at its end has all below; without, it is a beginning, and has nothing below the
 * folder it names but where it names a folder itself.
 */
function fits(path: string, pattern: string): boolean {
  if (pattern.endsWith('/')) return begins(path, pattern);
  if (path.startsWith(`${pattern}/`)) return true;
  return begins(path, pattern) && slashes(path) === slashes(pattern);
}

function slashes(text: string): number {
  return text.split('/').length;
}

/** Whether a path begins with what `*` and `?` stand for, in at most length × length steps. */
function begins(path: string, pattern: string): boolean {
  let [at, star, from] = [0, -1, 0];
  for (let p = 0; p < pattern.length; ) {
    const char = pattern[p];
    if (char === '*') {
      star = p++;
      from = at;
    } else if (at < path.length && (char === '?' || char === path[at])) {
      p++;
      at++;
    } else if (star >= 0 && from < path.length) {
      p = star + 1;
      at = ++from;
    } else return false;
  }
  return true;
}

/** Anything with a group or many repetitions could take for ever: such a pattern is left out. */
function safePattern(source: string): RegExp[] {
  const plain = source.replaceAll(/\\./g, 'a').replaceAll(/\[\^?\]?[^\]]*\]/g, 'a');
  const repeated = plain.match(/[*+]/g)?.length ?? 0;
  const optional = plain.match(/\?/g)?.length ?? 0;
  if (/[(){|]/.test(plain) || optional > 6 || repeated > (plain.startsWith('^') ? 3 : 2)) return [];
  try {
    return [new RegExp(source)];
  } catch {
    return [];
  }
}
