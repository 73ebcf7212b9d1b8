// SPDX-License-Identifier: MIT
/**
 * What a version of a series is called: `v3`; `rfc-v1` where a later posting that is no RFC has the same number;
 * `v2.1`, the second posting under one number that is not the first again.
 */

const NAME = /^(rfc-)?v([1-9]\d{0,3})(?:\.([1-9]\d{0,3}))?$/;

export const VERSION_HINT = 'versions are v1, v2 and so on, rfc-v1 for an RFC before a v1';

export function isVersionName(text: string): boolean {
  return NAME.test(text);
}

/** For sorting: `v10` after `v9`, `v2.1` after `v2`, an RFC before all others; 0 for what is no version. */
export function versionOrder(version: string): number {
  const [, rfc, number, again] = NAME.exec(version) ?? [];
  if (number === undefined) return 0;
  return Number(number) + Number(again ?? 0) / 10_000 + (rfc === undefined ? 0 : -10_000);
}

/** The number behind the v: `v10` → 10, `rfc-v2` → 2; 0 for what is no version. */
export function versionNumber(version: string): number {
  return Number(NAME.exec(version)?.[2] ?? 0);
}
