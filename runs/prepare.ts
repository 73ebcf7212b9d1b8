// SPDX-License-Identifier: MIT
/** From a series and a tree to images that can be booted: every stage before the machines. */
import type { Steps } from '../core/events.ts';
import type { Machine, RunBuilds, VmMode } from '../core/run.ts';
import type { Series } from '../core/series.ts';
import type { AppliedSeries, Tree, Variant } from '../core/tree.ts';
import { applySeries, baseOf } from '../kernel-tree/apply.ts';
import { importTree } from '../kernel-tree/import-tree.ts';
import { chooseMode, kvmFacts, type ModeChoice } from '../tools/boot-vm/mode.ts';
import { stepTimeout } from '../tools/boot-vm/time-outs.ts';
import { type Build, build } from '../tools/build-vm/build.ts';
import type { Profile } from '../tools/build-vm/fragments.ts';
import { type Images, stageImages } from '../tools/build-vm/images.ts';
import { provideQemu, type Qemu } from '../tools/build-vm/qemu.ts';
import { provideProbes } from '../tools/run-vsock-test/provide-probes.ts';

export interface RunRequest {
  /** null: the tree as it is. */
  series: Series | null;
  /** As `respin tree` spells it. */
  tree: string;
  mode: VmMode | 'auto';
  profiles: Record<Machine, Profile>;
  /** Seconds; null: as the mode needs. */
  stepTimeout: number | null;
  /** Compilers at a time. */
  jobs: number;
  /** Use ccache where it is installed. */
  ccache: boolean;
  /** A QEMU's path; null: find one. */
  qemu: string | null;
  /** Whose kernel each machine boots. */
  variants: Record<Machine, Variant>;
  /** Whether the probes run beside the tree's own programs; null: where they are quick. */
  probes: boolean | null;
  /** The series whose programs are run, where it is not `series`: kernels of less are tested with those of all. */
  programsOf?: Series;
  /** Which sources count what runs in them (gcov); kernels that do not count without it. */
  gcov?: (applied: AppliedSeries) => Promise<readonly string[]>;
}

/** What each stage left; filled in the order of the fields, so that a failed run can say how far it came. */
export interface Prepared {
  tree?: Tree;
  applied?: AppliedSeries;
  qemu?: Qemu;
  choice?: ModeChoice;
  stepTimeout?: number;
  /** The kernels of host and guest, and the build the programs come from. */
  host?: Build;
  guest?: Build;
  programs?: Build;
  /** The probes' key; null: they are not run. */
  probes?: string | null;
  /** Whether the guest has a device that lies, for the probe of that. */
  lyingDevice?: boolean;
  images?: Images;
}

/** What the run is of; null when not all of it was built. */
export function buildsOf({ host, guest, programs, probes }: Prepared): RunBuilds | null {
  if (host === undefined || guest === undefined || programs === undefined || probes === undefined)
    return null;
  return { host: host.key, guest: guest.key, programs: programs.key, probes };
}

/** Kernels, programs and probes, or that they are there already. */
export async function* buildAll(
  request: RunRequest,
  signal: AbortSignal,
): Steps<{ builds: RunBuilds; mode: VmMode; qemu: string }> {
  const done: Prepared = {};
  yield* prepareBuild(request, done, signal);
  const { qemu, choice } = done;
  if (qemu === undefined || choice === undefined) throw new Error('nothing was prepared');
  const probes = wantsProbes(request, choice.mode) ? await provideProbes(qemu, signal) : null;
  const builds = buildsOf({ ...done, probes: probes?.key ?? null });
  if (builds === null) throw new Error('nothing was built');
  return { builds, mode: choice.mode, qemu: qemu.version };
}

/** All of it. */
export type Ready = Required<Prepared>;

/** Takes the tree from its source and applies the series to it. */
export async function* prepareTree(
  request: RunRequest,
  done: Prepared,
  signal: AbortSignal,
): Steps<AppliedSeries> {
  const tree = yield* importTree(request.tree, { signal });
  done.tree = tree;
  const applied =
    request.series === null ? await baseOf(tree) : yield* applySeries(tree, request.series, { signal });
  done.applied = applied;
  return applied;
}

/** `prepareTree`, then the QEMU, the mode, and the kernels and programs. */
export async function* prepareBuild(request: RunRequest, done: Prepared, signal: AbortSignal): Steps<Build> {
  const applied = yield* prepareTree(request, done, signal);
  const qemu = yield* provideQemu({ setting: request.qemu, signal });
  done.qemu = qemu;
  const choice = chooseMode(await kvmFacts(qemu.version), request.mode);
  done.choice = choice;
  const seconds = request.stepTimeout ?? stepTimeout(choice);
  done.stepTimeout = seconds;
  const { profiles, variants, jobs, ccache } = request;
  const gcov = request.gcov === undefined ? {} : { gcov: await request.gcov(applied) };
  const make = async function* (variant: Variant, profile: Profile): Steps<Build> {
    const of = variant === applied.variant ? applied : await baseOf(applied.tree);
    return yield* build(of, { profile, stepTimeout: seconds, jobs, ccache, signal, ...gcov });
  };
  const patched = applied.variant;
  done.host = yield* make(variants.host, profiles.host);
  const same = variants.host === variants.guest && profiles.host === profiles.guest;
  done.guest = same ? done.host : yield* make(variants.guest, profiles.guest);
  if (request.programsOf !== undefined) {
    const whole = yield* applySeries(applied.tree, request.programsOf, { signal });
    const how = { profile: profiles.guest, stepTimeout: seconds, jobs, ccache, signal };
    done.programs = yield* build(whole, how);
    return done.programs;
  }
  // The programs are those of the patched tree, whatever the machines boot; the profile does not matter to them.
  done.programs =
    variants.guest === patched
      ? done.guest
      : variants.host === patched
        ? done.host
        : yield* make(patched, profiles.guest);
  return done.programs;
}

/** Asked for, or less than a minute: they take twice as long on a kernel that checks itself, and ten times without any virtualization. */
export function wantsProbes(
  { probes, profiles }: Pick<RunRequest, 'probes' | 'profiles'>,
  mode: VmMode,
): boolean {
  return probes ?? (profiles.host === 'fast' && profiles.guest === 'fast' && mode !== 'tcg+tcg');
}

/** `prepareBuild`, then the images: everything up to power-on. */
export async function* prepare(request: RunRequest, done: Prepared, signal: AbortSignal): Steps<Ready> {
  yield* prepareBuild(request, done, signal);
  const { host, guest, programs, qemu, choice } = done as Ready;
  const probes = wantsProbes(request, choice.mode) ? await provideProbes(qemu, signal) : null;
  done.probes = probes?.key ?? null;
  done.lyingDevice = probes?.lyingDevice ?? false;
  done.images = yield* stageImages(
    { host, guest, programs: { ...programs.programs, ...probes?.binaries }, qemu },
    signal,
  );
  return done as Ready;
}
