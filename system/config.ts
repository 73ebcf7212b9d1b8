// SPDX-License-Identifier: MIT
/**
 * Settings in layers: flags > environment > respin.toml in the project > the XDG
 * config file > defaults. Each value remembers the layer it came from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { VM_MODES, type VmMode } from '../core/run.ts';
import { DEFAULT_TREE } from '../core/tree.ts';
import { configPath, projectRoot } from './paths.ts';

export interface Settings {
  /** The tree a series is applied to when neither it nor the command line names one. */
  tree: string;
  /** The folder with a folder a series. */
  patches: string;
  mode: VmMode | 'auto';
  /** How many compilers at a time. */
  jobs: number;
  /** Path of the QEMU to use; null: find one. */
  qemu: string | null;
  /** Use ccache where it is installed. */
  ccache: boolean;
  /** How many records of a kind to keep. */
  keepRuns: number;
  /** Step time-out compiled into the programs, in seconds; null: as the mode needs. */
  stepTimeout: number | null;
  /** Whether a run has the probes; null: where they take less than a minute. */
  probes: boolean | null;
  /** `open`, `closed`, the days it is closed (`2026-12-07..2026-12-20`), or a saved status page's path; null: nobody knows. */
  netNext: string | null;
  /** The public-inbox server that a Message-ID is looked up on, with the list: ends in a slash. */
  archive: string;
}

/** `flag`, `environment RESPIN_JOBS`, a file's path, or `default`. */
export type Origin = string;

export interface Resolved {
  settings: Settings;
  origins: Record<keyof Settings, Origin>;
}

/** What the command line says; an option that was not given is undefined. */
export type SettingFlags = { readonly [K in keyof Settings]?: string | boolean | undefined };

interface Setting<T> {
  /** As respin.toml and the flag spell it. */
  key: string;
  env: string;
  what: string;
  fallback(): T;
  /** From a TOML value, or from a flag's or a variable's text; undefined when it does not fit. */
  read(value: unknown, from: 'file' | 'text', folder: string): T | undefined;
  /** For the message: `a whole number of at least 1`. */
  expects: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function whole(least: number): (value: unknown, from: 'file' | 'text') => number | undefined {
  return (value, from) => {
    const number =
      from === 'text' && typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= least ? number : undefined;
  };
}

const YES_NO: Record<string, boolean> = {
  '1': true,
  yes: true,
  true: true,
  '0': false,
  no: false,
  false: false,
};

const yesOrNo = (value: unknown, from: 'file' | 'text'): boolean | undefined =>
  typeof value === 'boolean' ? value : from === 'text' ? YES_NO[String(value)] : undefined;

/** Every setting there is: the one place to add another. */
export const SETTINGS: { readonly [K in keyof Settings]: Setting<Settings[K]> } = {
  tree: {
    key: 'tree',
    env: 'RESPIN_TREE',
    what: 'the kernel tree a series is applied to when it names none',
    fallback: () => DEFAULT_TREE,
    read: (value, _from, folder) => inFolder(text(value), folder),
    expects: 'a tree, such as debian:linux-source-6.12',
  },
  patches: {
    key: 'patches',
    env: 'RESPIN_PATCHES',
    what: 'the folder with the series, a folder each',
    fallback: () => path.join(projectRoot, 'patches'),
    read: (value, _from, folder) => {
      const place = text(value);
      return place === undefined ? undefined : path.resolve(folder, place);
    },
    expects: 'the path of a folder',
  },
  mode: {
    key: 'mode',
    env: 'RESPIN_MODE',
    what: 'how host and guest VM are run',
    fallback: () => 'auto',
    read: (value) => (['auto', ...VM_MODES] as const).find((mode) => mode === value),
    expects: `one of auto, ${VM_MODES.join(', ')}`,
  },
  jobs: {
    key: 'jobs',
    env: 'RESPIN_JOBS',
    what: 'compilers at a time',
    fallback: () => availableParallelism() + 1,
    read: whole(1),
    expects: 'a whole number of at least 1',
  },
  qemu: {
    key: 'qemu',
    env: 'RESPIN_QEMU',
    what: 'the qemu-system-x86_64 to use',
    fallback: () => null,
    read: (value, _from, folder) => {
      const file = text(value);
      return file === undefined ? undefined : path.resolve(folder, file);
    },
    expects: 'the path of a qemu-system-x86_64',
  },
  ccache: {
    key: 'ccache',
    env: 'RESPIN_CCACHE',
    what: 'use ccache where it is installed',
    fallback: () => true,
    read: yesOrNo,
    expects: 'true or false',
  },
  probes: {
    key: 'probes',
    env: 'RESPIN_PROBES',
    what: "run respin's own probes beside the tree's programs",
    fallback: () => null,
    read: yesOrNo,
    expects: 'true or false',
  },
  keepRuns: {
    key: 'keep-runs',
    env: 'RESPIN_KEEP_RUNS',
    what: 'records to keep of runs, of perf, of coverage and of mutants',
    fallback: () => 100,
    read: whole(1),
    expects: 'a whole number of at least 1',
  },
  stepTimeout: {
    key: 'step-timeout',
    env: 'RESPIN_STEP_TIMEOUT',
    what: 'time-out of one step of a test program, in seconds',
    fallback: () => null,
    read: whole(1),
    expects: 'a whole number of seconds of at least 1',
  },
  archive: {
    key: 'archive',
    env: 'RESPIN_ARCHIVE',
    what: 'the list of a public-inbox server on which a Message-ID is looked up',
    fallback: () => 'https://lore.kernel.org/all/',
    read: (value) => {
      const said = text(value);
      if (said === undefined || !/^https?:\/\/[^/\s]/.test(said)) return undefined;
      return said.endsWith('/') ? said : `${said}/`;
    },
    expects: 'an address such as https://lore.kernel.org/netdev/',
  },
  netNext: {
    key: 'net-next',
    env: 'RESPIN_NET_NEXT',
    what: 'whether net-next is open: open, closed, FROM..TO, or a saved status page',
    fallback: () => null,
    read: (value, _from, folder) => {
      const said = text(value);
      if (said === undefined || /^(open|closed|[\d-]+\.\.[\d-]+)$/.test(said)) return said;
      return path.resolve(folder, said);
    },
    expects: 'open, closed, the days it is closed (2026-12-07..2026-12-20), or the path of a saved page',
  },
};

/** `git:../linux#REF` and `tar:x.tar` begin at the folder of the file they stand in, or at `-C`. */
function inFolder(tree: string | undefined, folder: string): string | undefined {
  const relative = /^(git|tar):(?![a-z+]+:|[\w.-]+@[\w.-]+:)([^#/][^#]*)/i;
  return tree?.replace(
    relative,
    (_, kind: string, where: string) => `${kind}:${path.resolve(folder, where)}`,
  );
}

const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];
const FILE = 'respin.toml';

interface Layer {
  /** Setting's value, and the name of its place for messages. */
  get(
    name: keyof Settings,
  ): { value: unknown; origin: Origin; from: 'file' | 'text'; folder: string } | undefined;
}

export interface SettingsPlaces {
  /** Absolute folder; respin.toml is looked for there and upward. */
  cwd: string;
  env?: NodeJS.ProcessEnv;
  flags?: SettingFlags;
}

/**
 * The settings in force.
 * @throws RespinError BAD_SETTING or UNKNOWN_SETTING (usage), naming the file and key
 */
export async function loadSettings(places: SettingsPlaces): Promise<Resolved> {
  const env = places.env ?? process.env;
  const layers: Layer[] = [flagLayer(places.flags ?? {}, places.cwd), environmentLayer(env, places.cwd)];
  for (const file of configFiles(places.cwd)) layers.push(await fileLayer(file));

  const settings: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const name of NAMES) {
    // Every layer is read, not only the winning one: a bad value is said before it can surprise.
    const values = layers.flatMap((layer) => readSetting(name, layer));
    const best = values[0] ?? { value: SETTINGS[name].fallback(), origin: 'default' };
    settings[name] = best.value;
    origins[name] = best.origin;
  }
  return { settings: settings as unknown as Settings, origins: origins as Resolved['origins'] };
}

function readSetting(name: keyof Settings, layer: Layer): { value: unknown; origin: Origin }[] {
  const found = layer.get(name);
  if (found === undefined) return [];
  const setting = SETTINGS[name];
  const value = setting.read(found.value, found.from, found.folder);
  if (value !== undefined) return [{ value, origin: found.origin }];
  throw new RespinError({
    code: 'BAD_SETTING',
    blame: 'usage',
    message: `${found.origin === 'flag' ? `--${setting.key}` : `${found.origin}: ${setting.key}`} cannot be ${JSON.stringify(found.value)}`,
    hint: `it is to be ${setting.expects}`,
  });
}

function flagLayer(flags: SettingFlags, cwd: string): Layer {
  return {
    get: (name) => {
      const value = flags[name];
      return value === undefined ? undefined : { value, origin: 'flag', from: 'text', folder: cwd };
    },
  };
}

function environmentLayer(env: NodeJS.ProcessEnv, cwd: string): Layer {
  return {
    get: (name) => {
      const variable = SETTINGS[name].env;
      const value = env[variable];
      // An empty variable is the shell's way of an unset one.
      if (value === undefined || value === '') return undefined;
      return { value, origin: `environment ${variable}`, from: 'text', folder: cwd };
    },
  };
}

/** The project's file, then the user's. */
function configFiles(cwd: string): string[] {
  const files: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const file = path.join(folder, FILE);
    if (existsSync(file)) {
      files.push(file);
      break;
    }
    if (path.dirname(folder) === folder) break;
  }
  const own = configPath('config.toml');
  if (existsSync(own)) files.push(own);
  return files;
}

async function fileLayer(file: string): Promise<Layer> {
  const table = await readToml(file);
  const byKey = new Map(NAMES.map((name) => [SETTINGS[name].key, name]));
  for (const key of Object.keys(table)) {
    if (byKey.has(key)) continue;
    const near = nearest(key, [...byKey.keys()]);
    throw new RespinError({
      code: 'UNKNOWN_SETTING',
      blame: 'usage',
      message: `${file}: there is no setting '${key}'`,
      hint:
        near.length > 0 ? `did you mean ${near.join(' or ')}?` : `settings: ${[...byKey.keys()].join(', ')}`,
    });
  }
  return {
    get: (name) => {
      const value = table[SETTINGS[name].key];
      return value === undefined
        ? undefined
        : { value, origin: file, from: 'file', folder: path.dirname(file) };
    },
  };
}

async function readToml(file: string): Promise<Record<string, unknown>> {
  const { parse } = await import('smol-toml');
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RespinError({
      code: 'BAD_CONFIG',
      blame: 'usage',
      message: `${file} cannot be read: ${(cause as Error).message}`,
      cause,
    });
  }
  try {
    return parse(source);
  } catch (cause) {
    throw new RespinError({
      code: 'BAD_CONFIG',
      blame: 'usage',
      message: `${file} is not TOML`,
      detail: (cause as Error).message,
      cause,
    });
  }
}
