// SPDX-License-Identifier: MIT
/** A run record → the mail that tells the list, with a Tested-by where the run bears it out. */
import { printable } from '../../core/escape.ts';
import type { HeldClaim } from '../../core/reproduce.ts';
import { isOfVersion, type RunRecord, type VerdictKind } from '../../core/run.ts';
import type { Person } from '../../core/series.ts';
import { wrapText } from '../../core/table.ts';
import type { VersionPatches } from '../build/version-patches.ts';
import { formatPerson } from './addresses.ts';
import { oneLine } from './encoded-words.ts';
import { answerTo, type Reply, replySubject } from './reply-mail.ts';
import { runSummary } from './run-summary.ts';

const SAID: Record<VerdictKind, string> = {
  pass: 'and it passed',
  flaky: 'and it passed only when it was repeated',
  fail: 'and it FAILED',
  unknown: 'but could not tell whether it works',
};

/**
 * @param version the mails of the version that was run; null when the run is of no series with mails
 * @param claims what it claims, held against the run; one that does not hold takes the Tested-by
 */
export async function testedByMail(
  record: RunRecord,
  version: VersionPatches | null,
  self: Person,
  claims: readonly HeldClaim[] = [],
): Promise<Reply> {
  const { series, verdict } = record;
  const first = series?.of === undefined ? '' : ` up to patch ${series.patches.length}/${series.of}`;
  const tested = printable(oneLine(`${series?.version ?? ''}${first}`));
  const only = record.part?.cases.map((one) => printable(oneLine(one))).join(', ');
  const what = only === undefined ? tested : `only ${only} on ${tested}`;
  const text = [
    ...wrapText(`I ran ${what} of this series with respin, ${SAID[verdict]}:`, 72),
    '',
    ...runSummary(record),
    ...claimLines(claims),
    ...(verdict === 'pass' && isOfVersion(record) && !claims.some(isAgainst)
      ? ['', `Tested-by: ${printable(oneLine(self.name))} <${self.email}>`]
      : []),
  ];
  const warnings = noTag(record, claims);
  const parent = version === null ? null : (version.cover ?? version.patches[0])?.mail;
  if (parent === undefined || parent === null) {
    const subject = replySubject(
      `[PATCH ${printable(oneLine(series?.version ?? ''))}] ${series?.title ?? record.id}`,
    );
    const mail = { from: formatPerson(self), to: [], cc: [], subject, inReplyTo: null, references: [] };
    return { mail: { ...mail, body: text }, warnings };
  }
  const answer = await answerTo(parent, self);
  if (version !== null && version.cover === null && version.patches.length > 1) {
    warnings.push('there is no cover letter: the mail answers the first patch and says so of all');
  }
  if (
    verdict === 'pass' &&
    isOfVersion(record) &&
    parent.from.email.toLowerCase() === self.email.toLowerCase()
  ) {
    warnings.push('the series is yours: that its author has tested it goes without a Tested-by');
  }
  // Nothing is quoted: it answers no words.
  return { mail: { ...answer.mail, body: text }, warnings: [...warnings, ...answer.warnings] };
}

/** A claim that fell, or that nobody can tell of. */
function isAgainst({ held }: HeldClaim): boolean {
  return held === 'does not hold' || held === 'could not tell';
}

/** What did not hold first: a reader may stop there. */
function claimLines(claims: readonly HeldClaim[]): string[] {
  const groups: [string, readonly HeldClaim['held'][]][] = [
    ['What did not hold:', ['does not hold']],
    ['What held:', ['holds']],
    ['What could not be told:', ['could not tell', 'not tried']],
  ];
  return groups.flatMap(([title, kinds]) => {
    const own = claims.filter(({ held }) => kinds.includes(held));
    const lines = own.flatMap(({ claim, found }) => [
      ...wrapText(printable(oneLine(claim)), 68).map((line, at) => `${at === 0 ? '- ' : '  '}${line}`),
      ...wrapText(printable(oneLine(found)), 66).map((line) => `    ${line}`.trimEnd()),
    ]);
    return own.length === 0 ? [] : ['', title, ...lines];
  });
}

function noTag(record: RunRecord, claims: readonly HeldClaim[]): string[] {
  if (claims.some(isAgainst) && record.verdict === 'pass')
    return ['not all that is claimed holds: the mail says what does not, and there is no Tested-by in it'];
  if (record.series?.of !== undefined) {
    const count = record.series.patches.length;
    return [
      `the run is of the first ${count} of ${record.series.of} patches: there is no Tested-by in the mail`,
    ];
  }
  if (record.variants.host === 'base' || record.variants.guest === 'base')
    return ['a machine had the kernel of the base: there is no Tested-by in the mail'];
  if (record.part !== undefined) return ['the run is of some cases alone: there is no Tested-by in the mail'];
  switch (record.verdict) {
    case 'pass':
      return [];
    case 'flaky':
      return ['the run is flaky: there is no Tested-by in the mail; run it again, or add it yourself'];
    case 'fail':
      return ['the run failed: the mail says what failed, and there is no Tested-by in it'];
    case 'unknown':
      return ['the run could not tell: there is no Tested-by in the mail'];
  }
}
