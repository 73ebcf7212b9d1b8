// SPDX-License-Identifier: MIT
/** What checks say of a series: rules, findings and the report of all of them. */
import type { Side } from './review.ts';

export const CHECK_SCHEMA = 'respin.check/1';

/** How much it takes: an error is for the author to mend, a warning to look at, a note to know. */
export type Severity = 'error' | 'warning' | 'note';
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

export type RuleKind = 'checkpatch' | 'build' | 'series' | 'source' | 'people';
export const RULE_KINDS: readonly RuleKind[] = ['series', 'source', 'people', 'checkpatch', 'build'];

/** Whose list the series is for: netdev has rules of its own. */
export type CheckProfile = 'netdev' | 'generic';
export const CHECK_PROFILES: readonly CheckProfile[] = ['netdev', 'generic'];

/** What a rule works on; `mails` alone needs no kernel tree and no compiler. */
export type RuleNeeds = 'mails' | 'tree' | 'build';

export interface RuleInfo {
  /** kebab-case, for ever: waivers and scripts name it. */
  id: string;
  kind: RuleKind;
  /** Of most of its findings; a finding may have less or more. */
  severity: Severity;
  /** One line: what must hold. */
  title: string;
  /** Why it exists and what to do, for --explain: paragraphs. */
  explanation: string;
  /** The kernel document that says so. */
  link: string;
  needs: RuleNeeds;
  /** The profile it is for; without it, for all. */
  profile?: CheckProfile;
}

/**
 * What a finding is about. series: all of it, or what it lacks. cover, notes, message: text, by
 * line. subject, mail: those of a patch (or of the cover letter, patch 0). file, line: of the diff.
 */
export type FindingPlace = 'series' | 'cover' | 'mail' | 'subject' | 'message' | 'notes' | 'file' | 'line';

export interface Place {
  on: FindingPlace;
  /** The patch's number, 0 for the cover letter; null for the series. */
  patch: number | null;
  /** The path after the patch, before it for a deleted file; null when it is about no file. */
  file: string | null;
  /** The hunk's whole `@@ … @@ heading` line. */
  hunk: string | null;
  /** Which side `line` counts on: old for a removed line. */
  side: Side | null;
  /** 1-based: of the file on that side; of the commit message, notes or cover letter. */
  line: number | null;
}

/** A finding that a person says is to stay. */
export interface Waiver {
  rule: string;
  by: string;
  /** ISO date. */
  date: string;
  reason: string;
}

export interface Finding {
  /** `f` and seven hex digits: the same as long as rule, file and the words it is about are. */
  id: string;
  rule: string;
  /** The tool's own name for it, `LONG_LINE` of checkpatch; null for rules of one idea. */
  type: string | null;
  severity: Severity;
  place: Place;
  /** The line it is about, as it stands there; null when it is about none. */
  quote: string | null;
  /** What is wrong, a sentence without full stop. */
  text: string;
  /** What to do about it. */
  advice: string;
  waiver: Waiver | null;
}

/** How it went with a rule. `unknown`: it could not tell, for want of a tool or a tree. */
export type RuleState = 'ran' | 'not-for-this' | 'unknown';

export interface RuleRun {
  rule: string;
  kind: RuleKind;
  state: RuleState;
  /** Why it did not run, or what it left out on purpose; null otherwise. */
  why: string | null;
  /** What would let it run: the package to install. */
  hint: string | null;
  /** Wall-clock milliseconds. */
  ms: number;
}

export interface CheckReport {
  schema: typeof CHECK_SCHEMA;
  series: {
    name: string;
    title: string;
    version: string;
    /** `origin`: the file it was read from, as `Patch.origin` has it. */
    cover: { subject: string; origin: string } | null;
    /** More than there are of `patches` when one out of a series is checked alone. */
    total: number;
    patches: { index: number; subject: string; origin: string }[];
  };
  /** As `respin tree` spells it, and the commit the series was applied to; null when no rule needed one. */
  tree: { source: string; commit: string } | null;
  profile: CheckProfile;
  findings: Finding[];
  /** Waivers that no finding matches any more: what they were about has changed. */
  voidWaivers: (Waiver & { id: string; about: string })[];
  rules: RuleRun[];
  /** Findings that are not waived. */
  counts: Record<Severity, number>;
  waived: number;
  /** 1 with an error, else 3 when a rule could not tell, else 0. */
  exit: 0 | 1 | 3;
  /** Wall-clock milliseconds. */
  ms: number;
}

/** A report that is kept: `check.json`. */
export interface CheckRecord extends CheckReport {
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  /** respin's own version. */
  respin: string;
  argv: string[];
}
