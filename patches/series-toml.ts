// SPDX-License-Identifier: MIT
/** `series.toml`: what a series folder says of itself. The format is described in docs/series.md. */
import { parse, TomlError } from 'smol-toml';
import { RespinError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { isVersionName, versionOrder } from '../core/version-name.ts';

export interface SeriesVersion {
  /** `v1`, `v2`, …: the folder's name; `rfc-v1`, `v2.1` of what lies in `mail/`. */
  version: string;
  /** ISO date, `2026-01-31`. */
  date: string | null;
  /** One line on what this version is. */
  note: string | null;
  /** What the author says changed since the version before. */
  changelog: string[];
  /** Where the version was posted. */
  url: string | null;
  /** Of its cover letter, or of any of its mails. */
  messageId: string | null;
  /** What it says was tested: `vsock_test g2h`. */
  tested: string[];
  /** What it says was measured. */
  measured: MeasuredFigure[];
}

export interface MeasuredFigure {
  /** With direction and size: `64KB, g2h`. */
  test: string;
  /** Values with their units: `21.63 Gb/s`. */
  before: string;
  after: string;
}

export interface SeriesToml {
  title: string;
  /** As `respin tree` spells it, `debian:linux-source-6.12`. */
  tree: string | null;
  /** The commit it was made on, where the mails do not say: `95ec6bce2a0b`. */
  base: string | null;
  /** The list prefix, `net-next`. */
  prefix: string | null;
  /** The mailing lists it goes to. */
  lists: string[];
  /** Who else it goes to: `Name <address>` or an address each. */
  cc: string[];
  /** `Name <address>` each. */
  authors: string[];
  /** Oldest first, by number. */
  versions: SeriesVersion[];
}

/**
 * Reads the text of a series.toml.
 * @param file how messages name it
 * @throws RespinError SERIES_TOML (blame usage) with file, line and key
 */
export async function parseSeriesToml(text: string, file: string): Promise<SeriesToml> {
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw tomlError(
      `${file}:${cause.line}:${cause.column}`,
      firstLine(cause.message),
      cause.codeblock.trimEnd(),
    );
  }
  const result = (await schema()).safeParse(data);
  if (!result.success) {
    const messages = result.error.issues.map((issue) => explain(issue, text, file));
    const [first, ...more] = messages;
    if (first !== undefined) throw tomlError(first.where, first.what, more.map(asLine).join('\n'));
  }
  const read = result.data;
  if (read === undefined) throw tomlError(file, 'cannot be read');
  const versions = read.versions.map((one) => ({
    version: one.version,
    date:
      one.date === undefined
        ? null
        : one.date instanceof Date
          ? one.date.toISOString().slice(0, 10)
          : one.date,
    note: one.note ?? null,
    changelog: one.changelog === undefined ? [] : [one.changelog].flat(),
    url: one.url ?? null,
    messageId: one['message-id'] ?? null,
    tested: one.tested ?? [],
    measured: one.measured ?? [],
  }));
  const twice = versions.find((one, at) => versions.findIndex((two) => two.version === one.version) !== at);
  if (twice) {
    const again = versions.findLastIndex((one) => one.version === twice.version);
    const line = lineOfKey(text, ['versions', again, 'version']);
    throw tomlError(`${file}:${line}`, `versions: ${twice.version} is there twice`);
  }
  return {
    title: read.title,
    tree: read.tree ?? null,
    base: read.base ?? null,
    prefix: read.prefix ?? null,
    lists: read.list === undefined ? [] : [read.list].flat(),
    cc: read.cc === undefined ? [] : [read.cc].flat(),
    authors: read.authors ?? [],
    versions: versions.sort((a, b) => versionOrder(a.version) - versionOrder(b.version)),
  };
}

/** zod takes longer to load than respin --help may take. */
async function schema() {
  const { z } = await import('zod');
  const line = z.string().trim().min(1, 'must not be empty');
  const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a date like 2026-01-31');
  const person = z
    .string()
    .regex(/^(?:[^<>]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'must be "Name <address>" or an address');
  const version = z.strictObject({
    version: z.string().refine(isVersionName, 'must be v1, v2 and so on, or rfc-v1'),
    date: z.union([z.instanceof(Date), day], 'must be a date like 2026-01-31').optional(),
    note: line.optional(),
    changelog: z.union([line, z.array(line)], 'must be a text or an array of texts').optional(),
    url: z.url('must be an address that begins with https://').optional(),
    'message-id': z
      .string()
      .regex(/^[^\s<>]+@[^\s<>]+$/, 'must be a Message-ID without its angle brackets')
      .optional(),
    tested: z.array(line, 'must be an array of texts like "vsock_test g2h"').optional(),
    measured: z.array(z.strictObject({ test: line, before: line, after: line })).optional(),
  });
  return z.strictObject({
    title: line,
    tree: z
      .string()
      .regex(/^(debian|git|tar):\S+$/, 'must be debian:PACKAGE, git:URL#COMMIT or tar:PATH')
      .optional(),
    base: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'must be the id of a commit')
      .optional(),
    prefix: z
      .string()
      .regex(/^[^\s[\]]+$/, 'must be one word without brackets, like "net-next"')
      .optional(),
    list: z.union([line, z.array(line)], 'must be a text or an array of texts').optional(),
    cc: z.union([person, z.array(person)], 'must be "Name <address>", or an array of these').optional(),
    authors: z.array(z.string().regex(/^.+<[^<>\s]+@[^<>\s]+>$/, 'must be "Name <address>"')).optional(),
    versions: z.array(version).min(1, 'must name at least one version'),
  });
}

const KEYS = ['title', 'tree', 'base', 'prefix', 'list', 'cc', 'authors', 'versions'];
const VERSION_KEYS = [...['version', 'date', 'note', 'changelog', 'url', 'message-id', 'tested', 'measured']];

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  keys?: string[] | undefined;
  expected?: string | undefined;
}

function explain(issue: Issue, text: string, file: string): { where: string; what: string } {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys' && issue.keys?.[0] !== undefined) {
    const key = issue.keys[0];
    const near = nearest(key, path[0] === 'versions' ? VERSION_KEYS : KEYS);
    const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
    return {
      where: `${file}:${lineOfKey(text, [...path, key])}`,
      what: `${named([...path, key])}: there is no such key${meant}`,
    };
  }
  const line = lineOfKey(text, path);
  const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  const what = missing ? 'is missing' : issue.message.replace(/^Invalid input: expected/, 'must be');
  return { where: `${file}:${line}`, what: `${named(path)}: ${what}` };
}

/** `versions[1].date`, counted from 1 as people do. */
function named(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/**
 * The 1-based line a key stands on; of the table it belongs to when it is not there; 1 as a last
 * resort. smol-toml gives values without places, so this reads the lines of the plain layout.
 */
export function lineOfKey(text: string, path: readonly (string | number)[]): number {
  const [top, index, key] = path;
  const inVersion = top === 'versions' && typeof index === 'number';
  let table = -1;
  let tableLine = 1;
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\s*\[\[\s*versions\s*\]\]/.test(line)) {
      table++;
      if (table === index || (top === 'versions' && index === undefined && table === 0)) tableLine = at + 1;
      if (inVersion && key === undefined && table === index) return at + 1;
      continue;
    }
    const found = /^\s*(?:\[\s*)?["']?([\w-]+)["']?\s*(?:[=.\]])/.exec(line)?.[1];
    if (found === undefined) continue;
    if (inVersion ? table === index && found === key : table === -1 && found === top) return at + 1;
  }
  return tableLine;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? text).replace(/^Invalid TOML document: /, '');
}

function asLine(one: { where: string; what: string }): string {
  return `${one.where}: ${one.what}`;
}

function tomlError(where: string, what: string, detail = ''): RespinError {
  return new RespinError({
    code: 'SERIES_TOML',
    blame: 'usage',
    message: `${where}: ${what}`,
    hint: 'docs/series.md describes the file',
    ...(detail === '' ? {} : { detail }),
  });
}
