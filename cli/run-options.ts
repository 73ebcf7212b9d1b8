// SPDX-License-Identifier: MIT
/** The options that `run`, `apply`, `build`, `test` and `shell` share, and the request they make. */
import { RespinError } from '../core/errors.ts';
import { DIRECTIONS, type Direction } from '../core/run.ts';
import type { Series } from '../core/series.ts';
import type { Variant } from '../core/tree.ts';
import { listSeries } from '../patches/list-series.ts';
import type { RunRequest } from '../runs/prepare.ts';
import type { TestRequest } from '../runs/run-series.ts';
import { PROFILES } from '../tools/build-vm/fragments.ts';
import { chosenDirections } from '../tools/run-vsock-test/chosen-cases.ts';
import { PROBES, TEST_PROGRAMS } from '../tools/run-vsock-test/programs.ts';
import type { Context, OptionTable } from './command.ts';
import { readNamed } from './read-named.ts';

export const SERIES_OPTIONS: OptionTable = {
  version: { type: 'string', value: 'vN', description: 'the version of the series; the newest by default' },
  tree: {
    type: 'string',
    value: 'SOURCE',
    description: 'the kernel tree; by default the one the series names',
  },
  base: { type: 'boolean', description: 'the tree as it is, without a series' },
};

export const BUILD_OPTIONS: OptionTable = {
  ...SERIES_OPTIONS,
  profile: {
    type: 'string',
    value: 'NAME',
    description:
      'kernel configuration: fast (default) or debug; debug,fast: that of the host, that of the guest',
  },
  mode: { type: 'string', value: 'MODE', description: 'kvm+kvm, kvm+tcg, tcg+svm, tcg+tcg; auto by default' },
  'step-timeout': {
    type: 'string',
    value: 'SECONDS',
    description: "the programs' own limit for a step; by default as the mode needs",
  },
  host: {
    type: 'string',
    value: 'VARIANT',
    description: 'whose kernel the host boots: base or patched (default)',
  },
  guest: {
    type: 'string',
    value: 'VARIANT',
    description: 'whose kernel the guest boots: base or patched (default)',
  },
};

export const TEST_OPTIONS: OptionTable = {
  ...BUILD_OPTIONS,
  direction: {
    type: 'string',
    value: 'LIST',
    description: 'g2h, h2g, loopback, with commas between; all by default',
  },
  strict: { type: 'boolean', description: 'exit with 1 when a case passed only on a repeat' },
};

/** Whether respin's own probes run, for one command. */
export const PROBE_OPTIONS: OptionTable = {
  probes: {
    type: 'boolean',
    description: "run respin's own probes, too: what vsock_test does not see (docs/probes.md)",
  },
  'no-probes': { type: 'boolean', description: "the tree's own programs alone" },
};

export const SERIES_DETAILS = `SERIES is a name in patches/, a folder of *.patch files, an mbox (- for one on
stdin), git:REPOSITORY#A..B, or a range A..B of the repository in this folder.
Without one, the only series in patches/ is taken.`;

/** @throws RespinError USAGE for a word that is none of those the option takes */
function oneOf<T extends string>(context: Context, option: string, words: readonly T[], fallback: T): T {
  const value = context.text(option) ?? fallback;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--${option} ${value}: not known`,
    hint: `it takes ${words.join(', ')}`,
  });
}

/** The directions asked for, in the order they are tested. */
export function directionsOf(context: Context): Direction[] {
  return wordsOf(context, 'direction', DIRECTIONS) ?? [...DIRECTIONS];
}

/**
 * What is run, in which directions: everything, or a part, which says itself whether it needs the probes.
 * @throws RespinError BAD_OPTION (usage) for a program that does not run in these directions
 */
export function testsOf(
  part: TestRequest['part'],
  directions: readonly Direction[],
  probes: boolean | null,
): Pick<TestRequest, 'part' | 'directions' | 'probes'> {
  if (part === null) return { part, directions, probes };
  const programs = [...TEST_PROGRAMS, ...PROBES].filter(({ name }) =>
    part.chosen.some(({ program }) => program === name),
  );
  return {
    part,
    directions: chosenDirections(programs, directions),
    probes: programs.some(({ probe }) => probe === true),
  };
}

/**
 * What --probes and --no-probes say, or the setting.
 * @throws RespinError BAD_OPTION (usage)
 */
export function probesOf(context: Context, setting: boolean | null): boolean | null {
  const [yes, no] = [context.flag('probes'), context.flag('no-probes')];
  if (!yes && !no) return setting;
  if (yes !== no) return yes;
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: '--probes and --no-probes do not go together',
    hint: 'leave out one of the two',
  });
}

/**
 * The words an option names, with commas between, in the order of `words`; null without the option.
 * @throws RespinError BAD_OPTION (usage)
 */
export function wordsOf<T extends string>(context: Context, option: string, words: readonly T[]): T[] | null {
  const text = context.text(option);
  if (text === undefined) return null;
  const named = text.split(',').map((word) => word.trim());
  const bad = named.find((word) => !(words as readonly string[]).includes(word));
  if (bad === undefined) return words.filter((word) => named.includes(word));
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--${option} ${text}: ${bad === '' ? 'empty' : bad} is not a ${option}`,
    hint: `${option}s are ${words.join(', ')}`,
  });
}

/**
 * What is to be run, from the command line and the settings.
 * @throws RespinError what `readSeries` throws, and BAD_OPTION (usage)
 */
export async function requestOf(context: Context): Promise<RunRequest> {
  return await requestFor(context, await seriesOf(context));
}

/**
 * The same for a series that is known; null: the tree as it is.
 * @throws RespinError BAD_OPTION (usage)
 */
export async function requestFor(context: Context, series: Series | null): Promise<RunRequest> {
  const { settings, origins } = await context.settings({
    tree: context.text('tree'),
    mode: context.text('mode'),
    stepTimeout: context.text('step-timeout'),
  });
  // A setting is for series that name no tree; what is said on the command line is for this one.
  const tree = origins.tree === 'flag' ? settings.tree : (series?.tree ?? settings.tree);
  const variant = (option: string): Variant =>
    series === null ? 'base' : oneOf(context, option, ['base', 'patched'], 'patched');
  return {
    series,
    tree,
    mode: settings.mode,
    profiles: profilesOf(context),
    stepTimeout: settings.stepTimeout,
    jobs: settings.jobs,
    ccache: settings.ccache,
    qemu: settings.qemu,
    variants: { host: variant('host'), guest: variant('guest') },
    probes: settings.probes,
  };
}

/** `debug` for both machines, or `debug,fast` for host and guest. */
function profilesOf(context: Context): RunRequest['profiles'] {
  const text = context.text('profile') ?? 'fast';
  const words = text.split(',').map((word) => PROFILES.find((profile) => profile === word.trim()));
  const [host, guest = host] = words;
  if (host !== undefined && guest !== undefined && words.length <= 2) return { host, guest };
  throw new RespinError({
    code: 'BAD_OPTION',
    blame: 'usage',
    message: `--profile ${text}: not known`,
    hint: `it takes ${PROFILES.join(', ')}, or two of them for host and guest: debug,fast`,
  });
}

async function seriesOf(context: Context): Promise<Series | null> {
  const [named, ...more] = context.positionals;
  if (more.length > 0) {
    throw new RespinError({
      code: 'BAD_ARGUMENT',
      blame: 'usage',
      message: `one series at a time: ${more.join(' ')} is too much`,
      hint: 'options come with --',
    });
  }
  if (context.flag('base')) {
    const also = named ?? ['version', 'host', 'guest'].find((option) => context.text(option) !== undefined);
    if (also === undefined) return null;
    throw new RespinError({
      code: 'BAD_ARGUMENT',
      blame: 'usage',
      message: `--base runs the tree without a series, but ${named === undefined ? `--${also}` : also} is about one`,
      hint: 'leave out one of the two; --host base or --guest base mixes them',
    });
  }
  return await (await namedSeries(context)).read();
}

/** The series that the command line names, or the only one there is; reading it may fail. */
export async function namedSeries(
  context: Context,
  { alone = false }: { alone?: boolean } = {},
): Promise<{ name: string; read(): Promise<Series> }> {
  const version = context.text('version')?.replace(/^(?=\d)/, 'v');
  const patchesDir = (await context.settings()).settings.patches;
  const name = context.positionals[0] ?? (await onlySeries(patchesDir));
  return {
    name,
    read: async () => await readNamed(context, name, version, { alone }),
  };
}

async function onlySeries(patchesDir: string): Promise<string> {
  const listed = await listSeries({ patchesDir });
  // Of some only facts are there: what to fetch, and what they claim.
  const all = listed.filter(({ versions }) => versions.some(({ patches }) => patches > 0));
  const [first] = all;
  if (first !== undefined && all.length === 1) return first.name;
  throw new RespinError({
    code: 'WHICH_SERIES',
    blame: 'usage',
    message: all.length === 0 ? 'no series named, and none in patches/' : 'which series?',
    hint:
      all.length === 0
        ? 'name a folder of *.patch files, an mbox or a git range'
        : `in patches/: ${all.map(({ name }) => name).join(', ')}`,
  });
}
