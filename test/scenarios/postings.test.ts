// SPDX-License-Identifier: MIT
/** A series as it goes over a list: an RFC first, sent again without a change, two postings of one number. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CheckReport } from '../../core/check.ts';
import type { Series } from '../../core/series.ts';
import { projectRoot } from '../../system/paths.ts';
import { importInto, makeReviewWorld, mboxrd, type ReviewWorld, shuffled } from './review-world.ts';
import { expectError } from './world.ts';

const NAME = 'vsock-virtio-larger-rx-buffers';
const shipped = path.join(projectRoot, 'patches/vsock-rx-buffers');

/** The mails of a shipped version as another posting of it, on another day. */
function posting(version: string, day: string, mark: string, brackets: string): Buffer[] {
  return readdirSync(path.join(shipped, version))
    .sort()
    .map((name) =>
      Buffer.from(
        readFileSync(path.join(shipped, version, name), 'utf8')
          .replace(/^From .*\n/, '')
          .replace(/^Subject: \[PATCH net-next (?:v\d )?/m, `Subject: [${brackets} `)
          .replace(/^Date: .*$/m, `Date: ${day} 10:00:0${name[3]} +0000`)
          .replaceAll(/20261\d+-vsock-rx-buffers-v\d-/g, `${mark}-`),
      ),
    );
}

const RFC = posting('v1', 'Mon, 16 Nov 2026', 'rfc', 'RFC PATCH net-next');
const V1 = posting('v1', 'Wed, 18 Nov 2026', 'v1', 'PATCH net-next');
const V2 = posting('v2', 'Fri, 20 Nov 2026', 'v2', 'PATCH net-next v2');
const V2_AGAIN = posting('v2', 'Fri, 27 Nov 2026', 'v2-again', 'PATCH RESEND net-next v2');
const V2_OTHER = posting('v3', 'Sat, 28 Nov 2026', 'v2-other', 'PATCH net-next v2');

let world: ReviewWorld;
beforeEach(async () => {
  world = await makeReviewWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function imported(...postings: Buffer[][]): Promise<void> {
  const mbox = path.join(world.folder, 'list.mbox');
  writeFileSync(mbox, mboxrd(shuffled(postings.flat())));
  await importInto(world, mbox);
}

/** Of which mails a version is made: `v1 v1-0 v1-1 v1-2`. */
async function madeOf(what: string, ...version: string[]): Promise<string> {
  const { status, stdout, stderr } = await world.respin('series', 'show', what, ...version, '--json');
  expect(status, stderr).toBe(0);
  const series = JSON.parse(stdout) as Series;
  return [series.version, series.cover?.messageId, ...series.patches.map(({ messageId }) => messageId)]
    .map((id) => id?.replace('@example.org', ''))
    .join(' ');
}

it('each posting is a version of its own, and what was sent again is none', async () => {
  await imported(RFC, V1, V2, V2_AGAIN, V2_OTHER);
  expect(await madeOf(NAME, '--version', 'rfc-v1')).toBe('rfc-v1 rfc-0 rfc-1 rfc-2 rfc-3 rfc-4');
  expect(await madeOf(NAME, '--version', 'v1')).toBe('v1 v1-0 v1-1 v1-2 v1-3 v1-4');
  expect(await madeOf(NAME, '--version', 'v2')).toBe('v2 v2-0 v2-1 v2-2 v2-3 v2-4');
  expect(await madeOf(NAME)).toBe('v2.1 v2-other-0 v2-other-1 v2-other-2 v2-other-3 v2-other-4 v2-other-5');
  const { stdout } = await world.respin('series', 'list', '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    {
      versions: [
        { version: 'rfc-v1', patches: 4 },
        { version: 'v1', patches: 4 },
        { version: 'v2' },
        { version: 'v2.1', patches: 5 },
      ],
    },
  ]);
  const check = await world.respin('check', NAME, '--version', 'rfc-v1', '--no-tree', '--json');
  const report = JSON.parse(check.stdout) as CheckReport;
  expect(report.series).toMatchObject({ version: 'rfc-v1', total: 4 });
  expect(report.series.patches).toHaveLength(4);
});

it('an RFC alone is the first version', async () => {
  await imported(RFC);
  expect(await madeOf(NAME)).toBe('v1 rfc-0 rfc-1 rfc-2 rfc-3 rfc-4');
  const { stdout } = await world.respin('series', 'list', '--json');
  expect(JSON.parse(stdout)).toMatchObject([{ versions: [{ version: 'v1', patches: 4 }] }]);
});

it('a person has the last word on which version a posting is', async () => {
  await imported(V1, V2_OTHER);
  for (const id of [0, 1, 2, 3, 4, 5]) {
    const linked = await world.respin('review', 'link', `v2-other-${id}@example.org`, 'v3');
    expect(linked.status, linked.stderr).toBe(0);
    expect(linked.stderr).toContain('series.toml does not list v3');
  }
  // What is left of v2 is none of it.
  await expectError(world, ['series', 'show', NAME], {
    code: 'SERIES_VERSION',
    exit: 2,
    hint: /review show/,
  });
  writeFileSync(
    path.join(world.patches, NAME, 'series.toml'),
    'title = "x"\n[[versions]]\nversion = "v1"\n[[versions]]\nversion = "v3"\n',
  );
  expect(await madeOf(NAME)).toMatch(/^v3 v2-other-0 .* v2-other-5$/);
});

it('an mbox with an RFC and what came of it has both', async () => {
  const mbox = path.join(world.folder, 'both.mbox');
  writeFileSync(mbox, mboxrd([...V1, ...RFC]));
  expect(await madeOf(mbox)).toMatch(/^v1 v1-0 v1-1/);
  expect(await madeOf(mbox, '--version', 'rfc-v1')).toMatch(/^rfc-v1 rfc-0 rfc-1/);
  await expectError(world, ['series', 'show', mbox, '--version', 'rfc'], {
    code: 'SERIES_VERSION',
    exit: 2,
    hint: /rfc-v1/,
  });
});

/** As `respin series list` counts them: `v1 4`. */
async function counted(): Promise<string[]> {
  const { stdout } = await world.respin('series', 'list', '--json');
  const [series] = JSON.parse(stdout) as { versions: { version: string; patches: number }[] }[];
  return (series?.versions ?? []).map(({ version, patches }) => `${version} ${patches}`);
}

/** The same mails, changed. */
function changed(mails: Buffer[], change: (text: string, index: number) => string): Buffer[] {
  return mails.map((mail, index) => Buffer.from(change(mail.toString('utf8'), index)));
}

const ALL = /^v1 v1-0 v1-1 v1-2 v1-3 v1-4$/;

it('mails without Message-IDs are a series as well', async () => {
  await imported(
    changed(V1, (text) => text.replaceAll(/^(?:Message-ID|In-Reply-To|References): .*\n/gm, '')),
  );
  const { stdout } = await world.respin('series', 'show', NAME, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ version: 'v1', cover: {}, patches: [{}, {}, {}, {}] });
});

it('patches without numbers are one series, not as many versions', async () => {
  // As git format-patch -N --thread makes them: all answer the first.
  await imported(
    changed(V1.slice(1), (text) =>
      text.replace(/^(Subject: \[PATCH net-next) \d\/4\]/m, '$1]').replaceAll('v1-0@', 'v1-1@'),
    ),
  );
  const [name = '', ...more] = readdirSync(world.patches);
  expect(more).toEqual([]);
  expect(await madeOf(name)).toMatch(/^v1 {2}v1-1 v1-2 v1-3 v1-4$/);
  expect(await counted()).toEqual(['v1 4']);
});

it.each([
  ['the cover letter alone', (index: number) => index === 0],
  ['all but the cover letter', (index: number) => index > 0],
  ['one patch', (index: number) => index === 3],
])('a posting of which %s says RFC is whole', async (_, says) => {
  const mails = changed(V1, (text, index) =>
    says(index) ? text.replace('Subject: [PATCH', 'Subject: [RFC PATCH') : text,
  );
  await imported(mails);
  expect(await madeOf(NAME)).toMatch(ALL);
  expect(await counted()).toEqual(['v1 4']);
  const mbox = path.join(world.folder, 'list.mbox');
  expect(await madeOf(mbox)).toMatch(ALL);
  const { stdout } = await world.respin('review', 'show', '--series', NAME, '--json');
  expect((JSON.parse(stdout) as { versions: unknown[] }).versions).toHaveLength(1);
});

it('a mail that is broken is named, though it is there', async () => {
  await imported(
    changed(V1, (text, index) => (index === 2 ? text.replace(/^diff --git [\s\S]*?^-- $/m, '-- ') : text)),
  );
  await expectError(world, ['series', 'show', NAME], { code: 'PATCH_EMPTY', exit: 1 });
});
