// SPDX-License-Identifier: MIT
/**
 * `waivers.toml`: the findings of a series that a person says are to stay, one table each by the
 * finding's id. It lies beside the series and is made to be read in `git diff`. A finding's id is a
 * hash of what it is about (findings.ts): when that changes the waiver matches nothing and is void.
 */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { CheckReport, Finding, Waiver } from '../../core/check.ts';
import { RespinError } from '../../core/errors.ts';
import { tomlString } from '../../core/toml-string.ts';
import { withPassingLock } from '../../system/lock.ts';
import { fileTrouble, writeWhole } from '../../system/whole.ts';

/** `about`: what the finding was, for who reads the file. */
export type KeptWaiver = Waiver & { about: string };

/** By the finding's id. */
export type Waivers = ReadonlyMap<string, KeptWaiver>;

const FILE = 'waivers.toml';
const HEAD = '# Findings of respin check that are to stay, each with its reason.\n';

/**
 * @param folder of the series
 * @throws RespinError WAIVERS (usage) when somebody has damaged the file
 */
export async function readWaivers(folder: string): Promise<Waivers> {
  const file = path.join(folder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw fileTrouble(cause, file);
  }
  return await parseWaivers(text, file);
}

/** Writes more waivers, or another reason for those that are there. */
export async function addWaivers(folder: string, more: Waivers): Promise<void> {
  await changeWaivers(folder, (waivers) => {
    for (const [id, waiver] of more) waivers.set(id, waiver);
  });
}

/**
 * Takes waivers back.
 * @returns them, by id
 * @throws RespinError WAIVER_UNKNOWN (usage) when one is not there; then all stay
 */
export async function removeWaivers(folder: string, ids: readonly string[]): Promise<Waivers> {
  const removed = new Map<string, KeptWaiver>();
  await changeWaivers(folder, (waivers) => {
    for (const id of ids) {
      const waiver = waivers.get(id);
      if (waiver === undefined) throw noSuchWaiver(id, waivers);
      removed.set(id, waiver);
    }
    for (const id of ids) waivers.delete(id);
  });
  return removed;
}

/** What was there, and is now; null: nothing. */
export interface ChangedWaiver {
  waiver: string;
  before: KeptWaiver | null;
  after: KeptWaiver | null;
}

/** Writes or removes one waiver; gives what `restoreWaiver` needs to take that back. */
export async function changeWaiver(
  folder: string,
  id: string,
  after: KeptWaiver | null,
): Promise<ChangedWaiver> {
  let before: KeptWaiver | null = null;
  await changeWaivers(folder, (waivers) => {
    before = waivers.get(id) ?? null;
    put(waivers, id, after);
  });
  return { waiver: id, before, after };
}

/**
 * Puts back what a change has replaced.
 * @throws RespinError WAIVED_SINCE (usage) when somebody has changed it meanwhile
 */
export async function restoreWaiver(folder: string, { waiver, before, after }: ChangedWaiver): Promise<void> {
  await changeWaivers(folder, (waivers) => {
    if (!isDeepStrictEqual(waivers.get(waiver) ?? null, after)) {
      throw new RespinError({
        code: 'WAIVED_SINCE',
        blame: 'usage',
        message: `the waiver of ${waiver} was changed since then, and that is not undone`,
        hint: `${FILE} has what it is now`,
      });
    }
    put(waivers, waiver, before);
  });
}

function put(waivers: Map<string, KeptWaiver>, id: string, waiver: KeptWaiver | null): void {
  if (waiver === null) waivers.delete(id);
  else waivers.set(id, waiver);
}

async function changeWaivers(
  folder: string,
  change: (waivers: Map<string, KeptWaiver>) => void,
): Promise<void> {
  await withPassingLock(path.join(folder, '.waivers.lock'), async () => {
    const waivers = new Map(await readWaivers(folder));
    change(waivers);
    const file = path.join(folder, FILE);
    // A file that says nothing is not left in anybody's git status.
    if (waivers.size === 0) await rm(file, { force: true });
    else await writeWhole(file, formatWaivers(waivers));
  });
}

function noSuchWaiver(id: string, waivers: Waivers): RespinError {
  const lines = [...waivers].map(([one, { rule, about }]) => `${one}  ${rule}  ${about}`);
  return new RespinError({
    code: 'WAIVER_UNKNOWN',
    blame: 'usage',
    message: `there is no waiver of ${id}`,
    ...(lines.length === 0 ? {} : { detail: lines.join('\n') }),
    hint: lines.length === 0 ? `there is none in ${FILE}` : `these are in ${FILE}`,
  });
}

/** @throws RespinError WAIVERS (usage) with file and line */
export async function parseWaivers(text: string, file: string): Promise<Waivers> {
  const { parse, TomlError } = await import('smol-toml');
  let data: Record<string, unknown>;
  try {
    data = parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw damaged(`${file}:${cause.line}: ${cause.message.split('\n')[0]}`, cause);
  }
  const waivers = new Map<string, KeptWaiver>();
  for (const [id, value] of Object.entries(data)) {
    const { rule, reason, by, date, about } = value as Record<string, unknown>;
    // A waiver without its rule or its reason is none.
    if (typeof rule !== 'string' || typeof reason !== 'string' || reason.trim() === '') {
      throw damaged(`${file}: ${id} needs a rule and a reason`);
    }
    const day = date instanceof Date ? date.toISOString().slice(0, 10) : String(date ?? '');
    waivers.set(id, { rule, reason, by: String(by ?? ''), date: day, about: String(about ?? '') });
  }
  return waivers;
}

/** The whole file, in the order of the ids. */
export function formatWaivers(waivers: Waivers): string {
  const tables = [...waivers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { rule, about, by, date, reason }]) =>
      [
        `[${/^[\w-]+$/.test(id) ? id : tomlString(id)}]`,
        `rule = ${tomlString(rule)}`,
        `about = ${tomlString(about)}`,
        `by = ${tomlString(by)}`,
        `date = ${tomlString(date)}`,
        `reason = ${tomlString(reason)}`,
        '',
      ].join('\n'),
    );
  return [HEAD, ...tables].join('\n');
}

/**
 * Findings with their waivers, and the waivers that match nothing any more. A waiver of a rule that
 * did not run is neither.
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: Waivers,
  ran: ReadonlySet<string>,
): { findings: Finding[]; voidWaivers: (KeptWaiver & { id: string })[] } {
  const used = new Set<string>();
  const settled = findings.map((finding) => {
    const kept = waivers.get(finding.id);
    if (kept === undefined || kept.rule !== finding.rule) return finding;
    used.add(finding.id);
    const { rule, by, date, reason } = kept;
    return { ...finding, waiver: { rule, by, date, reason } };
  });
  const voidWaivers = [...waivers]
    .filter(([id, { rule }]) => !used.has(id) && ran.has(rule))
    .map(([id, one]) => ({ id, ...one }));
  return { findings: settled, voidWaivers };
}

/** A report with what is waived now: it may have been made before. */
export function withWaivers<T extends CheckReport>(report: T, waivers: Waivers): T {
  const ran = new Set(report.rules.filter(({ state }) => state === 'ran').map(({ rule }) => rule));
  const bare = report.findings.map((one) => ({ ...one, waiver: null }));
  const { findings, voidWaivers } = applyWaivers(bare, waivers, ran);
  const open = findings.filter(({ waiver }) => waiver === null);
  const count = (severity: Finding['severity']): number =>
    open.filter((one) => one.severity === severity).length;
  const counts = { error: count('error'), warning: count('warning'), note: count('note') };
  const unknown = report.rules.some(({ state }) => state === 'unknown');
  const exit = counts.error > 0 ? 1 : unknown ? 3 : 0;
  return { ...report, findings, voidWaivers, counts, waived: findings.length - open.length, exit };
}

function damaged(message: string, cause?: unknown): RespinError {
  return new RespinError({
    code: 'WAIVERS',
    blame: 'usage',
    message,
    hint: 'fix the file, or take it back with git checkout',
    cause,
  });
}
