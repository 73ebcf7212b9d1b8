// SPDX-License-Identifier: MIT
/** For tests of rules: reviews in a few words. */
import {
  type Comment,
  type Fate,
  REVIEW_SCHEMA,
  type Review,
  type ReviewVersion,
  type SettledTrailer,
} from '../../core/review.ts';

/** @param versions oldest first, each with what matters of it */
export function review(versions: Record<string, Partial<ReviewVersion>>, comments: Comment[] = []): Review {
  const all = Object.entries(versions).map(
    ([version, more]): ReviewVersion => ({
      version,
      date: '2026-11-23',
      title: 'vsock: do a thing',
      prefixes: ['net-next'],
      author: { name: 'Ann Author', email: 'ann@example.org' },
      baseCommit: null,
      prerequisites: [],
      total: 1,
      missing: [],
      cover: null,
      patches: [],
      changelog: [],
      trailers: [],
      performance: [],
      tested: [],
      applied: null,
      patchwork: null,
      ...more,
    }),
  );
  return {
    schema: REVIEW_SCHEMA,
    series: 'a-test',
    title: '',
    versions: all,
    comments,
    orphans: [],
    problems: [],
  };
}

/** What Rita gave patch 1 on v1, which counts. */
export function tag(more: Partial<SettledTrailer> = {}): SettledTrailer {
  return {
    kind: 'Reviewed-by',
    name: 'Rita Reviewer',
    email: 'rita@example.org',
    state: 'given',
    condition: null,
    scope: null,
    note: null,
    version: 'v1',
    messageId: 'tag@example.org',
    why: null,
    counts: true,
    patches: [1],
    ...more,
  };
}

/** A changelog of one entry. */
export function changelog(version: string, text: string): Partial<ReviewVersion> {
  return {
    changelog: [{ version, since: null, entries: [{ text, note: false, credit: null }], patch: 1 }],
  };
}

/** What Rita says of v1 and nobody answered. */
export function comment(more: Partial<Comment> = {}, fate: Partial<Fate>[] = []): Comment {
  return {
    id: 'c0123456',
    author: { name: 'Rita Reviewer', email: 'rita@example.org' },
    date: '2026-11-23T12:00:00Z',
    version: 'v1',
    messageId: 'comment@example.org',
    anchor: {
      ...{ on: 'line', patch: 1, file: 'net/vmw_vsock/af_vsock.c' },
      ...{ hunk: '@@ -10,2 +10,3 @@ static int old(void)', side: 'new' },
      ...{ line: 11, span: [11, 11], quoted: [], confidence: 1, named: null },
    },
    text: 'This leaks the skb.',
    asks: true,
    weight: 'normal',
    replies: [],
    state: 'open',
    decision: null,
    fate: fate.map((one) => ({ version: 'v2', what: 'unchanged', anchor: null, evidence: [], ...one })),
    ...more,
  };
}
