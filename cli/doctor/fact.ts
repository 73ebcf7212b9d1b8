// SPDX-License-Identifier: MIT

/** unknown: it can only be known by trying, or could not be looked at. */
export type FactState = 'ok' | 'missing' | 'old' | 'unknown';

/** One thing about this machine. */
export interface Fact {
  name: string;
  state: FactState;
  /** What was found: a version, an amount, a path. */
  found: string;
  /** Why it matters, and where it is not ok how to get it. */
  why: string;
  /** Without it no run is possible. */
  required: boolean;
}

/** Whether a run is possible as far as these facts tell. */
export function runIsPossible(facts: readonly Fact[]): boolean {
  return facts.every((fact) => !fact.required || fact.state === 'ok' || fact.state === 'unknown');
}
