// SPDX-License-Identifier: MIT
/** What a rule is, what it is given, and what it gives. */
import type { CheckProfile, Place, RuleInfo, Severity } from '../../core/check.ts';
import type { Review } from '../../core/review.ts';
import type { Series } from '../../core/series.ts';
import type { AppliedSeries } from '../../core/tree.ts';
import type { MailFacts } from '../../patches/mail-facts.ts';
import type { BuildShop } from './builds/shop.ts';

/** What a rule says of a place; the engine makes a finding of it. */
export interface Found {
  place: Place;
  /** The line it is about, as it stands there; null when it is about none. */
  quote: string | null;
  /** What is wrong, one sentence. */
  text: string;
  /** What to do about it; the rule's own `advice` without it. */
  advice?: string;
  /** Less or more than the rule's own. */
  severity?: Severity;
  /** The tool's own name for it. */
  type?: string;
}

/** One rule is one file in rules/, and is named in catalogue.ts. */
export interface Rule extends RuleInfo {
  /** What to do, where a finding does not say. */
  advice: string;
  /** What it says is of the whole series: one patch out of it, checked alone, is not for it. */
  ofSeries?: true;
  /**
   * @returns what it found; or why the rule is not for this series; in any order
   * @throws RespinError with blame `machine` when it could not tell: the other rules go on
   */
  check(input: CheckInput): Promise<RuleResult> | RuleResult;
}

export type RuleResult = readonly Found[] | NotForThis | Partial | Sample;

/** The rule says nothing about this series, and why: `no Fixes: in it`. */
export interface NotForThis {
  notForThis: string;
}

/** It looked at a part only: what it found there, and why not at the rest. */
export interface Partial {
  found: readonly Found[];
  unknown: string;
}

/** It looked as far as is of use, and this is what it did not look at: no reason to call it undecided. */
export interface Sample {
  found: readonly Found[];
  leftOut: string;
}

/** What series.toml says beside the mails. */
export interface SeriesSetting {
  prefix: string | null;
  lists: string[];
  /** Who else it is sent to. */
  cc: string[];
}

/** A patched kernel tree, on disk. */
export interface CheckTree {
  applied: AppliedSeries;
  /** The commit a patch is applied on: the tree's for the first one. */
  before(patch: number): string;
  /** The commit with it. */
  after(patch: number): string;
  /**
   * A file of a commit.
   * @returns null when it is not there
   */
  file(commit: string, path: string): Promise<string | null>;
  /** Kernels and objects of each patch. */
  builds: Pick<BuildShop, 'kernels' | 'way'>;
}

export interface CheckInput {
  series: Series;
  profile: CheckProfile;
  /** In the order of the patches, the cover letter first. */
  mails: readonly MailFacts[];
  setting: SeriesSetting;
  /**
   * The versions that are known up to the checked one, the last of them, with comments and trailers;
   * of a series without a folder that version alone, from its own mails.
   */
  review: Review;
  /** For what depends on the day. */
  now: Date;
  /** net-next is closed by the file or option that says so; null when nobody said. */
  netNext: { open: boolean; source: string } | null;
  /** @throws RespinError as importTree and applySeries do */
  tree(): Promise<CheckTree>;
  /**
   * A folder with what the tree's scripts look at: scripts/, MAINTAINERS, Documentation/process
   * and the like, and every file of the series, at the tree's base commit. It is there before the
   * series is applied, and also when it does not apply.
   * @throws RespinError as importTree and scriptTree do
   */
  scripts(): Promise<string>;
  signal: AbortSignal;
}
