// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Fate } from '../core/review.ts';
import { formatComment } from './review-comment.ts';
import {
  ADA,
  anchorAt,
  commentOf,
  patchOf,
  type REX,
  reviewOf,
  trailerOf,
  versionOf,
} from './review-fixture.ts';
import { owedOf } from './review-owed.ts';
import { formatReview } from './review-show.ts';
import { formatStatus } from './review-status.ts';

const fate = (what: Fate['what'], some: Partial<Fate> = {}): Fate => ({
  ...{ version: 'v2', what, anchor: null, evidence: [] },
  ...some,
});

const changed = commentOf('c0000001', {
  version: 'v1',
  replies: [
    { author: ADA, date: '', messageId: 'r', answers: 'c', depth: 1, text: 'Will do.' },
    {
      author: { name: '', email: 'x@example.org' },
      date: '',
      messageId: 's',
      answers: 'r',
      depth: 2,
      text: 'Thanks',
    },
  ],
  fate: [
    fate('changed', {
      anchor: anchorAt({ line: 30, confidence: 0.9 }),
      evidence: [
        { kind: 'reply', text: 'Will do.', source: 'r' },
        { kind: 'changelog', text: 'use a helper (Rex)', source: 'v2' },
      ],
    }),
  ],
});
const lost = commentOf('c0000002', { version: 'v1', fate: [fate('removed')] });
const unknown = commentOf('c0000003', { version: 'v1', fate: [fate('unknown')] });
const fresh = commentOf('c0000004', { anchor: anchorAt({ line: 5 }) });
const closed = commentOf('c0000005', {
  state: 'declined',
  decision: { by: 'Ada Author', date: '2026-02-01', why: 'it would not be faster' },
});

const review = reviewOf(
  [
    versionOf('v1', {
      trailers: [
        trailerOf({ version: 'v1', state: 'conditional', condition: 'With that fixed', counts: false }),
        trailerOf({
          version: 'v1',
          kind: 'Tested-by',
          state: 'stale',
          counts: false,
          why: 'its patch changed',
        }),
      ],
    }),
    versionOf('v2'),
  ],
  [changed, lost, unknown, fresh, closed],
);

it('lists what is open where it is in the newest version, with what speaks for it', () => {
  expect(formatStatus(review, {}, { width: 80 })).toBe(`patch 1/1: vhost/vsock: use the helper
  drivers/vhost/vsock.c
    c0000004  Rex Reviewer on v2, line 5
        Why not a helper?
    c0000001  Rex Reviewer on v1 (1 version ago), 2 replies, the last by
              x@example.org
      line 12; changed in v2, now line 30
        Why not a helper?
      the author answered: Will do.
      ended with thanks by x@example.org
      changelog of v2: use a helper (Rex)

could not be followed into v2
    c0000003  Rex Reviewer on v1 (1 version ago)
      line 12 of drivers/vhost/vsock.c in patch 1 of v1; could not tell what
      became of it in v2
        Why not a helper?

not in v2 any more
    c0000002  Rex Reviewer on v1 (1 version ago)
      line 12 of drivers/vhost/vsock.c in patch 1 of v1; its lines are gone in
      v2
        Why not a helper?

trailers
  conditional: Reviewed-by of Rex Reviewer, on v1 for the series; "With that
               fixed"
  stale: Tested-by of Rex Reviewer, on v1 for the series; its patch changed
  missing: no Reviewed-by or Acked-by from the replies counts for patch 1 of v2

4 open comments: 3 on v1, 1 on v2; 1 closed (--all shows them); 1 conditional
trailer; 1 stale trailer
`);
});

it('does not drop a decision whose comment is not there', () => {
  const about = 'Rex Reviewer on drivers/vhost/vsock.c:12 (v1): Why not a helper? This could well be one';
  const [by, date] = ['Ada Author', '2026-02-01'];
  const orphan = { id: 'c0000009', state: 'declined', by, date, why: 'it is slow', about } as const;
  expect(formatStatus(reviewOf([versionOf('v1')], [], [orphan]), {}, { width: 80 })).toContain(
    `decisions in review.toml whose comment is not there, or reads otherwise now
    c0000009  Rex Reviewer on drivers/vhost/vsock.c:12 (v1): Why not a helper?
              This could well be one
      declined by Ada Author on 2026-02-01: it is slow

no open comments; 1 decision without a comment
`,
  );
});

describe('filters', () => {
  it('--all has the closed ones with who, when and why', () => {
    const text = formatStatus(review, { all: true });
    expect(text).toContain('c0000005  declined, Rex Reviewer on v2, line 12');
    expect(text).toContain('declined by Ada Author on 2026-02-01: it would not be faster');
    expect(text).toContain('c0000004  open, Rex');
  });

  it('--by takes a part of the name or address, --version one version; neither says who is missing', () => {
    expect(owedOf(review, { by: 'REX@' }).open).toBe(4);
    expect(owedOf(review, { by: 'nobody' })).toMatchObject({
      open: 0,
      closed: 0,
      conditional: [],
      unreviewed: null,
    });
    expect(formatStatus(review, { by: 'nobody' })).toBe('no open comments by or answered by nobody\n');
    expect(owedOf(review, { version: 'v2' })).toMatchObject({ open: 1, closed: 1, conditional: [] });
    expect(formatStatus(review, { version: 'v2' })).toMatch(/^1 open comment on v2; 1 closed/m);
  });
});

describe('the last word of a thread', () => {
  const reply = (author: typeof REX, text: string, date = '') => ({
    ...{ author, date, text, messageId: 'r', answers: 'c', depth: 1 },
  });
  const mei = { name: 'Mei Tanaka', email: 'mei@example.org' };
  const statusOf = (...replies: ReturnType<typeof reply>[]): string =>
    formatStatus(reviewOf([versionOf('v2')], [commentOf('c0000001', { replies })]));

  it('is shown when it is not by the author, and found by who wrote it', () => {
    const replies = [reply(ADA, 'Right.'), reply(mei, 'Then please say which lock.\n\nMei')];
    expect(statusOf(...replies)).toContain(
      '      the last word, Mei Tanaka: Then please say which lock. Mei\n',
    );
    expect(statusOf(...replies.toReversed())).not.toContain('the last word');
    const some = reviewOf([versionOf('v2')], [commentOf('c0000001', { replies })]);
    expect(owedOf(some, { by: 'tanaka' }).open).toBe(1);
    expect(formatStatus(some, { by: 'tanaka' })).toMatch(/^1 open comment by or answered by tanaka/m);
  });

  it('is the author’s from another address, too', () => {
    const home = { name: ADA.name, email: 'ada.home@example.com' };
    expect(statusOf(reply(mei, 'Which lock?'), reply(home, 'The rx lock.'))).not.toContain('the last word');
  });

  it('is the newest where the thread branches', () => {
    const text = statusOf(
      reply(mei, 'Which lock?', '2026-01-13T00:00:00+01:00'),
      reply(ADA, 'Ok.', '2026-01-12T22:30:00Z'),
    );
    expect(text).toContain('2 replies, the last by Mei Tanaka');
    expect(text).toContain('the last word, Mei Tanaka: Which lock?');
  });

  it('is thanks only when it is nothing else', () => {
    expect(statusOf(reply(mei, 'Perfect, thanks!'))).toContain('      ended with thanks by Mei Tanaka\n');
    for (const text of [
      'Ok, but why u32?',
      'Thanks. Please keep the lock',
      'Okay-ish',
      'Great idea '.repeat(9),
    ]) {
      expect(statusOf(reply(mei, text))).toContain('the last word, Mei Tanaka');
    }
  });
});

it('a quoted line that is not there any more is not told as one of the new version', () => {
  const evidence = [{ kind: 'interdiff' as const, text: '+\tif (err)', source: 'v2' }];
  const fate = [{ version: 'v2', what: 'changed' as const, anchor: null, evidence }];
  const some = reviewOf([versionOf('v1'), versionOf('v2')], [commentOf('c0000001', { version: 'v1', fate })]);
  expect(formatStatus(some)).toContain('      not in v2 as it was: + if (err)\n');
});

it('what asks for nothing is not open, in no report', () => {
  const praise = commentOf('c0000001', { asks: false });
  const some = reviewOf([versionOf('v2')], [praise]);
  expect(formatStatus(some)).toBe(
    'trailers\n  missing: no Reviewed-by or Acked-by from the replies counts for patch 1 of v2\n\nno open comments\n',
  );
  expect(formatStatus(some, { all: true })).toContain('c0000001  nothing asked, Rex');
  expect(formatReview(some)).toContain('c0000001  Rex Reviewer, line 12, nothing asked\n');
  expect(formatComment(some, praise)).toContain('state    nothing asked\n');
});

it('a tag that could not be settled is neither there nor missing', () => {
  const patches = [patchOf(), patchOf({ index: 2 }), patchOf({ index: 3 })];
  const trailers = [
    trailerOf({ scope: [1], patches: [1] }),
    trailerOf({ scope: [2], patches: [2], counts: null, why: 'could not tell' }),
    trailerOf({ kind: 'Tested-by', patches: [3] }),
    trailerOf({ kind: 'Nacked-by', scope: [3], patches: [3] }),
  ];
  const some = reviewOf([versionOf('v2', { patches, total: 3, trailers })]);
  expect(owedOf(some)).toMatchObject({ unreviewed: [3], unsure: [2], objections: [{ kind: 'Nacked-by' }] });
  const text = formatStatus(some);
  expect(text).toContain('missing: no Reviewed-by or Acked-by from the replies counts for patch 3 of v2');
  expect(text).toContain('could not tell: whether a Reviewed-by or Acked-by counts for patch 2 of v2');
  expect(text).toContain('  objection: Nacked-by of Rex Reviewer, on v2 for patch 3\n');
  expect(text).toMatch(/^no open comments; 1 objection$/m);
});

it('an objection is one under any state, and only that', () => {
  const trailers = (['conditional', 'stale'] as const).map((state, at) =>
    trailerOf({ kind: 'NAK', state, patches: [at + 1], scope: [at + 1], counts: false }),
  );
  const text = formatStatus(reviewOf([versionOf('v2', { trailers })]));
  expect(text).toContain('  objection: NAK of Rex Reviewer, on v2 for patch 2; stale\n');
  expect(text).toMatch(/^no open comments; 2 objections$/m);
});

it('says so when nothing is owed', () => {
  const done = reviewOf([versionOf('v2', { trailers: [trailerOf()] })]);
  expect(formatStatus(done)).toBe('no open comments\n');
  expect(formatStatus(reviewOf([]))).toBe('no open comments\n');
});

it('lists 500 comments within a moment', () => {
  const comments = Array.from({ length: 500 }, (_, at) =>
    commentOf(`c${at + 1_000_000}`, { anchor: anchorAt({ line: 500 - at }) }),
  );
  const started = performance.now();
  const lines = formatStatus(reviewOf([versionOf('v2')], comments), {}, { width: 80 }).split('\n');
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(lines.filter((line) => /^ {4}c\d{7} /.test(line))).toHaveLength(500);
  expect(lines[2]).toContain('line 1');
});

describe('a version that was applied', () => {
  const applied = {
    ...{ how: 'applied' as const, tree: 'netdev/net-next.git (main)', by: 'Mona Maintainer' },
    ...{ date: '2026-01-17T09:00:00Z', messageId: 'n@example.org', patches: null },
    commits: [{ patch: 1, commit: '0123456789abcdef' }],
  };
  const open = [commentOf('c0000001', { version: 'v1' }), commentOf('c0000002', { weight: 'nit' })];

  it('says so on top, lists what is open plainly, and that nothing is owed', () => {
    const some = reviewOf(
      [
        versionOf('v1'),
        versionOf('v2', { applied, trailers: [trailerOf({ state: 'stale', counts: false })] }),
      ],
      open,
    );
    const text = formatStatus(some, {}, { width: 80 });
    expect(text).toMatch(
      /^v2 applied to netdev\/net-next.git \(main\) by Mona Maintainer, 2026-01-17; 1\/1 is\n0123456789ab\n\n/,
    );
    expect(text).toContain('c0000001');
    expect(text).not.toContain('trailers');
    expect(text).toMatch(/\n\n2 open comments: nothing is owed; 1 on v1, 1 on v2\n$/);
    expect(owedOf(some)).toMatchObject({ open: 2, past: 2, nits: 0, unreviewed: [] });
    expect(formatReview(some)).toMatch(/^state {4}applied to netdev/m);
    expect(formatReview(some, 'v1')).not.toContain('applied');
  });

  it('in part, or before a newer one, leaves the rest owed', () => {
    const part = { ...applied, tree: null, commits: [], patches: [1], how: 'queued' as const };
    const some = reviewOf([versionOf('v2', { total: 2, applied: part })], open);
    expect(formatStatus(some)).toMatch(/^v2 patch 1 of 2 queued by Mona Maintainer, 2026-01-17\n\n/);
    expect(owedOf(some)).toMatchObject({ open: 2, past: 0, nits: 1 });
    const patches = [patchOf(), patchOf({ index: 2 })];
    const whole = reviewOf([versionOf('v2', { total: 2, applied: part, patches })], []);
    expect(owedOf(whole).unreviewed).toEqual([2]);
    const before = reviewOf([versionOf('v1', { applied }), versionOf('v2')], open);
    expect(formatStatus(before)).toMatch(
      /\n2 open comments: 1 nit, 1 on what was applied; 1 on v1, 1 on v2\n$/,
    );
  });

  it('is not said to be when patchwork was only told to change its state', () => {
    const patchwork = { state: 'changes requested', by: 'Mona', date: '2026-01-12', messageId: 'n' };
    const some = reviewOf([versionOf('v1', { patchwork }), versionOf('v2', { patchwork })], open);
    expect(formatStatus(some)).toMatch(/^v2 changes requested by Mona, 2026-01-12\n\n/);
    expect(formatReview(some, 'v1')).toContain('state    changes requested by Mona, 2026-01-12\n');
  });
});

it('nits come behind the others, marked, and counted on their own', () => {
  const some = reviewOf(
    [versionOf('v2')],
    [
      commentOf('c0000001', { weight: 'nit', anchor: anchorAt({ line: 1 }) }),
      commentOf('c0000002', { weight: 'blocking', anchor: anchorAt({ line: 2 }) }),
      commentOf('c0000003', { anchor: anchorAt({ line: 3 }) }),
    ],
  );
  const text = formatStatus(some, {}, { width: 80 });
  expect(text.match(/c000000\d .*/g)).toEqual([
    'c0000002  blocking, Rex Reviewer on v2, line 2',
    'c0000003  Rex Reviewer on v2, line 3',
    'c0000001  nit, Rex Reviewer on v2, line 1',
  ]);
  expect(text).toContain('\n\nnits, patch 1/1: vhost/vsock: use the helper\n  drivers/vhost/vsock.c\n');
  expect(text).toMatch(/\n3 open comments: 2 owed, 1 nit; on v2\n$/);
  expect(formatReview(some)).toContain('c0000001  Rex Reviewer, line 1, open, nit\n');
  const [nit] = some.comments;
  expect(nit && formatComment(some, nit)).toContain('state    open, nit\n');
});
