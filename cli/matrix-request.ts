// SPDX-License-Identifier: MIT
/** The words of `respin matrix` → what is to be run. */
import { availableParallelism, freemem } from 'node:os';
import { RespinError } from '../core/errors.ts';
import type { MatrixColumn } from '../core/matrix.ts';
import type { Machine } from '../core/run.ts';
import { firstPatches, type Series } from '../core/series.ts';
import type { Variant } from '../core/tree.ts';
import { parseTreeSource } from '../kernel-tree/source.ts';
import { listSeries } from '../patches/list-series.ts';
import { machinesAtOnce } from '../runs/at-once.ts';
import type { MatrixRequest } from '../runs/run-matrix.ts';
import { PROFILES, type Profile } from '../tools/build-vm/fragments.ts';
import type { Context } from './command.ts';
import { readNamed } from './read-named.ts';
import { directionsOf, namedSeries, requestFor } from './run-options.ts';

const MOST_AT_ONCE = 64;

/** @throws RespinError what `readSeries` throws, and BAD_OPTION, BAD_ARGUMENT (usage) */
export async function matrixRequest(context: Context): Promise<MatrixRequest> {
  const profiles = profilesOf(context);
  const directions = directionsOf(context);
  const atOnce = atOnceOf(context);
  const [, ...more] = context.positionals;
  if (more.length > 0)
    throw wrong(
      'BAD_ARGUMENT',
      `one series at a time: ${more.join(' ')} is too much`,
      'options come with --',
    );
  const all = await versionsOf(context);
  const rows = context.flag('each-patch') ? eachPatch(all) : all.map((series) => wholeRow(series));
  const newest = all.at(-1) as Series;
  const { series: _, tree, variants: __, profiles: ___, ...rest } = await requestFor(context, newest);
  const trees = listOf(context, 'trees') ?? [tree];
  for (const one of trees) parseTreeSource(one, context.cwd);
  const variants = context.flag('interop') ? EACH_WITH_EACH : [PATCHED];
  return {
    ...rest,
    ...{ name: newest.name, title: newest.title, rows },
    columns: trees.flatMap((tree) =>
      profiles.flatMap((profiles) => variants.map((variants) => ({ tree, profiles, variants }))),
    ),
    directions,
    probes: context.flag('probes'),
    strict: context.flag('strict'),
    again: context.flag('again'),
    atOnce,
    argv: ['matrix', ...context.argv],
  };
}

const PATCHED: Record<Machine, Variant> = { host: 'patched', guest: 'patched' };

/** What is patched on both sides first: where that fails, the others say little. */
const EACH_WITH_EACH: readonly MatrixColumn['variants'][] = [
  PATCHED,
  { host: 'base', guest: 'patched' },
  { host: 'patched', guest: 'base' },
  { host: 'base', guest: 'base' },
];

function wholeRow(series: Series): MatrixRequest['rows'][number] {
  const of = series.patches.length;
  return { version: series.version, patches: of, of, subject: null, series };
}

/** @throws RespinError BAD_OPTION (usage) when more than one version was named */
function eachPatch(versions: readonly Series[]): MatrixRequest['rows'] {
  const series = versions.at(-1) as Series;
  return series.patches.map(({ subject }, at) => ({
    ...{ version: series.version, patches: at + 1, of: series.patches.length, subject },
    series: firstPatches(series, at + 1),
  }));
}

/** Oldest first. @throws RespinError BAD_OPTION (usage), and what `readSeries` throws */
async function versionsOf(context: Context): Promise<Series[]> {
  const { name } = await namedSeries(context);
  const patchesDir = (await context.settings()).settings.patches;
  const listed = (await listSeries({ patchesDir })).find((one) => one.name === name);
  const there = listed?.versions.map(({ version }) => version) ?? null;
  const text = context.text('versions');
  if (there === null) {
    // An mbox, a folder or a range: the newest it holds, or those that are named.
    const wanted = text === undefined ? [undefined] : words('versions', text);
    const read: Series[] = [];
    for (const version of wanted) read.push(await readNamed(context, name, version));
    return read;
  }
  const wanted =
    text === undefined ? (context.flag('each-patch') ? there.slice(-1) : there) : chosen(text, there);
  if (context.flag('each-patch') && wanted.length > 1) {
    throw wrong(
      'BAD_OPTION',
      `--each-patch is about one version, and --versions ${text} names ${wanted.length}`,
      'for example --versions v3',
    );
  }
  const read: Series[] = [];
  for (const version of wanted) read.push(await readNamed(context, name, version));
  return read;
}

/** `v1,v3`, `v2..v4`, in the order of `there`. @throws RespinError BAD_OPTION (usage) */
function chosen(text: string, there: readonly string[]): string[] {
  const named = new Set<string>();
  for (const word of words('versions', text)) {
    const [from = '', to = from] = word.split('..').map((one) => one.replace(/^(?=\d)/, 'v'));
    const ends = [there.indexOf(from), there.indexOf(to)] as const;
    const [first, last] = [Math.min(...ends), Math.max(...ends)];
    if (first < 0) {
      const missing = ends[0] < 0 ? from : to;
      throw wrong(
        'BAD_OPTION',
        `--versions ${text}: there is no ${missing || 'version without a name'}`,
        `there is ${there.join(', ')}`,
      );
    }
    for (const version of there.slice(first, last + 1)) named.add(version);
  }
  return there.filter((version) => named.has(version));
}

/** A machine with the checks is slow; with both the guest does not come up in time under emulation. */
function profilesOf(context: Context): Record<Machine, Profile>[] {
  const named = listOf(context, 'profiles') ?? ['fast'];
  return named.flatMap((word): Record<Machine, Profile>[] => {
    const profile = PROFILES.find((one) => one === word);
    if (profile === undefined) {
      throw wrong(
        'BAD_OPTION',
        `--profiles ${context.text('profiles')}: ${word || 'empty'} is not known`,
        `it takes ${PROFILES.join(', ')}`,
      );
    }
    if (profile === 'fast') return [{ host: 'fast', guest: 'fast' }];
    return [
      { host: profile, guest: 'fast' },
      { host: 'fast', guest: profile },
    ];
  });
}

function atOnceOf(context: Context): number {
  const text = context.text('at-once');
  if (text === undefined) return machinesAtOnce({ cores: availableParallelism(), freeBytes: freemem() });
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST_AT_ONCE) return count;
  throw wrong(
    'BAD_OPTION',
    `--at-once ${text}: not a number from 1 to ${MOST_AT_ONCE}`,
    'for example --at-once 2',
  );
}

function listOf(context: Context, option: string): string[] | null {
  const text = context.text(option);
  return text === undefined ? null : words(option, text);
}

/** @throws RespinError BAD_OPTION (usage) */
function words(option: string, text: string): string[] {
  const named = [...new Set(text.split(',').map((word) => word.trim()))];
  if (!named.includes('')) return named;
  throw wrong('BAD_OPTION', `--${option} ${text}: there is nothing between two commas`, 'for example v1,v2');
}

function wrong(code: string, message: string, hint: string): RespinError {
  return new RespinError({ code, blame: 'usage', message, hint });
}
