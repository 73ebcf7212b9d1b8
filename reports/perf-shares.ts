// SPDX-License-Identifier: MIT
/** What the instructions or seconds of a test were spent on. */
import type { CpuTicks, Kernels, PerfRecord, PerfTest } from '../core/perf.ts';
import { isSame } from './perf-words.ts';

export interface Spent {
  /** Instructions of the host VM, which has the guest in it; null by the wall, and in latency. */
  perByte: number | null;
  perMessage: number | null;
  /** In latency: of a message there and back. */
  perEcho: number | null;
  /** Whole per cent that add up to 100; null where the ticks are not known, or the boots do not agree. */
  shares: { hostKernel: number; guestKernel: number; user: number; idle: number } | null;
  /** Per cent of the host's ticks that were the guest's, in the boot with the least and the most of them; null: not known. */
  guestTicks: readonly [number, number] | null;
}

/** Of all samples of a test with a pair of kernels. */
export function spentOn(record: PerfRecord, test: PerfTest, kernels: Kernels): Spent {
  const samples = record.samples.filter((one) => one.test === test.id && isSame(one.kernels, kernels));
  const rounds = samples.flatMap((one) => one.rounds);
  const bytes = rounds.reduce((sum, one) => sum + one.bytes, 0);
  const ns = rounds.reduce((sum, one) => sum + one.ns, 0);
  const each = record.machine?.nsPerInstruction ?? null;
  const instructions = each === null || ns === 0 ? null : ns / each;
  const per = (count: number): number | null =>
    instructions === null || count === 0 ? null : instructions / count;
  const latency = test.measure === 'latency';
  const cpus = samples.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  const guestTicks = rangeOf(cpus.map(({ host }) => (host.guest / Math.max(1, totalOf(host))) * 100));
  return {
    perByte: latency ? null : per(bytes),
    perMessage: latency ? null : per(bytes / test.message),
    // Each connection has as many.
    perEcho: latency ? per((test.echoes ?? 0) * test.threads * rounds.length) : null,
    guestTicks,
    // Of some of the samples it would be a share of something else.
    shares:
      cpus.length < samples.length || guestTicks === null || guestTicks[1] - guestTicks[0] > MOST_APART
        ? null
        : sharesOf(sumOf(cpus.map(({ host }) => host)), sumOf(cpus.map(({ guest }) => guest))),
  };
}

/**
 * Points that boots of the same kernels may differ by. A tick looks at what the CPU does at that moment, which is chance
 * only where the tick has nothing to do with it: under emulated SVM it is itself what ends the guest's turn, and of ten
 * boots that took the same number of instructions 8 to 54 % of the ticks were the guest's.
 */
const MOST_APART = 15;

function rangeOf(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

/** Stolen ticks are nobody's. */
function totalOf(ticks: CpuTicks): number {
  return kernelOf(ticks) + ticks.user + ticks.guest + ticks.idle;
}

function kernelOf(ticks: CpuTicks): number {
  return ticks.system + ticks.irq + ticks.softirq;
}

/** Of fewer a whole per cent cannot be told: each tick is one look at what the machine does. */
const LEAST_TICKS = 50;

/**
 * The host's ticks, those spent in the guest divided as the guest divides its own: the guest's clock
 * may go at another pace.
 */
function sharesOf(host: CpuTicks, guest: CpuTicks): Spent['shares'] {
  const busy = kernelOf(guest) + guest.user;
  const total = totalOf(host);
  if (total < LEAST_TICKS || (busy === 0 && host.guest > 0)) return null;
  const inGuest = busy === 0 ? 0 : (host.guest * kernelOf(guest)) / busy;
  const parts = [kernelOf(host), inGuest, host.user + host.guest - inGuest, host.idle];
  const [hostKernel = 0, guestKernel = 0, user = 0, idle = 0] = wholePercent(parts);
  return { hostKernel, guestKernel, user, idle };
}

function sumOf(list: readonly CpuTicks[]): CpuTicks {
  const sum: CpuTicks = { user: 0, system: 0, irq: 0, softirq: 0, steal: 0, guest: 0, idle: 0 };
  for (const one of list) for (const key of Object.keys(sum) as (keyof CpuTicks)[]) sum[key] += one[key];
  return sum;
}

/** Rounded so that they add up to 100: the largest remainders are rounded up. @param parts not all zero */
export function wholePercent(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, one) => sum + one, 0);
  const exact = parts.map((part) => (part / total) * 100);
  const whole = exact.map(Math.floor);
  const left = 100 - whole.reduce((sum, one) => sum + one, 0);
  const byRemainder = exact
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { at } of byRemainder.slice(0, left)) whole[at] = (whole[at] ?? 0) + 1;
  return whole;
}
