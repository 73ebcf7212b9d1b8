// SPDX-License-Identifier: MIT
/** respin coverage without machines: its words, records that are there already, and what a review shows of them. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoverageRecord } from '../../core/coverage.ts';
import { coverageRecord, fileOf, lineOf, PATH } from '../../reports/coverage-fixture.ts';
import { projectRoot } from '../../system/paths.ts';
import { makeReviewWorld, type ReviewWorld } from './review-world.ts';
import { expectError } from './world.ts';

const A = '20261126-100000-vsock-rx-buffers-00aa';
const B = '20261126-110000-vsock-rx-buffers-00bb';
const SHIPPED = 'vsock-rx-buffers';
let world: ReviewWorld;

beforeEach(async () => {
  world = await makeReviewWorld();
  cpSync(path.join(projectRoot, 'patches', SHIPPED), path.join(world.patches, SHIPPED), { recursive: true });
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function keep(id: string, over: Partial<CoverageRecord> = {}): string {
  const folder = path.join(world.state, 'respin/coverage', id);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'coverage.json');
  writeFileSync(file, JSON.stringify({ ...coverageRecord(), id, ...over }));
  return file;
}

describe('wrong words', () => {
  it.each<[string[], RegExp]>([
    [['--direction', 'up'], /--direction up: up is not a direction/],
    [['--program', 'iperf'], /--program iperf: iperf is not a program/],
    [['--program', 'probe-user'], /probe-user is not a program/],
  ])('%j', async (args, message) => {
    await expectError(world, ['coverage', SHIPPED, ...args], { code: 'BAD_OPTION', exit: 2, message });
  });

  it('--base: the base has no added lines', async () => {
    await expectError(world, ['coverage', '--base'], { code: 'UNKNOWN_OPTION', exit: 2, message: /--base/ });
  });

  it('too many', async () => {
    const one = { code: 'TOO_MANY_ARGUMENTS', exit: 2 } as const;
    await expectError(world, ['coverage', 'list', 'a'], one);
    await expectError(world, ['coverage', 'show', 'a', 'b'], one);
  });
});

describe('records', () => {
  it('none yet', async () => {
    expect((await world.respin('coverage', 'list')).stdout).toMatch(/^no coverage yet/);
    const none = { code: 'NO_SUCH_RUN', exit: 2, message: /no finished coverage record/ } as const;
    await expectError(world, ['coverage', 'show'], none);
  });

  it('are listed, the newest first, and shown by id and as last, also as lcov', async () => {
    keep(A);
    keep(B);
    const { stdout } = await world.respin('coverage', 'list');
    const ids = stdout.split('\n').slice(1, 3);
    expect(ids.map((line) => line.split(' ')[0])).toEqual([B, A]);
    for (const which of [[], ['last'], [A]]) {
      const shown = await world.respin('coverage', 'show', ...which);
      expect(shown.status, shown.stderr).toBe(0);
      expect(shown.stdout).toMatch(/\n3 of 5 added lines of code ran; 2 never did: .*:313-314\n$/);
    }
    const file = path.join(world.folder, 'out.info');
    expect((await world.respin('coverage', 'show', '--lcov', file)).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^TN:boot_host\nSF:/);
    const json = await world.respin('coverage', 'show', A, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ id: A, schema: 'respin.coverage/1' });
  });

  it('that is damaged is named as such', async () => {
    writeFileSync(keep(A), '{"schema":"respin.run/1"}');
    await expectError(world, ['coverage', 'show', A], { code: 'RECORD_DAMAGED', exit: 3 });
    expect((await world.respin('coverage', 'list')).stdout).toMatch(/damaged: coverage.json has the schema/);
  });
});

describe('respin review show', () => {
  const hunk = '@@ -305,10 +305,22 @@ out_rcu:';
  const lines = [lineOf(314, { hunk, at: 312, counts: [[1, 2]] }), lineOf(316, { hunk, at: 314 })];
  const files = [fileOf({ path: PATH, lines })];

  /** The patches of the shipped series, by their mails. */
  function seriesOf(version: string, mails: (n: number) => string): CoverageRecord['series'] {
    const { series } = coverageRecord();
    const patches = [1, 2, 3, 4].map((n) => ({
      ...{ subject: `${n}`, patchId: '', commit: '', messageId: mails(n) },
    }));
    return { ...series, version, patches };
  }

  it('has the coverage of the version it shows', async () => {
    keep(A, { files, series: seriesOf('v1', (n) => `20261122-vsock-rx-buffers-v1-${n}@example.org`) });
    const { stdout, status, stderr } = await world.respin('review', 'show', 'v1', '--series', SHIPPED);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`    ${hunk}\n      ran 1 of 2 added lines: never 314\n`);
    expect(stdout).toContain(A);
    const json = await world.respin('review', 'show', 'v1', '--series', SHIPPED, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      coverage: {
        record: A,
        hunks: [{ patch: 1, file: PATH, hunk, code: 2, ran: 1, never: [314], notBuilt: 0 }],
      },
    });
  });

  it('has not that of another version, whatever its name', async () => {
    keep(A, { files, series: seriesOf('v1', (n) => `20261123-vsock-rx-buffers-v1-${n}@example.org`) });
    const { stdout } = await world.respin('review', 'show', 'v1', '--series', SHIPPED);
    expect(stdout).not.toMatch(/coverage|ran 1/);
  });
});
