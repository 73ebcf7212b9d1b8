// SPDX-License-Identifier: MIT
/** Words and figures of the reports on measurements. */
import { sizeName } from '../core/byte-size.ts';
import type { Kernels, PerfChange, PerfProgram, PerfRecord, PerfTest } from '../core/perf.ts';
import type { Paint } from './layout.ts';
import { plural } from './words.ts';

/** A unit, and how much of it a Gb/s or a nanosecond is. */
export interface Unit {
  name: string;
  factor: number;
}

const RATES: readonly Unit[] = [
  { name: 'Gb/s', factor: 1 },
  { name: 'Mb/s', factor: 1e3 },
  { name: 'kb/s', factor: 1e6 },
  { name: 'b/s', factor: 1e9 },
];
const TIMES: readonly Unit[] = [
  { name: 's', factor: 1e-9 },
  { name: 'ms', factor: 1e-6 },
  { name: 'µs', factor: 1e-3 },
  { name: 'ns', factor: 1 },
];

/** The largest unit of which the largest value is at least one. @param values Gb/s, or nanoseconds of a percentile */
export function unitFor(of: PerfChange['of'], values: readonly number[]): Unit {
  const units = of === 'throughput' ? RATES : TIMES;
  const largest = Math.max(...values);
  return units.find(({ factor }) => largest * factor >= 1) ?? (units.at(-1) as Unit);
}

/**
 * Decimals for values that stand below each other: three digits of the smallest that count, but no more
 * than four of the largest.
 * @param values positive, in the unit they are printed in
 */
export function decimalsFor(values: readonly number[], digits = 3): number {
  const decimals = (value: number, count: number): number => count - 1 - Math.floor(Math.log10(value));
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) return 0;
  const wanted = Math.min(decimals(Math.min(...known), digits), decimals(Math.max(...known), digits + 1));
  return Math.max(0, Math.min(12, wanted));
}

/** Values of one thing in one unit and with the same decimals: `0.830 Gb/s`, `1.080 Gb/s`. */
export function inUnit(of: PerfChange['of'], values: readonly number[], digits = 3): string[] {
  const { name, factor } = unitFor(of, values);
  const scaled = values.map((value) => value * factor);
  const decimals = decimalsFor(scaled, digits);
  return scaled.map((value) => `${value.toFixed(decimals)} ${name}`);
}

/**
 * `4 of 14 boots gave no figure: 1 of base, 3 of patched`; null where all did. The figures are of those that did: a
 * kernel that now and then stands still or dies is as fast as when it does not.
 */
export function lostBoots({ boots }: Pick<PerfRecord, 'boots'>): string | null {
  const lost = new Map<string, number>();
  for (const { outcome, kernels } of boots) {
    if (outcome === 'ok') continue;
    const name = kernelsName(kernels);
    lost.set(name, (lost.get(name) ?? 0) + 1);
  }
  if (lost.size === 0) return null;
  const count = [...lost.values()].reduce((sum, one) => sum + one, 0);
  const each = [...lost].map(([name, one]) => `${one} of ${name}`).join(', ');
  return `${count} of ${plural(boots.length, 'boot')} gave no figure: ${each}`;
}

/** With a sign, and never `-0.0`. */
export function signed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : value > 0 ? `+${text}` : text;
}

function percentDecimals(change: number): number {
  const size = Math.abs(change);
  return size < 1 ? 2 : size < 100 ? 1 : 0;
}

export const TOO_FEW = 'too few runs to tell';

/** No measurable change: no number, so that nobody takes it for one. */
export const NO_CHANGE = '~';
export const UNCHANGED = 'no measurable change: p is not below 0.01, or the change is within the noise';

/** `+30.2 %` when it is called a change, `~` when not. */
export function changeText({ real, change }: PerfChange): string {
  return real ? `${signed(change, percentDecimals(change))} %` : NO_CHANGE;
}

/** What the sign says as well: green for more throughput or less latency. */
export function coloredChange(change: PerfChange, style: Paint): string {
  const text = changeText(change);
  if (!change.real) return text;
  const better = change.change > 0 === (change.of === 'throughput');
  return better ? style.green(text) : style.red(text);
}

/** `+29.7 to +30.6 %` */
/** One run of a kernel has no interval. */
export function intervalText({ change, interval: [low, high], samples }: PerfChange): string {
  if (samples.before.length < 2 || samples.after.length < 2) return '-';
  const decimals = percentDecimals(change);
  return `${signed(low, decimals)} to ${signed(high, decimals)} %`;
}

export function pText(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(p < 0.1 ? 3 : 2);
}

/** `base`, `patched`, `host patched, guest base` */
export function kernelsName({ host, guest }: Kernels): string {
  return host === guest ? host : `host ${host}, guest ${guest}`;
}

export function isSame(a: Kernels, b: Kernels): boolean {
  return a.host === b.host && a.guest === b.guest;
}

/** `SOCK_STREAM` */
export function typeName({ type }: Pick<PerfTest, 'type'>): string {
  return `SOCK_${type.toUpperCase()}`;
}

/**
 * What tells a test from the others of its record: `64KB`, `g2h`; its type, threads and what of it is
 * meant where not all have the same.
 */
export function testName(test: PerfTest, of: PerfChange['of'], tests: readonly PerfTest[]): string[] {
  const differ = (part: (one: PerfTest) => unknown): boolean => new Set(tests.map(part)).size > 1;
  return [
    sizeName(test.message),
    test.direction,
    ...(differ(({ type }) => type) ? [test.type] : []),
    ...(differ(({ threads }) => threads) ? [plural(test.threads, 'thread')] : []),
    ...(of === 'throughput' ? [] : [`${of} latency`]),
  ];
}

/** `vsock-load`, `uperf 1.0.8` */
export function programName({ name, version }: { name: PerfProgram; version: string | null }): string {
  return version === null ? name : `${name} ${version}`;
}

/** `64 threads, SOCK_STREAM`, of all tests; each word once. */
export function loadName(tests: readonly PerfTest[]): string {
  const threads = [...new Set(tests.map(({ threads }) => threads))];
  const types = [...new Set(tests.map(typeName))].join(' and ');
  const [only = 0] = threads;
  const many = threads.length === 1 ? plural(only, 'thread') : `${threads.join(' and ')} threads`;
  return `${many}, ${types}`;
}

/** `0.3`, or `0.1 to 0.4`: one decimal, two where all are small. */
export function rangeText(values: readonly number[]): string {
  const decimals = Math.max(...values) < 1 ? 2 : 1;
  const [low, high] = [Math.min(...values).toFixed(decimals), Math.max(...values).toFixed(decimals)];
  return low === high ? low : `${low} to ${high}`;
}

/** Why a record has no figures to show; null when it has. */
export function whyNoFigures(record: PerfRecord): string | null {
  return whyUnfit(record) ?? (record.changes.length === 0 ? 'nothing was measured' : null);
}

/** Why no figure of a record may be shown; null when they may. By seconds none without machine, mode and load. */
export function whyUnfit({ machine, error, boots }: PerfRecord): string | null {
  if (error !== null) return 'the measurement ended with an error';
  if (machine === null) return 'the record does not say which machine it was measured on';
  if (machine.clock === 'wall' && boots.length === 0)
    return 'the record does not say how loaded the machine was';
  return null;
}
