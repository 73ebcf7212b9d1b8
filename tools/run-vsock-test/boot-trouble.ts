// SPDX-License-Identifier: MIT
/** What was wrong with one boot, as far as it can be told from its console and its end. */
import type { Splat, VmMode } from '../../core/run.ts';
import { isFatal, isLogic, mayBeTheMachine } from '../boot-vm/splat-table.ts';
import { isTimeout } from './combine.ts';
import type { BootHistory, CaseHistory } from './history.ts';

export interface Trouble {
  /**
   * no-byte: nothing on the console. own-boot: a kernel died before its init, and said so.
   * splat: a report in the console. died, timeout: the machine ended or got stuck without one.
   * qemu: QEMU itself failed, which no kernel makes it do.
   */
  kind: 'no-byte' | 'own-boot' | 'splat' | 'died' | 'timeout' | 'qemu';
  /** Equal for equal trouble: how a second boot is compared with the first. */
  place: string;
  /** All places of this boot: the one above, and those of its other splats. */
  places: readonly string[];
  /** A phrase for the sentence a maintainer reads. */
  what: string;
  /** True when nothing but the kernel under test explains it. */
  certain: boolean;
  /** True when slowness alone may bring it about. */
  slow: boolean;
  /** Before the guest came to its init: as much the machine's business as the kernel's. */
  beforeInit: boolean;
}

/** Emulated SVM has overwritten memory of a healthy host kernel; the other modes have not. */
export function isImperfect(mode: VmMode): boolean {
  return mode === 'tcg+svm';
}

/** An emulated processor is slow enough for a time limit to be missed. */
export function isSlow(mode: VmMode): boolean {
  return mode !== 'kvm+kvm';
}

/**
 * Reports of something that took too long: an overcommitted, suspended or emulated machine
 * makes them as well as a kernel that loops.
 */
const STALL_KINDS: readonly string[] = [
  'rcu-stall',
  'soft-lockup',
  'hard-lockup',
  'hung-task',
  'workqueue-lockup',
];

function isStall({ kind }: Splat): boolean {
  return STALL_KINDS.includes(kind);
}

/** Where a processor is found that slept too long: the detector's and the idle loop's own functions. */
const NOBODYS_PLACE =
  /^(?:rcu_|default_idle|\w*safe_halt|cpuidle_|do_idle|cpu_startup|arch_cpu_idle|rest_init|start_kernel|start_secondary|x86_64_start|\w*_startup_64|schedule_timeout|tick_|hrtimer_)/;

/** What it says of the kernel: a fault before a stall, and that before what lack of memory brings about. */
function weight(splat: Splat): number {
  return mayBeTheMachine(splat.kind) ? 2 : isStall(splat) ? 1 : 0;
}

/**
 * The splat to name when there are several: one whose place an earlier boot has shown as
 * well, else the first of those that say most.
 */
export function tellingSplat(splats: readonly Splat[], seen: ReadonlySet<string> = new Set()): Splat | null {
  const again = splats.filter((splat) => seen.has(placeOfSplat(splat)));
  const from = again.length > 0 ? again : splats;
  return [...from].sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

/** `WARNING at net/x.c:12 f` on the guest's console, as a phrase. */
export function splatPhrase(splat: Splat): string {
  const bare = splat.where?.replace(/\+0x.*/, '') ?? null;
  const named = bare !== null && splat.title.split(/[^\w.$]+/).includes(bare);
  const where = bare === null || named ? '' : ` in ${bare}`;
  return `the ${splat.machine} kernel reported “${splat.title}”${where} (${splat.log}:${splat.line})`;
}

/**
 * @param seen the places of earlier boots
 * @returns null for a boot that is up or ended well and whose consoles are clean
 */
export function troubleOf(
  boot: BootHistory,
  cases: readonly CaseHistory[],
  seen: ReadonlySet<string> = new Set(),
): Trouble | null {
  const splat = tellingSplat(boot.splats, seen);
  const ended = boot.outcome === 'died' || boot.outcome === 'timeout';
  const beforeInit = ended && !boot.guestInit;
  const without = (kind: Trouble['kind'], place: string, what: string): Trouble => ({
    ...{ kind, place, what, beforeInit },
    places: [place],
    certain: false,
    slow: kind === 'timeout',
  });
  if (ended && !boot.firstByte) return without('no-byte', 'no-byte', 'the host kernel never printed a byte');
  if (splat !== null) return troubleOfSplat(boot, splat, ended);
  if (!ended) return null;
  const running = runningIn(boot, cases);
  const phase = !boot.hostInit
    ? 'before the host came to its init'
    : !boot.guestInit
      ? 'before the guest came to its init'
      : boot.testsDone
        ? 'when it was to power off'
        : running === null
          ? 'while the tests ran'
          : `in ${running}`;
  const who = boot.machine === null ? 'the machine' : `the ${boot.machine}`;
  const detail = boot.detail === null ? '' : ` (${boot.detail})`;
  if (boot.qemuFailed) return without('qemu', 'qemu', `QEMU failed ${phase}${detail}`);
  const kind = boot.outcome === 'timeout' ? 'timeout' : 'died';
  const verb = kind === 'died' ? 'ended without a word' : 'got stuck';
  // A machine that goes the same way each time need not be in the same case each time.
  const place = kind === 'died' && boot.detail !== null ? `${boot.machine} ${boot.detail}` : phase;
  return without(kind, `${kind}: ${place}`, `${who} ${verb} ${phase}${detail}`);
}

function troubleOfSplat(boot: BootHistory, splat: Splat, ended: boolean): Trouble {
  const own = splat.machine === 'host' ? boot.hostInit : boot.guestInit;
  const inBoot = ended && isFatal(splat.kind) && !own;
  const doubtful = mayBeTheMachine(splat.kind) || isStall(splat);
  return {
    kind: inBoot ? 'own-boot' : 'splat',
    place: placeOfSplat(splat),
    places: boot.splats.map(placeOfSplat),
    what: splatPhrase(splat),
    certain: !inBoot && !doubtful && (isLogic(splat.kind) || !isImperfect(boot.mode)),
    slow: isStall(splat),
    beforeInit: ended && !boot.guestInit,
  };
}

/** The function counts, not the offset in it: a rebuild or an inlined call moves that. */
export function placeOfSplat(splat: Splat): string {
  const where = splat.where?.replace(/\+0x.*/, '') ?? splat.title;
  // Two boots that slept too long have nothing more in common.
  const once = isStall(splat) && NOBODYS_PLACE.test(where) ? ` in boot ${splat.boot}` : '';
  return `splat: ${splat.machine} ${where}${once}`;
}

function runningIn(boot: BootHistory, cases: readonly CaseHistory[]): string | null {
  for (const one of cases) {
    const here = one.attempts.find(
      ({ boot: number, result }) =>
        number === boot.number &&
        (result.status === 'unknown' || (result.status === 'fail' && isTimeout(result.reason))),
    );
    if (here !== undefined) return `“${one.name}” (${one.program}, ${one.direction})`;
  }
  return null;
}
