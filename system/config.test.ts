// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RespinError } from '../core/errors.ts';
import { loadSettings } from './config.ts';

let folder: string;
let project: string;
let deep: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-config-'));
  project = path.join(folder, 'project');
  deep = path.join(project, 'a/b');
  await mkdir(deep, { recursive: true });
  await mkdir(path.join(folder, 'xdg/respin'), { recursive: true });
  vi.stubEnv('XDG_CONFIG_HOME', path.join(folder, 'xdg'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const projectFile = (): string => path.join(project, 'respin.toml');
const userFile = (): string => path.join(folder, 'xdg/respin/config.toml');

async function failure(env: NodeJS.ProcessEnv = {}): Promise<RespinError> {
  return (await loadSettings({ cwd: deep, env }).then(
    () => expect.fail('expected an error'),
    (error: unknown) => error,
  )) as RespinError;
}

describe('loadSettings', () => {
  it('has defaults', async () => {
    const { settings, origins } = await loadSettings({ cwd: deep, env: {} });
    expect(settings).toMatchObject({
      tree: 'debian:linux-source-6.12',
      mode: 'auto',
      qemu: null,
      ccache: true,
    });
    expect(settings.jobs).toBeGreaterThanOrEqual(1);
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  it('takes net-next as a word, as days, or as a file beside the one that names it', async () => {
    const of = async (value: string) => {
      await writeFile(projectFile(), `net-next = ${JSON.stringify(value)}\n`);
      return (await loadSettings({ cwd: deep, env: {} })).settings.netNext;
    };
    expect(await of('closed')).toBe('closed');
    expect(await of('2026-12-07..2026-12-20')).toBe('2026-12-07..2026-12-20');
    expect(await of('net-next.html')).toBe(path.join(project, 'net-next.html'));
    expect((await loadSettings({ cwd: deep, env: {}, flags: { netNext: 'x' } })).settings.netNext).toBe(
      path.join(deep, 'x'),
    );
  });

  it('puts flags over environment over project over user, and tells which', async () => {
    await writeFile(projectFile(), 'tree = "project"\njobs = 3\nkeep-runs = 5\n');
    await writeFile(userFile(), 'tree = "user"\njobs = 4\nkeep-runs = 6\nstep-timeout = 30\n');
    const { settings, origins } = await loadSettings({
      cwd: deep,
      env: { RESPIN_TREE: 'environment', RESPIN_JOBS: '2', RESPIN_MODE: '' },
      flags: { tree: 'flag' },
    });
    expect(settings).toMatchObject({ tree: 'flag', jobs: 2, keepRuns: 5, stepTimeout: 30, mode: 'auto' });
    expect(origins).toMatchObject({
      tree: 'flag',
      jobs: 'environment RESPIN_JOBS',
      keepRuns: projectFile(),
      stepTimeout: userFile(),
      mode: 'default',
    });
  });

  it('takes a path in a file from the folder of that file', async () => {
    await writeFile(projectFile(), 'qemu = "tools/qemu"\ntree = "git:../linux#v6.12"\n');
    const { settings } = await loadSettings({ cwd: deep, env: {} });
    expect(settings.qemu).toBe(path.join(project, 'tools/qemu'));
    expect(settings.tree).toBe(`git:${path.join(project, '../linux')}#v6.12`);
  });

  it('names file and key of an unknown setting, with the nearest one', async () => {
    await writeFile(projectFile(), 'keep-run = 3\n');
    const error = await failure();
    expect(error).toMatchObject({ code: 'UNKNOWN_SETTING', blame: 'usage', hint: 'did you mean keep-runs?' });
    expect(error.message).toContain(projectFile());
    expect(error.message).toContain("'keep-run'");
  });

  it.each([
    ['jobs = "two"', 'jobs'],
    ['jobs = 0', 'jobs'],
    ['jobs = 1.5', 'jobs'],
    ['mode = "fast"', 'mode'],
    ['ccache = "yes"', 'ccache'],
    ['tree = 6', 'tree'],
    ['[step-timeout]\na = 1', 'step-timeout'],
  ])('refuses %s', async (source, key) => {
    await writeFile(projectFile(), `${source}\n`);
    const error = await failure();
    expect(error).toMatchObject({ code: 'BAD_SETTING', blame: 'usage' });
    expect(error.message).toContain(`${projectFile()}: ${key} cannot be`);
  });

  it('refuses a bad value even where a better layer overrides it', async () => {
    await writeFile(userFile(), 'jobs = "two"\n');
    expect(await failure({ RESPIN_JOBS: '2' })).toMatchObject({ code: 'BAD_SETTING' });
  });

  it('refuses a bad variable, naming it', async () => {
    expect((await failure({ RESPIN_JOBS: '2x' })).message).toContain('environment RESPIN_JOBS');
  });

  it('says what is wrong with a file that is not TOML', async () => {
    await writeFile(projectFile(), 'tree = \n');
    const error = await failure();
    expect(error).toMatchObject({ code: 'BAD_CONFIG', blame: 'usage' });
    expect(error.message).toContain(projectFile());
  });

  it('reads yes and no from the environment', async () => {
    expect((await loadSettings({ cwd: deep, env: { RESPIN_CCACHE: '0' } })).settings.ccache).toBe(false);
    expect(await failure({ RESPIN_CCACHE: 'maybe' })).toMatchObject({ code: 'BAD_SETTING' });
  });
});

it('a tree that is a URL or an absolute path stays as it is', async () => {
  for (const tree of ['git:https://example.org/linux#v6', 'git:me@example.org:linux#v6', 'tar:/x.tar.xz']) {
    const { settings } = await loadSettings({ cwd: '/', env: {}, flags: { tree } });
    expect(settings.tree).toBe(tree);
  }
});
