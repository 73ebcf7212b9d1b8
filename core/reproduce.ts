// SPDX-License-Identifier: MIT
/** What an author claims of a series, beside what came of it here. */
import type { Machine, RunRecord, VerdictKind } from './run.ts';

export const REPRODUCE_SCHEMA = 'respin.reproduce/1';

/** not tried: what the claim is about was not run or measured, with the reason. */
export type Held = 'holds' | 'does not hold' | 'could not tell' | 'not tried';

export interface HeldClaim {
  /** In the author's words: `Testing: passed vsock_test g2h`; `64KB g2h +18%`. */
  claim: string;
  held: Held;
  /** What was found: `vsock_test g2h: 27 passed`; `+15.2% (+14.7 to +15.7)`. */
  found: string;
}

export interface Reproduction {
  schema: typeof REPRODUCE_SCHEMA;
  series: { name: string; title: string; version: string };
  tree: Pick<RunRecord['tree'], 'source' | 'version' | 'commit'>;
  /** Ids of the records. */
  run: string;
  perf: string | null;
  /** The runs with the base's kernel on one machine, where it claims to work with that. */
  peers: { unpatched: Machine; run: string; verdict: VerdictKind }[];
  verdict: VerdictKind;
  why: string;
  claims: HeldClaim[];
  /** The mail that was written; null: none was. */
  mail: string | null;
  exit: number;
}
