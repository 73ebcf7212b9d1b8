// SPDX-License-Identifier: MIT
/** respin matrix, bisect and reproduce without machines: their words, and records that are there already. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MatrixRecord } from '../../core/matrix.ts';
import { column, matrixRecord } from '../../reports/matrix-fixture.ts';
import { projectRoot } from '../../system/paths.ts';
import { expectError, makeWorld, type World } from './world.ts';

const ID = '20261127-000000-demo-00aa';
const series = path.join(projectRoot, 'patches/vsock-rx-buffers/v4');
let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

function keep(record: MatrixRecord = matrixRecord({ id: ID })): void {
  const folder = path.join(world.state, 'respin/matrices', ID);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'matrix.json'), JSON.stringify(record));
}

describe('matrix', () => {
  it('records: none yet, one, and what it holds in every format', async () => {
    expect((await world.respin('matrix', 'list')).stdout).toBe(
      'no matrix yet: respin matrix SERIES runs one\n',
    );
    await expectError(world, ['matrix', 'show'], {
      ...{ code: 'NO_SUCH_RUN', exit: 2, message: 'there is no finished matrix record yet' },
    });
    keep();
    expect((await world.respin('matrix', 'list')).stdout).toContain('v1, v2  2 runs: 1 FAIL, 1 pass');
    const show = async (...more: string[]) => (await world.respin('matrix', 'show', 'last', ...more)).stdout;
    expect(await show()).toMatch(/^v2 {2}pass 31 {2}FAIL 1 of 31 {2}pass 31$/m);
    expect(await show('--format', 'markdown')).toContain('| **v1** | pass 31 | pass 31 | pass 31 |');
    expect(await show('--format', 'junit')).toContain('<testsuite name="v2"');
    expect(JSON.parse(await show('--json'))).toEqual(matrixRecord({ id: ID }));
  });

  it('a damaged record is named, and does not hide the others', async () => {
    keep(matrixRecord({ id: ID, columns: [] }));
    const { stdout } = await world.respin('matrix', 'list');
    expect(stdout).toContain('damaged: matrix.json: cells: one is in no row or no column');
    await expectError(world, ['matrix', 'show', ID], {
      code: 'RECORD_DAMAGED',
      exit: 3,
      message: /no result/,
    });
  });

  it('a table that is too wide for the terminal has a line for each column', async () => {
    const columns = [column('patched', 'patched'), column('base', 'patched'), column('base', 'base')];
    keep(matrixRecord({ id: ID, columns }));
    world.env['COLUMNS'] = '80';
    const { stdout } = await world.respin('matrix', 'show');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(200);
    expect(stdout).toContain('base host, patched guest');
  });

  it('refuses words that fit nothing before it builds anything', async () => {
    const words: [string[], string, RegExp][] = [
      [['matrix', series, '--profiles', 'slow'], 'BAD_OPTION', /slow is not known/],
      [['matrix', series, '--at-once', '0'], 'BAD_OPTION', /not a number from 1/],
      [['matrix', series, '--format', 'xml'], 'BAD_OPTION', /not known/],
      [['matrix', series, '--direction', 'up'], 'BAD_OPTION', /up is not a direction/],
      [['matrix', series, 'more'], 'BAD_ARGUMENT', /more is too much/],
      [['matrix', 'no-such-series'], 'SERIES_UNKNOWN', /no-such-series/],
      [['matrix', 'list', 'x'], 'TOO_MANY_ARGUMENTS', /x/],
    ];
    for (const [args, code, message] of words) await expectError(world, args, { code, exit: 2, message });
    expect(existsSync(path.join(world.state, 'respin/runs'))).toBe(false);
  });

  it('a tree that cannot be had is a cell that could not tell', async () => {
    const words = ['matrix', series, '--trees', 'git:/no/such/clone#HEAD', '--json'];
    const { status, stdout } = await world.respin(...words);
    const record = JSON.parse(stdout) as MatrixRecord;
    expect(record.cells).toMatchObject([{ verdict: 'unknown', error: { code: 'TREE_NO_CLONE' } }]);
    expect(record.exit).toBe(3);
    expect(status).toBe(3);
    const shown = await world.respin('matrix', 'show');
    expect(shown.stdout).toContain('error    TREE_NO_CLONE');
  });
});

describe('bisect', () => {
  it('refuses words that fit nothing', async () => {
    await expectError(world, ['bisect', series, '--case', 'vsock_tset'], {
      ...{ code: 'BAD_OPTION', exit: 2, message: /there is no program vsock_tset/, hint: /vsock_test/ },
    });
    await expectError(world, ['bisect', series, 'more'], { code: 'BAD_ARGUMENT', exit: 2, message: /more/ });
  });
});

describe('reproduce', () => {
  beforeEach(() => {
    Object.assign(world.env, {
      ...{ GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Maya Lind' },
      ...{ GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'maya@example.org' },
    });
  });

  it('asks what, and who answers, before it fetches anything', async () => {
    await expectError(world, ['reproduce'], { code: 'BAD_ARGUMENT', exit: 2, message: /what is to be/ });
    world.env['GIT_CONFIG_COUNT'] = '0';
    await expectError(world, ['reproduce', 'x@example.org'], {
      code: 'NO_IDENTITY',
      exit: 2,
      message: /git/,
    });
  });

  it('a Message-ID is looked up on the list of the setting', async () => {
    world.env['RESPIN_ARCHIVE'] = 'http://127.0.0.1:1/list';
    const { status, stderr } = await world.respin('reproduce', '<nobody@example.org>');
    expect(status).not.toBe(0);
    expect(stderr).toContain('http://127.0.0.1:1/list/nobody@example.org/');
    world.env['RESPIN_ARCHIVE'] = 'nonsense';
    await expectError(world, ['reproduce', 'x@example.org'], {
      code: 'BAD_SETTING',
      exit: 2,
      message: /archive/,
    });
  });

  it('a series of which only facts are here says how to have it', async () => {
    await expectError(world, ['run', 'virtio-vsock-skb'], {
      ...{ code: 'SERIES_NOT_FETCHED', exit: 2, message: /v8 are not here/, hint: /respin reproduce/ },
    });
  });

  it('mails without a patch are no series, and nothing is written', async () => {
    const mbox = path.join(world.folder, 'talk.mbox');
    writeFileSync(
      mbox,
      'From: a@example.org\nSubject: hello\nMessage-ID: <a@example.org>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n\nhi\n',
    );
    const patches = path.join(world.folder, 'mine');
    world.env['RESPIN_PATCHES'] = patches;
    await expectError(world, ['reproduce', mbox], {
      code: 'NOTHING_IMPORTED',
      exit: 2,
      message: /none is a patch/,
    });
    expect(existsSync(patches) ? readdirSync(patches) : []).toEqual([]);
  });
});
