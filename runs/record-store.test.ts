// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunRecord } from '../core/run.ts';
import { RUN_RECORDS } from './record.ts';
import type { RecordDisk } from './record-store.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../test/fixtures/reports/fail.json');
const sample = JSON.parse(readFileSync(SAMPLE, 'utf8')) as RunRecord;

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'respin-record-'));
  vi.stubEnv('XDG_STATE_HOME', path.join(home, 'state'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(home, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

/** A finished run, begun at a second of its own. */
async function finished(second: number, series = 'demo'): Promise<string> {
  const now = new Date(Date.UTC(2026, 10, 22, 11, 15, second));
  const open = await RUN_RECORDS.open(series, { now });
  await open.finish({ ...sample, started: now.toISOString() });
  return open.id;
}

describe('a record', () => {
  it('holds files and logs, and run.json at its end', async () => {
    const open = await RUN_RECORDS.open('Vsock/RX buffers!', { now: new Date('2026-11-22T11:15:00Z') });
    expect(open.id).toMatch(/^20261122-111500-vsock-rx-buffers-[0-9a-f]{4}$/);
    await open.addFile('logs/plan.txt', 'plan\n');
    const log = open.log('logs/host.console.log');
    log.write('one\r\n');
    log.write(Uint8Array.from([0x74, 0x77, 0x6f, 0xff]));
    // What was written is there before anyone closes it.
    expect(readFileSync(path.join(open.dir, 'logs/host.console.log'), 'latin1')).toBe('one\r\ntwo\xff');
    expect(existsSync(path.join(open.dir, 'run.json'))).toBe(false);
    await open.finish(sample);
    const { dir, record } = await RUN_RECORDS.load(open.id);
    expect(dir).toBe(open.dir);
    expect(record).toEqual({ ...sample, id: open.id });
    expect((await readdir(open.dir)).sort()).toEqual(['logs', 'run.json']);
  });

  it('a log may lie in folders of its own', async () => {
    const open = await RUN_RECORDS.open('demo');
    open.log('logs/one/boot-1-host.log').write('x');
    await open.finish(sample);
    expect(readFileSync(path.join(open.dir, 'logs/one/boot-1-host.log'), 'utf8')).toBe('x');
  });

  it('is not written after its end', async () => {
    const open = await RUN_RECORDS.open('demo');
    await open.finish(sample);
    await expect(open.addFile('late.txt', '')).rejects.toThrow('has ended');
    await expect(open.finish(sample)).rejects.toThrow('has ended');
    expect(() => open.log('late.log')).toThrow('has ended');
  });

  it('a log is not written after the end either', async () => {
    for (const end of ['finish', 'abandon'] as const) {
      const open = await RUN_RECORDS.open('demo');
      const log = open.log('a.log');
      log.write('in time');
      await open[end](sample);
      log.write('late');
      log.close();
      expect(readFileSync(path.join(open.dir, 'a.log'), 'utf8')).toBe('in time');
    }
  });

  it('a log that was closed goes on when it is asked for again', async () => {
    const open = await RUN_RECORDS.open('demo');
    const log = open.log('a.log');
    log.write('1');
    log.close();
    open.log('a.log').write('2');
    await open.finish(sample);
    expect(readFileSync(path.join(open.dir, 'a.log'), 'utf8')).toBe('12');
  });

  it.each(['../x', '/etc/passwd', 'run.json', 'logs/../run.json', '.', ''])(
    'has no file %j',
    async (name) => {
      const open = await RUN_RECORDS.open('demo');
      await expect(open.addFile(name, '')).rejects.toThrow('not a file name');
      expect(() => open.log(name)).toThrow('not a file name');
      await open.abandon();
    },
  );

  it('many in one second have an id each', async () => {
    const now = new Date('2026-11-22T11:15:00Z');
    const open = await Promise.all(Array.from({ length: 20 }, () => RUN_RECORDS.open('demo', { now })));
    expect(new Set(open.map((one) => one.id)).size).toBe(20);
    await Promise.all(open.map((one) => one.abandon()));
  });
});

describe('when things go wrong', () => {
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };

  it('a full disk while a log is written is told at the end, and blames the machine', async () => {
    let room = 1;
    const disk: RecordDisk = {
      writeWhole: async () => {},
      append: () => {
        if (room-- <= 0) full();
      },
    };
    const open = await RUN_RECORDS.open('demo', { disk });
    const log = open.log('logs/a.log');
    log.write('fits');
    log.write('does not');
    log.write('would again');
    await expect(open.finish(sample)).rejects.toMatchObject({ code: 'NO_SPACE', blame: 'machine' });
    expect(existsSync(path.join(open.dir, 'run.json'))).toBe(false);
    await open.abandon();
    expect(await RUN_RECORDS.list()).toMatchObject([{ id: open.id, state: 'unfinished' }]);
  });

  it('a full disk for run.json leaves an unfinished run', async () => {
    const { fileTrouble } = await import('../system/whole.ts');
    const disk: RecordDisk = {
      append: () => {},
      writeWhole: async (file) => {
        try {
          full();
        } catch (cause) {
          throw fileTrouble(cause, file);
        }
      },
    };
    const open = await RUN_RECORDS.open('demo', { disk });
    await expect(open.finish(sample)).rejects.toMatchObject({ code: 'NO_SPACE' });
    await open.abandon();
    await expect(RUN_RECORDS.load(open.id)).rejects.toMatchObject({ code: 'RUN_UNFINISHED' });
  });

  it('a run that goes on is running; killed, it is unfinished and keeps its log', async () => {
    const module = JSON.stringify(path.resolve(import.meta.dirname, 'record.ts'));
    const code = `const { RUN_RECORDS } = await import(${module});
      const open = await RUN_RECORDS.open('demo');
      open.log('logs/a.log').write('so far');
      console.log(open.id);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const id = await new Promise<string>((resolve) => {
        child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk).trim()));
      });
      expect(await RUN_RECORDS.list()).toMatchObject([{ id, state: 'running' }]);
      expect(await RUN_RECORDS.prune(0)).toEqual([]);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await vi.waitFor(
        async () => expect(await RUN_RECORDS.list()).toMatchObject([{ id, state: 'unfinished' }]),
        {
          timeout: 20_000,
        },
      );
      expect(readFileSync(path.join(RUN_RECORDS.dir, id, 'logs/a.log'), 'utf8')).toBe('so far');
      await expect(RUN_RECORDS.load(id)).rejects.toMatchObject({ code: 'RUN_UNFINISHED', blame: 'usage' });
      await expect(RUN_RECORDS.load('last')).rejects.toMatchObject({ code: 'NO_SUCH_RUN' });
      expect(await RUN_RECORDS.prune(0)).toEqual([id]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    ['', /not JSON/],
    ['{"schema":"respin.run/1","id":', /not JSON/],
    ['{"schema":"respin.run/9"}', /has the schema respin\.run\/9; this respin reads respin\.run\/1/],
    ['[]', /run\.json: /],
    [JSON.stringify({ ...sample, verdict: 'maybe' }), /run\.json: verdict: /],
    [JSON.stringify({ ...sample, suites: [{}] }), /run\.json: suites\.0\.program: /],
  ])('a damaged run.json is named, the others are listed: %j', async (json, why) => {
    const good = await finished(1);
    const bad = await finished(2);
    writeFileSync(path.join(RUN_RECORDS.dir, bad, 'run.json'), json);
    const [first, second] = await RUN_RECORDS.list();
    expect(first).toMatchObject({ id: bad, state: 'damaged', record: null });
    expect(first?.trouble).toMatch(why);
    expect(second).toMatchObject({ id: good, state: 'finished' });
    await expect(RUN_RECORDS.load(bad)).rejects.toMatchObject({ code: 'RECORD_DAMAGED', blame: 'machine' });
    expect((await RUN_RECORDS.load('last')).record.id).toBe(good);
  });

  it('a run.json that cannot be read says why', async () => {
    const id = await finished(1);
    await rm(path.join(RUN_RECORDS.dir, id, 'run.json'));
    await mkdir(path.join(RUN_RECORDS.dir, id, 'run.json'));
    expect(await RUN_RECORDS.list()).toMatchObject([
      { state: 'damaged', trouble: 'run.json cannot be read: EISDIR' },
    ]);
  });

  it('a record of a later respin keeps the fields this one does not know', async () => {
    const id = await finished(1);
    writeFileSync(path.join(RUN_RECORDS.dir, id, 'run.json'), JSON.stringify({ ...sample, id, later: 1 }));
    expect((await RUN_RECORDS.load(id)).record).toMatchObject({ later: 1 });
  });
});

describe('finding and removing', () => {
  it('no runs at all', async () => {
    expect(await RUN_RECORDS.list()).toEqual([]);
    await expect(RUN_RECORDS.load('last')).rejects.toMatchObject({ code: 'NO_SUCH_RUN', blame: 'usage' });
  });

  it('newest first; by id, by its beginning, by last', async () => {
    const ids = [await finished(3), await finished(1), await finished(2)];
    expect((await RUN_RECORDS.list()).map((one) => one.id)).toEqual([...ids].sort().reverse());
    expect((await RUN_RECORDS.load('last')).record.id).toBe(ids[0]);
    expect((await RUN_RECORDS.load('20261122-111501')).record.id).toBe(ids[1]);
    await expect(RUN_RECORDS.load('20261122')).rejects.toMatchObject({
      code: 'AMBIGUOUS_RUN',
      blame: 'usage',
    });
    for (const none of ['', '2027', '../runs', '.'])
      await expect(RUN_RECORDS.load(none)).rejects.toMatchObject({ code: 'NO_SUCH_RUN' });
  });

  it('those of some cases push no other out', async () => {
    const whole = await finished(1);
    const parts: string[] = [];
    for (let second = 2; second < 6; second++) {
      const now = new Date(Date.UTC(2026, 10, 22, 11, 15, second));
      const open = await RUN_RECORDS.open('demo', { now });
      await open.finish({
        ...sample,
        started: now.toISOString(),
        part: { cases: ['vsock_test:1'], times: 9 },
      });
      parts.push(open.id);
    }
    expect(await RUN_RECORDS.prune(2)).toEqual([parts[1], parts[0]]);
    expect((await RUN_RECORDS.list()).map(({ id }) => id)).toEqual([parts[3], parts[2], whole]);
  });

  it('is read once, and again when somebody has written it', async () => {
    const id = await finished(1);
    const [first] = await RUN_RECORDS.list();
    expect((await RUN_RECORDS.list())[0]?.record).toBe(first?.record);
    const file = path.join(RUN_RECORDS.dir, id, 'run.json');
    writeFileSync(file, JSON.stringify({ ...sample, id, why: 'edited' }));
    expect((await RUN_RECORDS.load('last')).record.why).toBe('edited');
    writeFileSync(file, '{');
    expect(await RUN_RECORDS.list()).toMatchObject([{ state: 'damaged', record: null }]);
    await rm(path.dirname(file), { recursive: true });
    expect(await RUN_RECORDS.list()).toEqual([]);
  });

  it('keeps the newest, and clears away what a killed prune left', async () => {
    const ids = [await finished(1), await finished(2), await finished(3)];
    await rm(path.join(RUN_RECORDS.dir, '.gone-x'), { recursive: true, force: true });
    writeFileSync(path.join(RUN_RECORDS.dir, '.gone-x'), '');
    expect(await RUN_RECORDS.prune(2)).toEqual([ids[0]]);
    expect((await readdir(RUN_RECORDS.dir)).sort()).toEqual([ids[1], ids[2]]);
    await expect(RUN_RECORDS.prune(-1)).rejects.toThrow(RangeError);
  });
});
