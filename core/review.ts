// SPDX-License-Identifier: MIT
/** A review: a series over its versions, and what people said of it on the list. */
import type { FileChange, Person } from './series.ts';

export const REVIEW_SCHEMA = 'respin.review/1';

/** Of a diff: the file before and after the patch. */
export type Side = 'old' | 'new';

/**
 * What a comment is about. line: a line of a hunk. message: the commit message. notes: what stands
 * between `---` and the diff. cover: the cover letter. patch, series: the whole of it, nothing in particular.
 */
export type AnchorPlace = 'line' | 'file' | 'message' | 'notes' | 'cover' | 'patch' | 'series';

export interface Anchor {
  on: AnchorPlace;
  /** The patch's number in its version, 0 for the cover letter; null when it is about the series. */
  patch: number | null;
  /** The path after the patch, before it for a deleted file; null when it is about no file. */
  file: string | null;
  /** The hunk's whole `@@ … @@ heading` line. */
  hunk: string | null;
  /** Which side `line` counts on: old only for a removed line. */
  side: Side | null;
  /** 1-based: of the file on that side; of the commit message, notes or cover letter for a comment on these. */
  line: number | null;
  /** First and last line, as `line` counts, of the quoted run that ends at `line`. */
  span: readonly [number, number] | null;
  /** The last quoted lines above the comment, as the patch has them, at most 8. */
  quoted: string[];
  /** 0 to 1: how sure it is that the comment stands at this line. */
  confidence: number;
  /** The place a robot's report names by number: it quotes nothing. Null for a comment below a quote. */
  named: { file: string; line: number } | null;
}

/** open: still owed. The others are set by a person, with a reason. */
export type CommentState = 'open' | 'addressed' | 'answered' | 'declined' | 'moot';
export const COMMENT_STATES: readonly CommentState[] = ['open', 'addressed', 'answered', 'declined', 'moot'];

/** By what the reviewer says of it: `nit:`, `feel free to ignore`; `NAK`, `this is a bug`. */
export type CommentWeight = 'nit' | 'normal' | 'blocking';

/** Words of somebody under a comment, in the order of the thread. */
export interface CommentReply {
  author: Person;
  /** ISO 8601 with its offset; empty when the mail does not say. */
  date: string;
  messageId: string;
  /** The mail whose words it answers. */
  answers: string;
  /** 1 answers the comment, 2 answers such an answer, and so on. */
  depth: number;
  text: string;
}

export type FateKind =
  | 'unchanged'
  | 'changed'
  | 'moved'
  | 'removed'
  | 'file-dropped'
  | 'patch-dropped'
  /** The next version is not there, or only in part. */
  | 'unknown';

/** What became of a comment's lines in a later version. */
export interface Fate {
  version: string;
  what: FateKind;
  /** Where the lines are now; null when they are gone. */
  anchor: Anchor | null;
  /** What speaks for it having been dealt with: the author's answer, an entry of the changelog, the changed lines. */
  evidence: Evidence[];
}

export interface Evidence {
  kind: 'reply' | 'changelog' | 'interdiff';
  text: string;
  /** The reply's Message-ID, or the version whose changelog has the entry. */
  source: string;
}

export interface Comment {
  /** `c` and seven hex digits: the same on every import. */
  id: string;
  author: Person;
  date: string;
  /** The version it was said of. */
  version: string;
  messageId: string;
  anchor: Anchor;
  text: string;
  /** False when its words ask for nothing: praise, thanks, a note that the series was applied. */
  asks: boolean;
  weight: CommentWeight;
  replies: CommentReply[];
  state: CommentState;
  /** Who set the state, when (ISO date) and why; null as long as nobody has. */
  decision: { by: string; date: string; why: string } | null;
  fate: Fate[];
}

/** given: it counts. met: its condition was fulfilled, as a person said. mismatched: not from whom it names. */
export type TrailerState = 'given' | 'conditional' | 'met' | 'stale' | 'withdrawn' | 'mismatched';

export interface Trailer {
  /** As written: `Reviewed-by`, `Acked-by`, `Tested-by`, … */
  kind: string;
  name: string;
  email: string;
  state: TrailerState;
  /** The words that make it conditional; null for one without a condition. */
  condition: string | null;
  /** The patches it is for, 1-based; null for the whole series; empty when that could not be told. */
  scope: number[] | null;
  /** What the giver put behind it: `# patches 1-3`, `(Documentation)`. */
  note: string | null;
  /** The version it was given on. */
  version: string;
  messageId: string;
  /** Why it is stale, withdrawn or mismatched, or what else is to be known of it. */
  why: string | null;
}

/** A trailer held against the newest version. */
export interface SettledTrailer extends Trailer {
  /** Whether it counts for that version; null when it could not be told. */
  counts: boolean | null;
  /** The patches of that version it is about, by their numbers there. */
  patches: number[];
}

export interface ChangelogEntry {
  text: string;
  /** It begins with `note:` or has no bullet: a remark, not a change. */
  note: boolean;
  /** Who is credited at its end: `(Stefano)`, `@Name`; null without. */
  credit: string | null;
}

export interface Changelog {
  /** The version that has these changes. */
  version: string;
  /** The version they are counted from. */
  since: string | null;
  entries: ChangelogEntry[];
  /** The patch it stands in, 0 for the cover letter. */
  patch: number;
}

/** One row of a table of measurements as it stands in a commit message or cover letter. */
export interface PerformanceClaim {
  /** `64KB` */
  test: string;
  direction: string | null;
  before: number;
  after: number;
  /** `Gb/s`; as written, and the same for both values. */
  unit: string;
  /** The percentage that is printed; null when none is. */
  change: number | null;
  /** (after − before) / before, per cent, to one decimal. */
  computedChange: number;
  /** Whether the printed percentage is the computed one, as it would be rounded or cut; null without one. */
  right: boolean | null;
  /** `uperf w/ 64 threads, SOCK_STREAM`: the last line above it that says how it was measured. */
  setup: string | null;
  /** The commit that is said to be the one before: `95ec6bce2a0b`. */
  base: string | null;
  patch: number;
}

/** `passed vsock_test h2g and g2h` */
export interface TestingClaim {
  text: string;
  /** Programs and directions that are named. */
  programs: string[];
  directions: string[];
  patch: number;
}

/** How much of a file's diff is known: a reply quotes only what it needs. */
export type Known = 'whole' | 'partial' | 'none';

export interface ReviewHunk {
  header: string;
  /** Ids of the comments in it, by line. */
  comments: string[];
}

export interface ReviewFile {
  path: string;
  change: FileChange;
  /** Lines, as far as the diff is known; null where none of it is. */
  added: number | null;
  removed: number | null;
  /** Lines that change by the diffstat; null without one, or for a binary file. */
  changes: number | null;
  known: Known;
  hunks: ReviewHunk[];
}

export interface ReviewPatch {
  index: number;
  subject: string;
  author: Person;
  date: string;
  messageId: string | null;
  /** The file with it alone, in the folder of the series; null when there is none: it is quoted, or in an mbox. */
  origin: string | null;
  files: ReviewFile[];
  /** What its diffstat says that its diff does not bear out; empty when they agree. */
  diffstatErrors: string[];
  /** Comments on the message, the notes or the patch as a whole. */
  comments: string[];
}

/** That a maintainer, or patchwork's bot, says a version was taken. */
export interface Applied {
  how: 'applied' | 'queued';
  /** `netdev/net-next.git (main)`; null when it is not named. */
  tree: string | null;
  by: string;
  /** ISO 8601, of the first mail that says so. */
  date: string;
  messageId: string;
  /** Which patches of it; null for all. */
  patches: number[] | null;
  /** As far as they are named. */
  commits: { patch: number; commit: string }[];
}

/** What patchwork's bot was told of a version: `changes requested`, `superseded`. */
export interface PatchworkState {
  state: string;
  by: string;
  date: string;
  messageId: string;
}

export interface ReviewVersion {
  version: string;
  /** ISO date of its first mail. */
  date: string;
  title: string;
  /** `RFC`, `net-next`, `RESEND` */
  prefixes: string[];
  author: Person;
  baseCommit: string | null;
  prerequisites: string[];
  /** How many patches it says it has. */
  total: number;
  /** What is not there: `patch 2/5`, `only what a reply quotes of it`. */
  missing: string[];
  /** `origin` as that of a patch. */
  cover: { subject: string; messageId: string | null; origin: string | null; comments: string[] } | null;
  patches: ReviewPatch[];
  changelog: Changelog[];
  /** Given on this version. */
  trailers: SettledTrailer[];
  performance: PerformanceClaim[];
  tested: TestingClaim[];
  /** Null as long as nobody says so. */
  applied: Applied | null;
  /** The last that was said; null without, and once it is applied. */
  patchwork: PatchworkState | null;
}

/** What somebody decided on a comment that is not there, or has other words now. */
export interface OrphanDecision {
  /** As it stands in review.toml. */
  id: string;
  state: CommentState;
  by: string;
  date: string;
  why: string;
  /** What the comment was. */
  about: string;
}

/** A mail, or a part of one, that could not be used, and why. */
export interface ReviewProblem {
  origin: string;
  what: string;
}

export interface Review {
  schema: typeof REVIEW_SCHEMA;
  series: string;
  title: string;
  versions: ReviewVersion[];
  comments: Comment[];
  orphans: OrphanDecision[];
  problems: ReviewProblem[];
}

/** Whether the whole of it was taken. */
export function isApplied({ applied }: Pick<ReviewVersion, 'applied'>): boolean {
  return applied !== null && applied.patches === null;
}

/** Whether somebody still has to answer it: it is open, and asks for something. */
export function isOwed(comment: Pick<Comment, 'state' | 'asks'>): boolean {
  return comment.state === 'open' && comment.asks;
}
