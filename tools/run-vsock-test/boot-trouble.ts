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
   */
  kind: 'no-byte' | 'own-boot' | 'splat' | 'died' | 'timeout';
  /** Equal for equal trouble: how a second boot is compared with the first. */
  place: string;
  /** A phrase for the sentence a maintainer reads. */
  what: string;
  /** True when nothing but the kernel under test explains it. */
  certain: boolean;
}

/** Emulated SVM has overwritten memory of a healthy host kernel; the other modes have not. */
export function isImperfect(mode: VmMode): boolean {
  return mode === 'tcg+svm';
}

/** An emulated processor is slow enough for a time limit to be missed. */
export function isSlow(mode: VmMode): boolean {
  return mode !== 'kvm+kvm';
}

/** The splat to name when there are several: the first, but a fault of the kernel before one of memory. */
export function tellingSplat(splats: readonly Splat[]): Splat | null {
  return splats.find((splat) => !mayBeTheMachine(splat.kind)) ?? splats[0] ?? null;
}

/** `WARNING at net/x.c:12 f` on the guest's console, as a phrase. */
export function splatPhrase(splat: Splat): string {
  const bare = splat.where?.replace(/\+0x.*/, '') ?? null;
  const named = bare !== null && splat.title.split(/[^\w.$]+/).includes(bare);
  const where = bare === null || named ? '' : ` in ${bare}`;
  return `the ${splat.machine} kernel reported “${splat.title}”${where} (${splat.log}:${splat.line})`;
}

/** @returns null for a boot that is up or ended well and whose consoles are clean */
export function troubleOf(boot: BootHistory, cases: readonly CaseHistory[]): Trouble | null {
  const splat = tellingSplat(boot.splats);
  const ended = boot.outcome === 'died' || boot.outcome === 'timeout';
  if (ended && !boot.firstByte) {
    return {
      kind: 'no-byte',
      place: 'no-byte',
      what: 'the host kernel never printed a byte',
      certain: false,
    };
  }
  if (splat !== null) {
    const inBoot =
      ended && isFatal(splat.kind) && !(splat.machine === 'host' ? boot.hostInit : boot.guestInit);
    const certain =
      !inBoot && !mayBeTheMachine(splat.kind) && (isLogic(splat.kind) || !isImperfect(boot.mode));
    return {
      kind: inBoot ? 'own-boot' : 'splat',
      place: placeOfSplat(splat),
      what: splatPhrase(splat),
      certain,
    };
  }
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
  const verb = boot.outcome === 'died' ? 'ended without a word' : 'got stuck';
  const detail = boot.detail === null ? '' : ` (${boot.detail})`;
  return {
    kind: boot.outcome === 'died' ? 'died' : 'timeout',
    place: `${boot.outcome}: ${phase}`,
    what: `${who} ${verb} ${phase}${detail}`,
    certain: false,
  };
}

/** The function counts, not the offset in it: a rebuild or an inlined call moves that. */
function placeOfSplat(splat: Splat): string {
  const where = splat.where?.replace(/\+0x.*/, '') ?? splat.title;
  return `splat: ${splat.machine} ${where}`;
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
