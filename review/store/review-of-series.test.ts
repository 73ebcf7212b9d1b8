// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Series } from '../../core/series.ts';
import { assemble } from '../../patches/assemble.ts';
import { readSeries } from '../../patches/read-series.ts';
import { reviewOf } from './review-of-series.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-review-of-'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const DIFF = `---
 a.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/a.c b/a.c
index 1111111..2222222 100644
--- a/a.c
+++ b/a.c
@@ -1 +1,2 @@
 old
+new
-- 
2.39.5
`;

/** As git format-patch writes them: by their authors, on the days they were committed, without ids. */
const patch = (number: string, from: string, day: number, message: string): string =>
  [
    `From: ${from}`,
    `Date: ${day} Nov 2026 10:00:00 +0000`,
    `Subject: [PATCH net-next ${number}] vsock: thing ${number[0]}`,
    '',
    message,
    DIFF,
  ].join('\n');

const MAILS = [
  patch('1/3', 'Ann Author <ann@example.org>', 2, 'Test: 64KB\nBefore: 10 Gb/s\nAfter: 12 Gb/s (+30%)\n'),
  patch('2/3', 'Ben Author <ben@example.org>', 9, 'Tested with vsock_test.\n'),
  patch('3/3', 'Ann Author <ann@example.org>', 20, 'Say why.\n').replace(
    '---\n',
    '---\nv1 -> v2:\n- say why\n\n',
  ),
];

async function loose(mails: readonly string[]): Promise<Series> {
  const raw = mails.map((text, at) => ({ bytes: Buffer.from(text), origin: `${at}.patch` }));
  const { version, baseCommit, cover, patches } = await assemble(raw, { source: 'test' });
  return { name: 'x', title: 'x', version, source: 'x', tree: null, baseCommit, cover, patches };
}

it('knows what the patches of several authors say', async () => {
  const series = await loose(MAILS.map((text) => text.replace('net-next', 'net-next v2')));
  const { versions } = await reviewOf(series, null);
  expect(versions.map(({ version, patches }) => [version, patches.map(({ index }) => index)])).toEqual([
    ['v2', [1, 2, 3]],
  ]);
  expect(versions[0]).toMatchObject({
    missing: [],
    performance: [{ test: '64KB', change: 30, right: false, patch: 1 }],
    tested: [{ programs: ['vsock_test'], patch: 2 }],
    changelog: [{ entries: [{ text: 'say why' }], patch: 3 }],
  });
});

it('numbers what has no number', async () => {
  const { versions } = await reviewOf(await loose([MAILS[0]?.replace(' 1/3', '') ?? '']), null);
  expect(versions[0]?.patches.map(({ index }) => index)).toEqual([1]);
});

it('ends with the version that was read, in a folder that has later ones', async () => {
  const home = path.join(folder, 'series');
  const versions = ['v1', 'v2', 'v3'];
  for (const version of versions) {
    await mkdir(path.join(home, version), { recursive: true });
    for (const [at, text] of MAILS.entries()) await writeFile(path.join(home, version, `${at}.patch`), text);
  }
  const toml = versions.map((version) => `[[versions]]\nversion = "${version}"\n`);
  await writeFile(path.join(home, 'series.toml'), `title = "x"\n${toml.join('')}`);
  for (const [version, expected] of [
    ['v2', ['v1', 'v2']],
    ['v3', versions],
  ] as const) {
    const series = await readSeries(home, { cwd: folder, version });
    const review = await reviewOf(series, home);
    expect(review.versions.map((one) => one.version)).toEqual(expected);
  }
});
