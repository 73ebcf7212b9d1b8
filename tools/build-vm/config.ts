// SPDX-License-Identifier: MIT
/** Makes a `.config` from a profile's fragments, and sees to it that nothing asked for was lost. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import { run } from '../../system/exec.ts';
import { writeWhole } from '../../system/whole.ts';
import { baseFiles, changedFiles } from './base-tree.ts';
import { rememberConfigured, stillConfigured } from './config-stamp.ts';
import {
  type ConfigRequest,
  type Fragments,
  lostRequests,
  parseDotConfig,
  requestLine,
} from './fragments.ts';
import { type Kconfig, readKconfig } from './kconfig.ts';
import { evaluateDependency, unmetParts } from './kconfig-expression.ts';
import { machineTrouble, missingHeader } from './machine-trouble.ts';
import { type BuildPlace, makeKernel } from './make-kernel.ts';

export interface Configured {
  /** The `.config`. */
  file: string;
  /** Symbols marked optional that the tree does not know. */
  absent: ConfigRequest[];
}

/**
 * Writes `.config` into the build folder: allnoconfig with the fragments on top.
 * An unchanged result leaves the file's time alone, so nothing is built again for it.
 * @throws RespinError CONFIG_SYMBOL_LOST when a symbol did not survive: the series is to blame when
 *   it changed Kconfig files and its base keeps the symbol, the machine when its tools
 *   lack something, else the words: fragment and tree do not fit.
 * @throws RespinError CONFIG_FAILED when `make allnoconfig` itself fails
 */
export async function configure(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
  signal?: AbortSignal,
): Promise<Configured> {
  const file = path.join(place.buildDir, '.config');
  const known = await stillConfigured(applied, place, fragments);
  if (known !== null) return { file, absent: known };
  const config = await allnoconfig(place, fragments, signal);
  if (config.failed !== null) throw await configFailed(applied, place, fragments, config.failed, signal);
  const lost = lostRequests(fragments.requests, config.values);
  const kconfig: Kconfig = lost.length > 0 ? await readKconfig(place.sourceDir) : new Map();
  const absent = lost.filter(({ symbol, optional }) => optional !== null && !isKnown(kconfig, symbol));
  const wanting = lost.filter((request) => !absent.includes(request));
  if (wanting.length > 0) {
    throw await symbolLost(applied, place, fragments, wanting, kconfig, config.values, signal);
  }
  await rememberConfigured(applied, place, fragments, absent);
  return { file, absent };
}

interface AllnoconfigResult {
  file: string;
  values: Map<string, string>;
  /** What make printed, when it failed. */
  failed: string | null;
}

async function allnoconfig(
  place: BuildPlace,
  fragments: Fragments,
  signal?: AbortSignal,
): Promise<AllnoconfigResult> {
  const asked = path.join(place.buildDir, 'respin.config');
  await writeWhole(asked, fragments.text);
  const { command, args, env } = await makeKernel(place);
  const result = await run(command, [...args, 'allnoconfig'], {
    env: { ...env, KCONFIG_ALLCONFIG: asked },
    ...(signal === undefined ? {} : { signal }),
  });
  const file = path.join(place.buildDir, '.config');
  if (result.exitCode !== 0) return { file, values: new Map(), failed: result.stderr + result.stdout };
  return { file, values: parseDotConfig(await readFile(file, 'utf8')), failed: null };
}

function isKnown(kconfig: Kconfig, symbol: string): boolean {
  return (kconfig.get(symbol)?.definitions.length ?? 0) > 0;
}

async function symbolLost(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
  lost: readonly ConfigRequest[],
  kconfig: Kconfig,
  config: Map<string, string>,
  signal?: AbortSignal,
): Promise<RespinError> {
  const reasons = lost.map((request) => ({ request, ...whyLost(request, kconfig, config) }));
  const names = lost.map(({ symbol }) => `CONFIG_${symbol}`).join(', ');
  const detail = reasons
    .map(({ request, why }) => `${requestLine(request)} (${request.where})\n  ${why.join('\n  ')}`)
    .join('\n');
  const parts = { code: 'CONFIG_SYMBOL_LOST', detail };
  const seriesFiles = (await changedFiles(applied, place.sourceDir)).filter((file) => isKconfigFile(file));
  if (seriesFiles.length > 0 && (await baseKeeps(applied, place, fragments, lost, signal))) {
    return new RespinError({
      ...parts,
      blame: 'series',
      message: `with the series applied the config loses ${names}`,
      hint: `the series changes ${seriesFiles.join(', ')}; on the base the symbols survive`,
    });
  }
  if (reasons.some(({ tool }) => tool)) {
    return new RespinError({
      ...parts,
      blame: 'machine',
      message: `the compiler or linker of this machine lacks what ${names} needs`,
      hint: 'a newer gcc and binutils may have it',
    });
  }
  const unknown = lost.every(({ symbol }) => !isKnown(kconfig, symbol));
  return new RespinError({
    ...parts,
    blame: 'usage',
    message: unknown
      ? `${applied.tree.source} does not know ${names}`
      : `${applied.tree.source} does not keep ${names} as asked`,
    hint: unknown
      ? 'if it can do without, mark the line in kernel-tree/config with "# optional: why"'
      : 'add what is missing to the fragment in kernel-tree/config',
  });
}

interface Why {
  why: string[];
  /** A property of the compiler or linker is what is missing. */
  tool: boolean;
}

const OF_THE_TOOLS = /\b(?:CC|AS|LD|GCC|CLANG|TOOLCHAIN|PAHOLE|RUSTC)_/;

/** Says, as far as the Kconfig files tell, why a symbol is not what was asked. */
export function whyLost(request: ConfigRequest, kconfig: Kconfig, config: Map<string, string>): Why {
  const symbol = kconfig.get(request.symbol);
  if (symbol === undefined || symbol.definitions.length === 0) {
    return { why: ['no Kconfig file of the tree has this symbol'], tool: false };
  }
  const why: string[] = [`.config says ${config.get(request.symbol) ?? 'n'}`];
  let tool = false;
  for (const definition of symbol.definitions) {
    const unmet = definition.depends.flatMap((depends) => unmetParts(depends, config));
    for (const part of unmet) {
      why.push(`${definition.where}: depends on ${part}, which is ${config.get(part) ?? 'n'}`);
      if (OF_THE_TOOLS.test(part)) tool = true;
    }
    const unknown = definition.depends.filter((depends) => evaluateDependency(depends, config) === null);
    for (const part of unknown)
      why.push(`${definition.where}: depends on ${part}, which this reader cannot tell`);
    if (unmet.length > 0) continue;
    if (!definition.prompt)
      why.push(`${definition.where}: cannot be set, only selected${selectors(symbol.selectedBy)}`);
    else if (definition.inChoice) why.push(`${definition.where}: one of a choice, another entry won`);
  }
  if (request.value === null && config.has(request.symbol))
    why.push(`selected${selectors(symbol.selectedBy)}`);
  if (why.length === 1) why.push('why, the Kconfig files do not tell');
  return { why, tool };
}

function selectors(names: readonly string[]): string {
  if (names.length === 0) return '';
  const some = [...new Set(names)].slice(0, 8);
  return ` by ${some.join(', ')}${names.length > some.length ? ', …' : ''}`;
}

function isKconfigFile(file: string): boolean {
  return /^Kconfig/.test(path.basename(file));
}

/** Whether the base's config keeps what the patched one lost; true only when that could be tried. */
async function baseKeeps(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
  lost: readonly ConfigRequest[],
  signal?: AbortSignal,
): Promise<boolean> {
  await using base = await baseFiles(
    applied,
    place,
    (file) => isKconfigFile(file) || /^(?:scripts|arch\/x86)\/|(?:^|\/)Makefile/.test(file),
  );
  const result = await allnoconfig(base, fragments, signal);
  return result.failed === null && lostRequests(lost, result.values).length < lost.length;
}

async function configFailed(
  applied: AppliedSeries,
  place: BuildPlace,
  fragments: Fragments,
  output: string,
  signal?: AbortSignal,
): Promise<RespinError> {
  const trouble = machineTrouble(output) ?? missingHeader(output);
  if (trouble !== null) return trouble;
  const touched = (await changedFiles(applied, place.sourceDir)).filter(
    (file) => isKconfigFile(file) || /(^|\/)Makefile$|^scripts\//.test(file),
  );
  const series =
    touched.length > 0 && (await baseKeeps(applied, place, fragments, fragments.requests, signal));
  return new RespinError({
    code: 'CONFIG_FAILED',
    blame: series ? 'series' : 'machine',
    message: 'make allnoconfig failed',
    ...(series ? { hint: `the series changes ${touched.join(', ')}; the base can be configured` } : {}),
    detail: output.trimEnd().split('\n').slice(-20).join('\n'),
  });
}
