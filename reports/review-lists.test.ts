// SPDX-License-Identifier: MIT
/** changelog and trailers; and of all reports, that nothing hostile gets through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Changelog, Review } from '../core/review.ts';
import { displayWidth } from '../core/table.ts';
import { changelogsOf, formatChangelogs } from './review-changelog.ts';
import { formatComment } from './review-comment.ts';
import { anchorAt, commentOf, fileOf, patchOf, reviewOf, trailerOf, versionOf } from './review-fixture.ts';
import { formatReview } from './review-show.ts';
import { formatStatus } from './review-status.ts';
import { onceEach } from './review-tags.ts';
import { formatTrailers } from './review-trailers.ts';
import { numberRanges } from './review-words.ts';

const log = (version: string, text: string, some: Partial<Changelog> = {}): Changelog => ({
  ...{ version, since: null, patch: 1, entries: [{ text, note: false, credit: null }] },
  ...some,
});

describe('changelog', () => {
  it('takes the word of a version itself, else the nearest later one, newest first', () => {
    const review = reviewOf([
      versionOf('v1'),
      versionOf('v3', { changelog: [log('v3', 'three'), log('v2', 'two, nearer')] }),
      versionOf('v10', {
        total: 2,
        changelog: [
          log('v10', 'ten', { since: 'v3' }),
          log('v3', 'three again'),
          log('v2', 'two'),
          log('v10', 'cover', { patch: 0 }),
        ],
      }),
    ]);
    expect(changelogsOf(review).map(({ version, logs }) => [version, logs.map(({ told }) => told)])).toEqual([
      ['v10', ['v10', 'v10']],
      ['v3', ['v3']],
      ['v2', ['v3']],
      ['v1', []],
    ]);
    expect(formatChangelogs(review)).toBe(`v10  2026-01-10  since v3
  cover letter
    - cover
  patch 1: vhost/vsock: use the helper
    - ten

v3  2026-01-10
  - three

v2  as v3 tells it
  - two, nearer
`);
  });

  it('marks remarks, wraps below the words, and names who is credited where the entry does not', () => {
    const entries = [
      { text: 'note: only compile tested', note: true, credit: null },
      { text: 'a helper (Rex)', note: false, credit: 'Rex' },
      { text: 'another', note: false, credit: 'Rex' },
      { text: 'word '.repeat(30).trim(), note: false, credit: null },
    ];
    const review = reviewOf([versionOf('v1'), versionOf('v2', { changelog: [log('v2', '', { entries })] })]);
    expect(formatChangelogs(review, { width: 60 })).toBe(`v2  2026-01-10
  note: only compile tested
  - a helper (Rex)
  - another (Rex)
  - word word word word word word word word word word word
    word word word word word word word word word word word
    word word word word word word word word
`);
  });

  it('says which versions do not say what changed', () => {
    const review = reviewOf([
      versionOf('v1'),
      versionOf('v2'),
      versionOf('v3', { changelog: [log('v3', 'x')] }),
    ]);
    expect(formatChangelogs(review)).toContain('v2  2026-01-10  no changelog\n');
    expect(formatChangelogs(reviewOf([versionOf('v1')]))).toBe('no version says what changed in it\n');
  });
});

describe('trailers', () => {
  const review = reviewOf([
    versionOf('v1', {
      trailers: [
        trailerOf({ version: 'v1', scope: [1, 2, 3, 5], patches: [1, 2, 4] }),
        trailerOf({
          version: 'v1',
          state: 'conditional',
          condition: 'With that fixed',
          counts: false,
          patches: [3],
        }),
        trailerOf({
          version: 'v1',
          counts: null,
          scope: [],
          patches: [],
          why: 'could not tell which patches it is for',
        }),
      ],
    }),
    versionOf('v2'),
  ]);

  it('keeps good, unknown and not good apart', () => {
    expect(formatTrailers(review)).toBe(`good for v2
  kind         who                             on  for                           state  why
  Reviewed-by  Rex Reviewer <rex@example.org>  v1  patches 1-3, 5 (now 1, 2, 4)  given

could not tell whether good for v2
  kind         who                             on  for             state                  why
  Reviewed-by  Rex Reviewer <rex@example.org>  v1  could not tell  given, could not tell  could not tell which patches it is for

not good for v2, or not yet
  kind         who                             on  for         state        why
  Reviewed-by  Rex Reviewer <rex@example.org>  v1  the series  conditional  "With that fixed"
`);
  });

  it('is no table where a table would not fit', () => {
    const text = formatTrailers(review, { width: 80 });
    expect(text).toContain(`not good for v2, or not yet
  Reviewed-by: Rex Reviewer <rex@example.org>
      conditional, given on v1 for the series; "With that fixed"
`);
    expect(text).not.toContain('kind');
  });

  it('an objection is good for nothing, whatever it is worth', () => {
    const trailers = [
      trailerOf({ kind: 'Nacked-by' }),
      trailerOf({ kind: 'NAK', state: 'withdrawn', counts: false }),
      trailerOf(),
    ];
    expect(formatTrailers(reviewOf([versionOf('v2', { trailers })]))).toBe(`objections
  kind       who                             on  for         state      why
  Nacked-by  Rex Reviewer <rex@example.org>  v2  the series  given
  NAK        Rex Reviewer <rex@example.org>  v2  the series  withdrawn

good for v2
  kind         who                             on  for         state  why
  Reviewed-by  Rex Reviewer <rex@example.org>  v2  the series  given
`);
  });

  it('says the same of one person once, as it is best', () => {
    const trailers = [
      trailerOf({ state: 'met', version: 'v1' }),
      trailerOf({ state: 'stale', version: 'v1', counts: false }),
      trailerOf({ email: 'REX@example.org', patches: [1, 2] }),
      trailerOf({ patches: [2] }),
      trailerOf({ state: 'mismatched', counts: false }),
      trailerOf({ kind: 'Tested-by' }),
      trailerOf({ email: 'other@example.org' }),
      trailerOf({ patches: [], counts: null }),
    ];
    const left = onceEach(trailers).map((one) => trailers.indexOf(one));
    expect(left).toEqual([2, 4, 5, 6, 7]);
  });

  it('says that there is none', () => {
    expect(formatTrailers(reviewOf([versionOf('v1')]))).toBe('nobody has given a trailer\n');
  });
});

it('number ranges', () => {
  expect(numberRanges([3, 1, 2, 7, 8, 2])).toBe('1-3, 7, 8');
  expect(numberRanges([])).toBe('');
});

/** A review in which every string is the given one; `name` for what is a version or a date. */
function allOf(text: string, name = text): Review {
  const anchor = anchorAt({ file: text, hunk: text, quoted: [text, `+${text}`], confidence: 0.3 });
  const fate = [
    {
      version: name,
      what: 'changed' as const,
      anchor,
      evidence: [{ kind: 'changelog' as const, text, source: text }],
    },
  ];
  const person = { name: text, email: text };
  const comment = commentOf(name, {
    ...{ author: person, date: name, version: name, messageId: text, anchor, text, fate },
    replies: [{ author: person, date: name, messageId: text, answers: text, depth: 3, text }],
    decision: { by: text, date: name, why: text },
  });
  const version = versionOf(name, {
    ...{ title: text, date: name, prefixes: [text], author: person, baseCommit: text, prerequisites: [text] },
    missing: [text],
    patches: [
      patchOf({
        subject: text,
        diffstatErrors: [text],
        files: [fileOf({ path: text, hunks: [{ header: text, comments: [] }] })],
      }),
    ],
    changelog: [log(name, text, { since: name, entries: [{ text, note: true, credit: text }] })],
    trailers: [
      trailerOf({
        kind: text,
        name: text,
        email: text,
        condition: text,
        why: text,
        note: text,
        version: name,
      }),
    ],
    performance: [
      {
        test: text,
        direction: text,
        before: 1,
        after: 2,
        unit: text,
        change: 5,
        computedChange: 100,
        right: false,
        setup: text,
        base: text,
        patch: 1,
      },
    ],
    tested: [{ text, programs: [text], directions: [text], patch: 1 }],
  });
  const review = reviewOf(
    [version, { ...version, version: 'v9' }],
    [comment, commentOf('c1', { version: 'v9', fate })],
  );
  const orphan = { id: text, state: 'moot', by: text, date: text, why: text, about: text } as const;
  return {
    ...review,
    series: text,
    title: text,
    orphans: [orphan],
    problems: [{ origin: text, what: text }],
  };
}

function everyReport(review: Review, width?: number): string {
  const options = width === undefined ? {} : { width };
  return [
    ...review.versions.map(({ version }) => formatReview(review, version, options)),
    formatStatus(review, { all: true, by: '', version: review.versions[0]?.version ?? '' }, options),
    formatStatus(review, { all: true }, options),
    ...review.comments.map((comment) => formatComment(review, comment, options)),
    formatChangelogs(review, options),
    formatTrailers(review, options),
  ].join('');
}

describe('hostile words', () => {
  const UNPRINTABLE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

  it('no control byte of any field reaches the terminal', () => {
    for (const text of [
      'a\x1b[2Jb',
      'a\u009bb',
      '\u202egnp.exe',
      'a\r\nFrom: b',
      '../../etc/passwd',
      '$&$1',
      '',
    ]) {
      for (const width of [undefined, 80, 20])
        expect(everyReport(allOf(text), width)).not.toMatch(UNPRINTABLE);
    }
    expect(everyReport(allOf('a\x1b[2Jb'))).toContain('a\\x1b[2Jb');
  });

  it('whatever the words are, at any width', () => {
    const words = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 200 }), (text, width) => {
        expect(everyReport(allOf(text), width)).not.toMatch(UNPRINTABLE);
      }),
      { numRuns: 150 },
    );
  });

  it('words of any number fit into 80 and 200 columns', () => {
    const prose = 'Please use the helper for it here as well. '.repeat(30).trim();
    const review = allOf(prose, 'v1');
    for (const width of [80, 200]) {
      const tooLong = everyReport(review, width)
        .split('\n')
        .filter((line) => displayWidth(line) > width);
      // Lines of a diff stay as they are.
      expect(tooLong.filter((line) => !/^[+@]?Please use/.test(line))).toEqual([]);
    }
  });

  it('a line of ten megabytes takes a moment', () => {
    const started = performance.now();
    everyReport(allOf('x '.repeat(5_000_000)), 80);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
