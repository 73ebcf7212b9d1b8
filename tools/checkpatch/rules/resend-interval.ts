// SPDX-License-Identifier: MIT
import { versionOrder } from '../../../core/version-name.ts';
import { SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

const HOUR = 3_600_000;
const LEAST = 24;

export const resendInterval: Rule = {
  id: 'resend-interval',
  kind: 'series',
  severity: 'warning',
  title: `at least ${LEAST} hours lie between two versions`,
  explanation: `"Allow at least 24 hours to pass between postings. This will ensure reviewers from all geographical locations
have a chance to chime in." The time is counted from the first mail of the last version that was imported with
respin review import to the first mail of this one, or to now for one that was not mailed yet.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#resending-after-review',
  needs: 'mails',
  profile: 'netdev',
  advice: 'wait, and collect what others say until then',
  ofSeries: true,
  check: ({ series, mails, review, now }) => {
    const own = versionOrder(series.version);
    const last = review.versions
      .filter(({ version }) => versionOrder(version) < own)
      .toSorted((a, b) => versionOrder(b.version) - versionOrder(a.version))[0];
    if (last === undefined) return { notForThis: 'no version before it is known' };
    // The version's own date is but a day.
    const before = earliest(last.patches.map(({ date }) => date));
    if (before === null) return { notForThis: `${last.version} has no date` };
    const mailed = mails.every(({ messageId }) => messageId !== null);
    const sent = (mailed ? earliest(mails.map(({ date }) => date)) : null) ?? now.getTime();
    const hours = (sent - before) / HOUR;
    // A clock that runs backwards says nothing.
    if (hours < 0 || hours >= LEAST) return [];
    const past = hours < 1 ? 'less than an hour' : `${Math.floor(hours)} hours`;
    const what = mailed
      ? `${series.version} was mailed ${past} after ${last.version}`
      : `${last.version} was mailed ${past} ago`;
    return [{ place: SERIES, quote: null, text: what }];
  },
};

function earliest(dates: readonly string[]): number | null {
  const times = dates.map((date) => Date.parse(date)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}
