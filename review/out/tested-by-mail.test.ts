// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { HeldClaim } from '../../core/reproduce.ts';
import type { RunRecord, VerdictKind } from '../../core/run.ts';
import { versionPatches } from '../build/version-patches.ts';
import { groupSeries } from '../mails/group-series.ts';
import { readReviewMail } from '../mails/mail.ts';
import { trailersOf } from '../trailers/trailers.ts';
import { formatMail } from './mail-file.ts';
import { patchIdOf } from './patch-parts.ts';
import { testedByMail } from './tested-by-mail.ts';
import { versionOfRun } from './version-of-run.ts';

const SELF = { name: 'Zoë Östlund', email: 'zoe@example.org' };

function record(name: string, verdict?: VerdictKind): RunRecord {
  const file = path.join(import.meta.dirname, '../../test/fixtures/reports', `${name}.json`);
  const read = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  return verdict === undefined ? read : { ...read, verdict };
}

const MAILS = ['0/2', '1/2', '2/2'].map((at) => {
  const diff =
    at === '0/2'
      ? ''
      : `---\ndiff --git a/x${at[0]} b/x${at[0]}\n--- a/x${at[0]}\n+++ b/x${at[0]}\n@@ -1 +1 @@\n-a\n+b\n`;
  return `From: Ada <ada@example.org>\nTo: list@example.org\nDate: Tue, 10 Nov 2026 10:00:00 +0000\nMessage-ID: <v1-${at[0]}@x>\nSubject: [PATCH ${at}] vsock: ${at[0]}\nIn-Reply-To: <v1-0@x>\n\nText.\n${diff}`;
});

async function versions() {
  const read = await Promise.all(MAILS.map((one, at) => readReviewMail(Buffer.from(one), `mail/${at}`)));
  const [series] = groupSeries(read).series;
  return series === undefined ? [] : versionPatches(series);
}

it('a run of some cases alone says so, and gives no tag', async () => {
  const [version] = await versions();
  const part = { ...record('pass'), part: { cases: ['vsock_test:3'], times: 20 } };
  const { mail, warnings } = await testedByMail(part, version ?? null, SELF);
  expect(mail.body.join(' ')).toMatch(
    /^I ran only vsock_test:3 on \S+ of this series with respin, and it passed:/,
  );
  expect(mail.body.join('\n')).not.toContain('Tested-by');
  expect(warnings).toEqual(['the run is of some cases alone: there is no Tested-by in the mail']);
});

it('answers the cover letter, with a Tested-by that is read as one', async () => {
  const [version] = await versions();
  const { mail, warnings } = await testedByMail(record('pass'), version ?? null, SELF);
  expect(warnings).toEqual([]);
  const text = formatMail(mail);
  const again = await readReviewMail(Buffer.from(text), 'x');
  expect(again.answers).toEqual(['v1-0@x']);
  expect([again.to, again.cc, again.role]).toEqual(['Ada <ada@example.org>', 'list@example.org', 'reply']);
  const given = trailersOf({
    ...{ from: again.from, messageId: 'm@x', version: 'v1', patch: 0, total: 2 },
    own: [again.lines],
  });
  expect(given.map(({ kind, name, email, state }) => [kind, name, email, state])).toEqual([
    ['Tested-by', SELF.name, SELF.email, 'given'],
  ]);
  for (const line of mail.body) expect(line.length, line).toBeLessThanOrEqual(76);
  expect(text).toContain('time limits x4, programs built with 30 s a step');
  expect(text).toMatch(/vsock_test +h2g +5 +0\n/);
});

it('gives no tag for anything but a pass', async () => {
  const [version] = await versions();
  for (const one of [record('fail'), record('unknown'), record('fail', 'flaky'), record('pass', 'unknown')]) {
    const { mail, warnings } = await testedByMail(one, version ?? null, SELF);
    expect(formatMail(mail)).not.toContain('Tested-by');
    expect(warnings.join()).toMatch(/no Tested-by/);
  }
  const flaky = await testedByMail(record('fail', 'flaky'), null, SELF);
  expect(flaky.mail.body.join('\n')).toContain('flaky     vsock_test h2g 2 SOCK_STREAM double bind connect');
  expect([flaky.mail.inReplyTo, flaky.mail.to]).toEqual([null, []]);
});

it('gives no tag for kernels without the patches, nor where a claim cannot be told', async () => {
  const interop: RunRecord = { ...record('pass'), variants: { host: 'base', guest: 'patched' } };
  const { mail, warnings } = await testedByMail(interop, null, SELF);
  expect(mail.body.join('\n')).not.toContain('Tested-by');
  expect(warnings).toContain('a machine had the kernel of the base: there is no Tested-by in the mail');
  const bodyOf = async (held: HeldClaim['held']): Promise<string> => {
    const claims = [{ claim: '64KB g2h +18%', held, found: 'found' }];
    return (await testedByMail(record('pass'), null, SELF, claims)).mail.body.join('\n');
  };
  for (const held of ['does not hold', 'could not tell'] as const)
    expect(await bodyOf(held)).not.toContain('Tested-by');
  expect(await bodyOf('holds')).toContain('What held:\n- 64KB g2h +18%\n    found');
  expect(await bodyOf('holds')).toContain('Tested-by');
  // Nobody has tried it: the mail says so, and of what was tested it speaks.
  expect(await bodyOf('not tried')).toMatch(/What could not be told:[\s\S]*Tested-by/);
});

it('says what was not run', async () => {
  const one = record('pass');
  one.suites = one.suites.filter(({ direction }) => direction === 'g2h');
  const { mail } = await testedByMail(one, null, SELF);
  expect(mail.body).toContain('Not run: h2g, loopback.');
});

it('a run is of a version only when its patches are', async () => {
  const all = await versions();
  const run = record('pass');
  const patches = (ids: (string | null)[], patchId = 'f'.repeat(40)) => ({
    ...run,
    series: {
      ...{ name: 's', title: 't', version: 'v1', source: 's' },
      patches: ids.map((messageId, at) => ({ subject: `vsock: ${at + 1}`, patchId, commit: 'c', messageId })),
    },
  });
  expect(await versionOfRun(patches(['v1-1@x', 'v1-2@x']), all)).toBe(all[0]);
  expect(await versionOfRun(patches(['v1-1@x', 'other@x']), all)).toBeNull();
  expect(await versionOfRun(patches([null, null]), all)).toBeNull();
  expect(await versionOfRun({ ...run, series: null }, all)).toBeNull();
  // Never mailed as it was run: the diffs tell.
  const same = patches([null, null]);
  const ids = await Promise.all((all[0]?.patches ?? []).map(async ({ mail }) => await patchIdOf(mail)));
  const found = same.series.patches.map((patch, at) => ({ ...patch, patchId: ids[at] ?? '' }));
  expect(await versionOfRun({ ...same, series: { ...same.series, patches: found } }, all)).toBe(all[0]);
});
