// SPDX-License-Identifier: MIT
/** For the tests of the reports: reviews made by hand. */
import {
  type Anchor,
  type Comment,
  type OrphanDecision,
  REVIEW_SCHEMA,
  type Review,
  type ReviewFile,
  type ReviewPatch,
  type ReviewVersion,
  type SettledTrailer,
} from '../core/review.ts';

export const ADA = { name: 'Ada Author', email: 'ada@example.org' };
export const REX = { name: 'Rex Reviewer', email: 'rex@example.org' };
export const HUNK = '@@ -10,7 +10,9 @@ static int vhost_vsock_send(struct vhost_vsock *vsock)';
export const FILE = 'drivers/vhost/vsock.c';

export function anchorAt(some: Partial<Anchor> = {}): Anchor {
  return {
    ...{ on: 'line', patch: 1, file: FILE, hunk: HUNK, side: 'new', line: 12, span: [10, 12] },
    ...{ quoted: [HUNK, ' {', '-\tint a;', '+\tint b;'], confidence: 1, named: null },
    ...some,
  };
}

export function commentOf(id: string, some: Partial<Comment> = {}): Comment {
  return {
    ...{ id, author: REX, date: '2026-01-11T10:00:00Z', version: 'v2', messageId: `${id}@example.org` },
    ...{
      anchor: anchorAt(),
      text: 'Why not a helper?',
      asks: true,
      weight: 'normal',
      replies: [],
      state: 'open',
      decision: null,
      fate: [],
    },
    ...some,
  };
}

export function trailerOf(some: Partial<SettledTrailer> = {}): SettledTrailer {
  return {
    ...{
      kind: 'Reviewed-by',
      name: REX.name,
      email: REX.email,
      state: 'given',
      condition: null,
      scope: null,
    },
    ...{ note: null, version: 'v2', messageId: 't@example.org', why: null, counts: true, patches: [1] },
    ...some,
  };
}

export function fileOf(some: Partial<ReviewFile> = {}): ReviewFile {
  return {
    ...{ path: FILE, change: 'modified', added: 3, removed: 1, changes: 4, known: 'whole' },
    hunks: [{ header: HUNK, comments: [] }],
    ...some,
  };
}

export function patchOf(some: Partial<ReviewPatch> = {}): ReviewPatch {
  return {
    ...{ index: 1, subject: 'vhost/vsock: use the helper', author: ADA, date: '2026-01-10T10:00:00Z' },
    ...{ messageId: 'p1@example.org', origin: null, files: [fileOf()], diffstatErrors: [], comments: [] },
    ...some,
  };
}

export function versionOf(version: string, some: Partial<ReviewVersion> = {}): ReviewVersion {
  return {
    ...{ version, date: '2026-01-10', title: 'vsock: one helper', prefixes: ['net-next'], author: ADA },
    ...{ baseCommit: null, prerequisites: [], total: 1, missing: [], cover: null, patches: [patchOf()] },
    ...{ changelog: [], trailers: [], performance: [], tested: [], applied: null, patchwork: null },
    ...some,
  };
}

/** Comments are put on their hunk or patch, as a review has them. */
export function reviewOf(
  versions: ReviewVersion[],
  comments: Comment[] = [],
  orphans: OrphanDecision[] = [],
): Review {
  for (const { id, version, anchor } of comments) {
    const patch = versions
      .find((one) => one.version === version)
      ?.patches.find(({ index }) => index === anchor.patch);
    const hunk = patch?.files
      .find(({ path }) => path === anchor.file)
      ?.hunks.find(({ header }) => header === anchor.hunk);
    (hunk ?? patch)?.comments.push(id);
  }
  return {
    schema: REVIEW_SCHEMA,
    series: 'vsock-one-helper',
    title: versions.at(-1)?.title ?? '',
    versions,
    comments,
    orphans,
    problems: [],
  };
}
