// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import { findQemu, provideQemu, qemuEnv } from './qemu.ts';
import { fetchQemu } from './qemu-apt.ts';

let folder: string;
let bin: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-qemu-'));
  bin = path.join(folder, 'bin');
  await mkdir(bin);
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  vi.stubEnv('RESPIN_QEMU', '');
  vi.stubEnv('PATH', bin);
  // What the fakes, the lock and the guard use; QEMU and apt are to be the fakes alone.
  for (const tool of ['sh', 'setsid', 'sleep', 'cat', 'flock', 'mkdir', 'cp', 'chmod', 'touch']) {
    const real = ['/usr/bin', '/bin'].map((dir) => path.join(dir, tool));
    await symlink(real[0] ?? '', path.join(bin, tool));
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function script(file: string, body: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
}

function fakeQemu(file: string, version: string): Promise<string> {
  return script(
    file,
    `case $1 in --version) echo "QEMU emulator version ${version} (Debian)" ;; -L) echo ${folder} ;; esac`,
  );
}

const system = (version: string): Promise<string> => fakeQemu(path.join(bin, 'qemu-system-x86_64'), version);
const cached = (name: string, version: string): Promise<string> =>
  fakeQemu(path.join(folder, 'cache/respin/qemu', name, 'usr/bin/qemu-system-x86_64'), version);

const noNested = { nestedKvm: () => false };

async function follow<T>(steps: Steps<T>): Promise<{ events: RespinEvent[]; result: T | RespinError }> {
  const events: RespinEvent[] = [];
  try {
    for (;;) {
      const next = await steps.next();
      if (next.done) return { events, result: next.value };
      events.push(next.value);
    }
  } catch (error) {
    if (error instanceof RespinError) return { events, result: error };
    throw error;
  }
}

describe('findQemu', () => {
  it('gives null where there is none', async () => {
    expect(await findQemu(noNested)).toBeNull();
  });

  it('takes a good one of the system before the cache', async () => {
    const binary = await system('10.0.3');
    await cached('10.0.2+ds-2', '10.0.2');
    expect(await findQemu(noNested)).toEqual({
      binary,
      version: '10.0.3',
      libraryPath: [],
      dataDirs: [folder],
      origin: 'system',
      root: null,
    });
  });

  it('takes the cache before an old one of the system, the newest first', async () => {
    await system('7.2.17');
    await cached('10.0.2+ds-2', '10.0.2');
    await cached('10.0.10+ds-1', '10.0.10');
    expect(await findQemu(noNested)).toMatchObject({ version: '10.0.10', origin: 'cache' });
  });

  it('is content with an old one of the system where KVM nests', async () => {
    await system('7.2.17');
    await cached('10.0.2+ds-2', '10.0.2');
    expect(await findQemu({ nestedKvm: () => true })).toMatchObject({ version: '7.2.17', origin: 'system' });
  });

  it('passes over one in the cache that does not run, a half-made one and a lock', async () => {
    await system('7.2.17');
    await script(path.join(folder, 'cache/respin/qemu/10.0.9/usr/bin/qemu-system-x86_64'), 'exit 127');
    await cached('10.0.8.half-77', '10.0.8');
    await writeFile(path.join(folder, 'cache/respin/qemu/10.0.9.lock'), '');
    expect(await findQemu(noNested)).toMatchObject({ version: '7.2.17', origin: 'system' });
  });

  it('takes the one that was named before all, and refuses one that is none', async () => {
    await system('10.0.3');
    const own = await fakeQemu(path.join(folder, 'own/qemu'), '9.0.0');
    vi.stubEnv('RESPIN_QEMU', own);
    expect(await findQemu(noNested)).toMatchObject({ binary: own, version: '9.0.0', origin: 'RESPIN_QEMU' });
    expect(await findQemu({ ...noNested, setting: null })).toMatchObject({ origin: 'system' });
    const wrong = await script(path.join(folder, 'own/wrong'), 'echo hello');
    for (const setting of [wrong, path.join(folder, 'nothing'), folder]) {
      await expect(findQemu({ ...noNested, setting })).rejects.toMatchObject({
        code: 'QEMU_MISSING',
        blame: 'machine',
        message: expect.stringContaining(setting),
      });
    }
  });

  it('gives a cached one the libraries unpacked beside it', async () => {
    await cached('10.0.2', '10.0.2');
    const library = path.join(folder, 'cache/respin/qemu/10.0.2/usr/lib/x86_64-linux-gnu');
    await mkdir(library, { recursive: true });
    const qemu = await findQemu(noNested);
    expect(qemu?.libraryPath).toEqual([library]);
    expect(qemuEnv(qemu ?? { libraryPath: [] })).toEqual({ LD_LIBRARY_PATH: library });
  });
});

describe('provideQemu', () => {
  it('says nothing when a good one is there', async () => {
    await system('10.0.3');
    const { events, result } = await follow(provideQemu(noNested));
    expect(events).toEqual([]);
    expect(result).toMatchObject({ version: '10.0.3' });
  });

  it('downloads one where there is none', async () => {
    const fetch = async (): Promise<string> => {
      await cached('10.0.2', '10.0.2');
      return path.join(folder, 'cache/respin/qemu/10.0.2');
    };
    const { events, result } = await follow(provideQemu({ ...noNested, fetch }));
    expect(events.map((event) => event.type)).toEqual(['stage', 'stage-end']);
    expect(events[1]).toMatchObject({ outcome: 'done', detail: 'QEMU 10.0.2' });
    expect(result).toMatchObject({ version: '10.0.2', origin: 'cache' });
  });

  const refused = async (): Promise<string> => {
    throw new RespinError({
      code: 'QEMU_MISSING',
      blame: 'machine',
      message: 'apt-get update failed',
      detail: 'E: no route',
    });
  };

  it('goes on with an old one, warning, when no better can be had', async () => {
    await system('7.2.17');
    const { events, result } = await follow(provideQemu({ ...noNested, fetch: refused }));
    expect(result).toMatchObject({ version: '7.2.17', origin: 'system' });
    expect(events.at(-1)).toMatchObject({
      type: 'note',
      level: 'warning',
      text: expect.stringMatching(/7\.2\.17.*apt-get update failed/),
    });
  });

  it('blames the machine when there is none at all', async () => {
    const { events, result } = await follow(provideQemu({ ...noNested, fetch: refused }));
    expect(result).toMatchObject({ code: 'QEMU_MISSING', blame: 'machine', detail: 'E: no route' });
    expect(result).toHaveProperty('hint');
    expect(events.at(-1)).toMatchObject({ type: 'stage-end', outcome: 'failed' });
  });

  it('does not hide a full disk or an interrupt behind an old one', async () => {
    await system('7.2.17');
    for (const [code, blame] of [
      ['NO_SPACE', 'machine'],
      ['INTERRUPTED', 'interrupted'],
    ] as const) {
      const fetch = async (): Promise<string> => {
        throw new RespinError({ code, blame, message: code });
      };
      expect((await follow(provideQemu({ ...noNested, fetch }))).result).toMatchObject({ code });
    }
  });
});

describe('fetchQemu', () => {
  const offers = ` qemu-system-x86 | 1:10.0.2+ds-2~bpo12+1 | http://a.example.org/debian bookworm-backports/main amd64 Packages
 qemu-system-x86 | 1:7.2+dfsg-7 | http://a.example.org/debian bookworm/main amd64 Packages`;

  async function fakeApt(printed: string): Promise<string> {
    const osRelease = path.join(folder, 'os-release');
    await writeFile(osRelease, 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n');
    await fakeQemu(path.join(folder, 'packed'), '10.0.2');
    const apt = path.join(folder, 'cache/respin/qemu-apt');
    await script(
      path.join(bin, 'apt-get'),
      `echo "$*" >>${folder}/calls
case "$*" in
*indextargets*) echo 'Debian|Debian|bookworm|main|Packages|http://a.example.org/debian/|/k.gpg' ;;
*update*) cp ${apt}/sources.list ${folder}/sources ;;
*install*) touch ${apt}/cache/archives/one.deb; echo dlstatus:1:50.2:Retrieving; echo dlstatus:1:50.9:Retrieving ;;
esac`,
    );
    await script(path.join(bin, 'apt-cache'), `cat <<'X'\n${printed}\nX`);
    await script(
      path.join(bin, 'dpkg-deb'),
      `mkdir -p "$3/usr/bin"; cp ${folder}/packed "$3/usr/bin/qemu-system-x86_64"`,
    );
    return osRelease;
  }

  it('takes the newer one of the backports, from this machine’s own archive', async () => {
    const osRelease = await fakeApt(offers);
    const events: RespinEvent[] = [];
    const root = await fetchQemu({ osRelease, emit: (event) => events.push(event) });
    expect(path.basename(root)).toBe('10.0.2+ds-2~bpo12+1');
    expect(await findQemu(noNested)).toMatchObject({ version: '10.0.2', origin: 'cache', root });
    expect(existsSync(path.join(folder, 'cache/respin/qemu-apt'))).toBe(false);
    expect(await readFile(path.join(folder, 'sources'), 'utf8')).toBe(
      'deb [signed-by=/k.gpg] http://a.example.org/debian/ bookworm main\n' +
        'deb [signed-by=/k.gpg] http://a.example.org/debian/ bookworm-backports main\n',
    );
    expect(await readFile(path.join(folder, 'calls'), 'utf8')).toMatch(
      /--download-only -t bookworm-backports install qemu-system-x86$/m,
    );
    expect(events.filter((event) => event.type === 'progress' && event.unit === '%')).toHaveLength(1);
  });

  it('says so when the archive has only an old one, and leaves nothing half-made', async () => {
    const osRelease = await fakeApt(offers.split('\n')[1] ?? '');
    await expect(fetchQemu({ osRelease })).rejects.toMatchObject({
      code: 'QEMU_MISSING',
      message: 'bookworm and bookworm-backports have no QEMU of version 10 or later',
    });
    expect(await findQemu(noNested)).toBeNull();
  });

  it('names the step of apt that failed, and shows what it said', async () => {
    const osRelease = await fakeApt(offers);
    await script(
      path.join(bin, 'apt-get'),
      `case "$*" in *indextargets*) echo 'Debian|Debian|bookworm|main|Packages|http://a/|' ;; *) echo 'E: no route' >&2; exit 100 ;; esac`,
    );
    await expect(fetchQemu({ osRelease })).rejects.toMatchObject({
      code: 'QEMU_MISSING',
      blame: 'machine',
      message: 'apt-get update failed',
      detail: 'E: no route',
    });
  });

  it('knows a system that is no Debian', async () => {
    await expect(fetchQemu({ osRelease: path.join(folder, 'none') })).rejects.toMatchObject({
      code: 'QEMU_MISSING',
      message: expect.stringContaining('not a Debian'),
    });
  });
});
