// SPDX-License-Identifier: MIT
import type { Place } from '../../../core/check.ts';
import { type Anchor, type Comment, isOwed } from '../../../core/review.ts';
import type { Series } from '../../../core/series.ts';
import { placed, SERIES } from '../places.ts';
import type { Found, Rule } from '../rule.ts';
import { nameOf } from '../trailers.ts';

const LONGEST = 120;

export const commentsOpen: Rule = {
  id: 'comments-open',
  kind: 'series',
  severity: 'warning',
  title: 'every review comment is dealt with or answered',
  explanation: `"You must respond to those comments; ignoring reviewers is a good way to get ignored in return." What
was said of this version and of those before it and is neither changed, answered nor declined is owed. The place
is where the commented line is now.

A comment is closed with respin review resolve; respin never closes one by itself.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#respond-to-review-comments',
  needs: 'mails',
  advice: 'change it or answer it',
  ofSeries: true,
  check: ({ series, review }) => {
    if (review.comments.length === 0) return { notForThis: 'no review comments are known' };
    return review.comments.filter(isOwed).map((comment): Found => {
      const { id, author, version, text, weight } = comment;
      const words = text.replace(/\s+/g, ' ').trim();
      const short = words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
      return {
        ...placeOf(comment, series),
        ...(weight === 'nit' ? { severity: 'note' } : {}),
        text: `${nameOf(author)} on ${version}, ${id}: ${short}`,
        advice: `change it or answer it, then: respin review resolve ${id} --as STATE --why REASON`,
      };
    });
  },
};

function placeOf({ anchor, version, fate }: Comment, series: Series): { place: Place; quote: string | null } {
  const now =
    version === series.version ? anchor : fate.find((one) => one.version === series.version)?.anchor;
  if (now === undefined || now === null || now.patch === null) {
    // Nothing follows a cover letter's lines, but the next version has one.
    const place = anchor.patch === 0 && series.cover !== null ? placed('cover', 0) : SERIES;
    return { place, quote: null };
  }
  const { patch, on, file, hunk, side, line } = now;
  switch (on) {
    case 'line':
      return { place: { on, patch, file, hunk, side, line }, quote: quoteOf(now, series) };
    case 'file':
      return { place: { ...placed('file', patch), file }, quote: null };
    case 'message':
    case 'notes':
    case 'cover':
      return { place: placed(on, patch, line), quote: null };
    default:
      return { place: placed(patch === 0 ? 'cover' : 'mail', patch), quote: null };
  }
}

function quoteOf({ patch, file, hunk, side, line }: Anchor, series: Series): string | null {
  const files = series.patches.find(({ index }) => index === patch)?.files ?? [];
  const lines = files
    .filter(({ oldPath, newPath }) => (newPath ?? oldPath) === file)
    .flatMap(({ hunks }) => hunks.filter(({ header }) => header === hunk))
    .flatMap((one) => one.lines);
  return lines.find((one) => (side === 'old' ? one.oldLine : one.newLine) === line)?.text ?? null;
}
