// SPDX-License-Identifier: MIT
/**
 * `review.toml`: what people decided on the comments of a series. It lies beside the series and is
 * made to be read in `git diff`: one table a comment, in the order of the ids, written the same way each time.
 */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { COMMENT_STATES, type CommentState, type Trailer } from '../../core/review.ts';
import { tomlString } from '../../core/toml-string.ts';
import { withPassingLock } from '../../system/lock.ts';
import { fileTrouble, writeWhole } from '../../system/whole.ts';

export interface Decision {
  state: CommentState;
  by: string;
  /** `2026-11-25` */
  date: string;
  why: string;
  /** The Message-ID of the comment's mail; empty where it was written before that was. */
  mail: string;
  /** What the comment is: for who reads the file, and to tell it by when its words have changed. */
  about: string;
}

export interface ReviewState {
  /** By comment id. */
  decisions: Map<string, Decision>;
  /** Message-ID → version, where a person said so. */
  links: Map<string, string>;
  /**
   * Trailers whose condition is met, as a person said: `Reviewed-by name@example.org v8`. `version` is the one that meets
   * it: what changed up to that one was asked for. Empty: that of the trailer itself.
   */
  met: Map<string, { version: string; by: string; date: string; why: string }>;
}

/** What a note in `met` is found by: `Reviewed-by sgarzare@example.org v8`. */
export function trailerKey({ kind, email, version }: Pick<Trailer, 'kind' | 'email' | 'version'>): string {
  return `${kind} ${email} ${version}`;
}

const FILE = 'review.toml';

/** @throws RespinError REVIEW_STATE (usage) with file and line, when somebody has damaged it */
export async function readState(folder: string): Promise<ReviewState> {
  const file = path.join(folder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return emptyState();
    throw fileTrouble(cause, file);
  }
  return await parseState(text, file);
}

/**
 * Reads the state, lets `change` alter it, and writes it, in one step: of two commands at once none is lost.
 * @returns what `change` gives
 */
export async function changeState<T>(
  folder: string,
  change: (state: ReviewState) => T,
  signal?: AbortSignal,
): Promise<T> {
  const file = path.join(folder, FILE);
  const changed = async (): Promise<T> => {
    const state = await readState(folder);
    const before = formatState(state);
    const result = change(state);
    const after = formatState(state);
    // A file that says nothing is not left in anybody's git status.
    if (after === '') await rm(file, { force: true });
    else if (after !== before) await writeWhole(file, after);
    return result;
  };
  return await withPassingLock(path.join(folder, '.review.lock'), changed, signal);
}

function emptyState(): ReviewState {
  return { decisions: new Map(), links: new Map(), met: new Map() };
}

export async function parseState(text: string, file: string): Promise<ReviewState> {
  const { parse, TomlError } = await import('smol-toml');
  let data: Record<string, unknown>;
  try {
    data = parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw damaged(`${file}:${cause.line}`, cause.message.split('\n')[0] ?? '', cause);
  }
  const state = emptyState();
  for (const [id, value] of tables(data['comments'])) {
    const one = value as Record<string, unknown>;
    const name = COMMENT_STATES.find((known) => known === one['state']);
    if (name === undefined) {
      const is = typeof one['state'] === 'string' ? `"${printable(one['state'])}"` : 'missing';
      throw damaged(
        `${file}${lineOf(text, id)}`,
        `comments.${id}: state is ${is}, not one of ${COMMENT_STATES.join(', ')}`,
      );
    }
    state.decisions.set(id, {
      state: name,
      ...{ by: textOf(one['by']), date: textOf(one['date']), why: textOf(one['why']) },
      ...{ mail: textOf(one['mail']), about: textOf(one['about']) },
    });
  }
  for (const [id, version] of tables(data['links'])) state.links.set(id, textOf(version));
  for (const [key, value] of tables(data['met'])) {
    const one = value as Record<string, unknown>;
    state.met.set(key, {
      ...{ version: textOf(one['version']), by: textOf(one['by']) },
      ...{ date: textOf(one['date']), why: textOf(one['why']) },
    });
  }
  return state;
}

/** `:5`, where a comment's state stands, or else its table; empty for one that is written in another way. */
function lineOf(text: string, id: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const table = lines.findIndex((line) => line.startsWith(`[comments.${keyOf(id)}]`));
  if (table < 0) return '';
  const next = lines.findIndex((line, at) => at > table && line.startsWith('['));
  const state = lines.findIndex((line, at) => at > table && /^state\s*=/.test(line));
  return `:${(state > table && (next < 0 || state < next) ? state : table) + 1}`;
}

function tables(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'string' ? value : '';
}

function damaged(where: string, what: string, cause?: unknown): RespinError {
  return new RespinError({
    code: 'REVIEW_STATE',
    blame: 'usage',
    message: `${where}: ${what}`,
    hint: 'mend the file, or take it back with git checkout',
    cause,
  });
}

/** The whole file; the empty string for a state with nothing in it. */
export function formatState(state: ReviewState): string {
  const parts: string[] = [];
  const byKey = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  if (state.links.size > 0) {
    const lines = byKey(state.links).map(([id, version]) => `${tomlString(id)} = ${tomlString(version)}`);
    parts.push(`[links]\n${lines.join('\n')}\n`);
  }
  for (const [id, one] of byKey(state.decisions)) {
    parts.push(
      [
        `[comments.${keyOf(id)}]`,
        `about = ${tomlString(one.about)}`,
        ...(one.mail === '' ? [] : [`mail = ${tomlString(one.mail)}`]),
        `state = ${tomlString(one.state)}`,
        `by = ${tomlString(one.by)}`,
        `date = ${tomlString(one.date)}`,
        `why = ${tomlString(one.why)}`,
        '',
      ].join('\n'),
    );
  }
  for (const [key, one] of byKey(state.met)) {
    parts.push(
      [
        `[met.${tomlString(key)}]`,
        ...(one.version === '' ? [] : [`version = ${tomlString(one.version)}`]),
        `by = ${tomlString(one.by)}`,
        `date = ${tomlString(one.date)}`,
        `why = ${tomlString(one.why)}`,
        '',
      ].join('\n'),
    );
  }
  if (parts.length === 0) return '';
  return `# What was decided on the comments of this series: respin review status, resolve, reopen.\n\n${parts.join('\n')}`;
}

/** Ids need no quotes; what a person wrote as one may. */
function keyOf(id: string): string {
  return /^[\w-]+$/.test(id) ? id : tomlString(id);
}
