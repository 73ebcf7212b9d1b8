// SPDX-License-Identifier: MIT
/** How the kernel's make is called: always the same way, so that the same tree gives the same bytes. */
import { access, constants, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { run } from '../../system/exec.ts';
import { gcovVariables } from './gcov-variables.ts';

/** Where sources lie, where what is built from them goes, and with what. */
export interface BuildPlace {
  sourceDir: string;
  buildDir: string;
  /** Compilers at a time; one more than there are cores without it. */
  jobs?: number;
  /** false: no ccache even where it is installed. */
  ccache?: boolean;
  /** Sources whose objects count what runs, relative to the tree: `net/vmw_vsock/af_vsock.c`. */
  gcov?: readonly string[];
}

export interface MakeCall {
  command: string;
  /** Options and variables; targets go behind them. */
  args: string[];
  env: Record<string, string | undefined>;
  /** `gcc`, or `ccache gcc`. */
  cc: string;
}

/**
 * Changes when the same sources, config and compiler would give something else than
 * before because of what is written here, in programs.ts or in build.ts.
 */
export const RECIPE = 3;

/** What a user's shell may have set for other builds, and must not leak into this one. */
const FOREIGN = [
  ...['ARCH', 'CROSS_COMPILE', 'LLVM', 'CC', 'LD', 'KCFLAGS', 'KCPPFLAGS', 'KAFLAGS', 'CFLAGS', 'CPPFLAGS'],
  ...['LDFLAGS', 'LDLIBS', 'CPATH', 'C_INCLUDE_PATH', 'LIBRARY_PATH', 'MAKEFLAGS', 'MFLAGS', 'MAKELEVEL'],
  ...['KBUILD_OUTPUT', 'KBUILD_EXTRA_SYMBOLS', 'KCONFIG_CONFIG', 'KCONFIG_ALLCONFIG', 'INSTALL_HDR_PATH'],
  ...['GCC_COLORS', 'V', 'W', 'C', 'O', 'TARGET_ARCH', 'SOURCE_DATE_EPOCH'],
];

/** The environment of every compiler run: nobody's own flags, and a fixed time, user and host. */
export async function buildEnvironment(place: BuildPlace): Promise<{
  env: Record<string, string | undefined>;
  cc: string;
}> {
  const env: Record<string, string | undefined> = Object.fromEntries(
    FOREIGN.map((name) => [name, undefined]),
  );
  Object.assign(env, {
    KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
    KBUILD_BUILD_USER: 'respin',
    KBUILD_BUILD_HOST: 'respin',
    KBUILD_BUILD_VERSION: '1',
    // Set but empty: setlocalversion appends no "+" and does not ask git.
    LOCALVERSION: '',
  });
  const cc = place.ccache !== false && (await usableCcache()) ? 'ccache gcc' : 'gcc';
  if (cc !== 'gcc') {
    // Paths below base_dir are hashed relative to the build folder, and that folder not at
    // all: another worktree with its build folder in the same place beside it hits.
    Object.assign(env, {
      CCACHE_BASEDIR: place.sourceDir,
      CCACHE_NOHASHDIR: '1',
      // By the dependencies that the compiler writes ccache does not see an .incbin: arch/x86/boot/compressed/piggy.S is
      // the same text for any two kernels that are compressed to one size, and the bzImage was that of the other.
      CCACHE_DEPEND: undefined,
      CCACHE_NODEPEND: '1',
      // What was kept so before is not found any more.
      CCACHE_NAMESPACE: `respin-${RECIPE}`,
    });
  }
  return { env, cc };
}

/** The make call for a kernel: out of tree, with line tables, reproducible. */
export async function makeKernel(place: BuildPlace): Promise<MakeCall> {
  const { env, cc } = await buildEnvironment(place);
  return {
    // What a killed run started may live some seconds longer; its make and compilers hold
    // this lock, inherited, to their end. Two makes in one folder would spoil it.
    command: 'flock',
    args: [
      ...[buildLock(place), 'make'],
      ...['-C', place.sourceDir, `O=${place.buildDir}`, `-j${jobsOf(place)}`],
      ...[`CC=${cc}`, `KCFLAGS=${kernelFlags(place)}`],
      ...gcovVariables(place.gcov ?? []),
    ],
    env,
    cc,
  };
}

/**
 * -g1 is line tables alone, for decode_stacktrace.sh; it costs about 4 % of compile time.
 * The maps take the folders' names out of the objects, in both spellings: ccache
 * hands the compiler relative paths.
 */
function kernelFlags({ sourceDir, buildDir }: BuildPlace): string {
  const relative = path.relative(buildDir, sourceDir);
  return [
    '-g1',
    `-ffile-prefix-map=${sourceDir}/=`,
    `-ffile-prefix-map=${relative}/=`,
    `-ffile-prefix-map=${buildDir}=.`,
  ].join(' ');
}

/** One more than cores, so that none waits for the disk. */
export function jobsOf({ jobs }: BuildPlace): number {
  return jobs ?? availableParallelism() + 1;
}

/** Locked (flock) while anything of a kernel's make runs in the build folder. */
export function buildLock({ buildDir }: BuildPlace): string {
  return path.join(buildDir, 'respin.lock');
}

let probed: Promise<boolean> | null = null;

/** Whether ccache is there and can write its folder. */
async function usableCcache(): Promise<boolean> {
  probed ??= probeCcache();
  return await probed;
}

async function probeCcache(): Promise<boolean> {
  try {
    const { exitCode, stdout } = await run('ccache', ['--get-config', 'cache_dir']);
    const folder = stdout.trim();
    if (exitCode !== 0 || folder === '') return false;
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    // Not installed, or a folder that cannot be written: gcc alone does it too.
    return false;
  }
}
