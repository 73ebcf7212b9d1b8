// SPDX-License-Identifier: MIT
/** respin matrix and respin reproduce on real kernels. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import type { MatrixRecord } from '../../../core/matrix.ts';
import type { Reproduction } from '../../../core/reproduce.ts';
import type { RunRecord } from '../../../core/run.ts';
import { hasPublicInbox, startPublicInbox } from '../public-inbox.ts';
import { leftBehind, leftHalfMade, newPlace, ROOT, start } from './respin.ts';

const place = newPlace();
const scratch = mkdtempSync(path.join(tmpdir(), 'respin-matrix-'));
const series = path.join(ROOT, 'patches/vsock-rx-buffers');

afterAll(() => {
  for (const folder of [place.state, scratch]) rmSync(folder, { recursive: true, force: true });
});

const MAYA = {
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_COUNT: '2' },
  ...{ GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Maya Lind' },
  ...{ GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'maya@example.org' },
};

const WORDS = ['matrix', 'vsock-rx-buffers', '--versions', 'v1,v4', '--direction', 'g2h'];

/** Ids of the runs that have a result. */
function finishedRuns(): string[] {
  const folder = path.join(place.state, 'respin/runs');
  return readdirSync(folder).filter((id) => readdirSync(path.join(folder, id)).includes('run.json'));
}

async function matrix(...more: string[]): Promise<MatrixRecord> {
  const { stdout, stderr } = await start(place, [...WORDS, ...more, '--json']).ended;
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as MatrixRecord;
}

it('killed in the second run and started again: no cell lost, none run twice, none half', async () => {
  const killed = start(place, [...WORDS, '--ndjson']);
  const isSecond = /"stage":"run".*"type":"case"/s;
  await vi.waitUntil(() => isSecond.test(killed.said()), { timeout: 1_500_000, interval: 50 });
  killed.kill('SIGKILL');
  await killed.ended;
  await vi.waitUntil(() => leftBehind(place).length === 0, { timeout: 30_000, interval: 200 });
  const [first, ...others] = finishedRuns();
  expect(others).toEqual([]);

  const record = await matrix();
  expect(record).toMatchObject({ exit: 0, error: null });
  expect(record.cells.map(({ run, known }) => [run === first, known])).toEqual([
    [true, true],
    [false, false],
  ]);
  expect(record.rows.map(({ version }) => version)).toEqual(['v1', 'v4']);
  for (const { directions } of record.cells) {
    expect(directions).toMatchObject([{ direction: 'g2h' }]);
    // Under emulation a case may be flaky; then it says so, and has passed.
    expect(directions[0]?.failures.filter(({ status }) => status !== 'flaky')).toEqual([]);
    expect(directions[0]?.counts.pass).toBeGreaterThan(20);
  }
  const runs = finishedRuns();
  expect(runs).toHaveLength(2);

  // All of it is known now.
  expect((await matrix()).cells.every(({ known }) => known)).toBe(true);
  expect(finishedRuns()).toEqual(runs);
  expect(leftHalfMade(place)).toEqual([]);
  expect(leftBehind(place)).toEqual([]);

  const shown = await start(place, ['matrix', 'show']).ended;
  expect(shown.stdout).toMatch(/^v1 {2}(?:pass|flaky \d+ of) \d+\nv4 {2}(?:pass|flaky \d+ of) \d+$/m);
  const junit = await start(place, ['matrix', 'show', '--format', 'junit']).ended;
  expect(junit.stdout).toContain('<testcase classname="v4" name="g2h"');
  expect(junit.stdout).not.toContain('<failure');
});

it.skipIf(!(await hasPublicInbox()))(
  'reproduces a version by a Message-ID, and writes the Tested-by',
  async () => {
    await using inbox = await startPublicInbox('vsock');
    for (const version of ['v3', 'v4']) {
      for (const name of readdirSync(path.join(series, version)).sort()) {
        const mail = readFileSync(path.join(series, version, name), 'utf8').replace(/^From .*\n/, '');
        // As an RFC, with the number of what came of it.
        const posted = mail.replace(/^Subject: \[PATCH net-next v3/m, 'Subject: [RFC PATCH net-next v4');
        await inbox.deliver(Buffer.from(posted));
      }
    }
    const tree = await start(place, ['tree', 'list', '--json']).ended;
    const { gitDir } = (JSON.parse(tree.stdout) as { source: string; gitDir: string }[]).find(
      ({ source }) => source === 'debian:linux-source-6.12',
    ) as { gitDir: string };
    const env = {
      ...{ RESPIN_PATCHES: path.join(scratch, 'patches'), RESPIN_ARCHIVE: inbox.list },
      ...MAYA,
    };
    // Of any mail of it; the repository is taken at the commit that the mails name.
    const id = '20261126-vsock-rx-buffers-v4-3@example.org';
    const words = ['reproduce', id, '--tree', `git:${gitDir}`, '--no-perf', '--json'];
    const { status, stdout, stderr } = await start(place, words, scratch, env).ended;
    const report = JSON.parse(stdout) as Reproduction;
    // Under emulation a case may be flaky; then its claim is left in doubt, and nothing else is.
    const left = report.claims.filter(
      ({ held, claim }) => held !== 'holds' && !claim.startsWith('64KB') && !claim.startsWith('16B'),
    );
    expect(left.filter(({ held, found }) => held !== 'could not tell' || !/flaky/.test(found))).toEqual([]);
    expect(status, stderr).toBe(left.length === 0 ? 0 : 3);
    expect(report).toMatchObject({
      series: { version: 'v4' },
      mail: `tested-by-${report.series.name}-v4.eml`,
    });
    expect(['pass', 'flaky']).toContain(report.verdict);
    expect(report.peers.map(({ unpatched }) => unpatched)).toEqual(['host', 'guest']);
    expect(report.claims.map(({ claim }) => claim)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('vsock_test'),
        'the same with an unpatched host',
        'the same with an unpatched guest',
      ]),
    );
    const mail = readFileSync(path.join(scratch, report.mail ?? ''), 'utf8');
    expect(mail).toContain('In-Reply-To: <20261126-vsock-rx-buffers-v4-0@example.org>\n');
    expect(mail).toContain('What held:\n');
    if (left.length === 0) expect(mail).toMatch(/^Tested-by: Maya Lind <maya@example\.org>$/m);
    const run = path.join(place.state, 'respin/runs', report.run, 'run.json');
    const record = JSON.parse(readFileSync(run, 'utf8')) as RunRecord;
    expect(record.series?.patches).toHaveLength(4);
    expect(leftBehind(place)).toEqual([]);
    // The cache is the user's own.
    const forgotten = await start(place, ['tree', 'remove', record.tree.source]).ended;
    expect(forgotten.stdout).toMatch(/^removed git:/);

    // What is there is not written over, and that is told at once.
    const again = await start(place, [...words, '--out', report.mail ?? ''], scratch, env).ended;
    expect(again).toMatchObject({ status: 2 });
    expect(again.stderr).toContain('error[FILE_EXISTS]');
  },
);

it('what was found is told, though the mail can no longer be written', async () => {
  const folder = path.join(scratch, 'gone');
  mkdirSync(folder);
  const before = new Set(readdirSync(path.join(place.state, 'respin/runs')));
  const words = [
    'reproduce',
    'vsock-rx-buffers',
    '--no-perf',
    '--no-interop',
    '--out',
    'gone/mail.eml',
    '--json',
  ];
  const running = start(place, words, scratch, MAYA);
  const hasBegun = () => readdirSync(path.join(place.state, 'respin/runs')).some((id) => !before.has(id));
  await vi.waitUntil(hasBegun, { timeout: 600_000, interval: 50 });
  rmSync(folder, { recursive: true });
  const { status, stdout, stderr } = await running.ended;
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'respin.reproduce/1', series: { version: 'v4' } });
  expect(stderr).toContain(`error[`);
  expect(status).not.toBe(0);
  expect(existsSync(folder)).toBe(false);
});
