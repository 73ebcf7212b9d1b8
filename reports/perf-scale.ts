// SPDX-License-Identifier: MIT
/** The scale all rows of a test share in a plot. */
import type { Measured } from './perf-measured.ts';
import { decimalsFor, type Unit, unitFor } from './perf-words.ts';

export interface Scale {
  unit: Unit;
  /** In the unit; the first is where the plot begins, the last where it ends. */
  ticks: { value: number; text: string }[];
  /** Where a value of the record lies, 0 to 1. */
  at: (value: number) => number;
}

/** A difference smaller than this would fill the plot, and look like one that matters. */
const NARROWEST = 0.02;
const PARTS = 5;

/** From and to round numbers, with all samples and intervals between. */
export function scaleOf({ of, rows }: Measured): Scale {
  const values = rows.flatMap(({ samples, interval }) => [...samples, ...interval]);
  const unit = unitFor(of, values);
  let low = Math.min(...values) * unit.factor;
  let high = Math.max(...values) * unit.factor;
  const missing = NARROWEST * (high || 1) - (high - low);
  if (missing > 0) [low, high] = [low - missing / 2, high + missing / 2];
  const step = roundStep((high - low) / PARTS);
  const [first, last] = [Math.max(0, Math.floor(low / step)), Math.ceil(high / step)];
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { value, text: value.toFixed(decimals) };
  });
  // An interval may reach below zero, where nothing is.
  const at = (value: number): number =>
    Math.max(0, (value * unit.factor - first * step) / ((last - first) * step));
  return { unit, ticks, at };
}

/** The least of 1, 2, 5, 10, … that is not less. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10);
}

/** `0.830 Gb/s` in the unit of the scale, for all rows alike. */
export function meansOf({ rows }: Measured, { unit }: Scale): string[] {
  const means = rows.map(({ mean }) => mean * unit.factor);
  const decimals = decimalsFor(means);
  return means.map((mean) => `${mean.toFixed(decimals)} ${unit.name}`);
}
