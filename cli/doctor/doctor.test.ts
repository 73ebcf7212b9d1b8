// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { RespinError } from '../../core/errors.ts';
import { readPackages } from '../../system/packages.ts';
import type { Qemu } from '../../tools/build-vm/qemu.ts';
import { type Fact, type FactState, runIsPossible } from './fact.ts';
import type { Machine } from './machine.ts';
import { resourceFacts } from './resources.ts';
import { toolFacts } from './tools.ts';
import { vmFacts } from './vm.ts';

const GIB = 1024 ** 3;

/** What the programs of a Debian 12 print. */
const PRINTED: Record<string, string> = {
  git: 'git version 2.39.5\n',
  gcc: '12.2.0\n',
  make: 'GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu\n',
  flex: 'flex 2.6.4\n',
  bison: 'bison (GNU Bison) 3.8.2\nWritten by Robert Corbett and Richard Stallman.\n',
  bc: 'bc 1.07.1\nCopyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, Inc.\n',
  xz: 'xz (XZ Utils) 5.4.1\nliblzma 5.4.1\n',
  busybox: 'BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n',
  ccache: 'ccache version 4.7.5\nFeatures: file-storage http-storage redis-storage\n',
  bzip2: 'bzip2, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019.\n',
  zstd: '*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***\n',
  perl: '\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64-linux-gnu-thread-multi\n',
  codespell: '2.2.2\n',
  sparse: '0.6.4 (Debian: 0.6.4-3)\n',
  spatch: 'spatch version 1.1.1 compiled with OCaml version 4.13.1\n',
  flock: 'flock from util-linux 2.38.1\n',
  tar: 'tar (GNU tar) 1.34\n',
  'apt-get': 'apt 2.6.1 (amd64)\n',
};
const FILES = ['/usr/lib/x86_64-linux-gnu/libc.a', '/usr/include/libelf.h', '/usr/include/liburing.h'];

const QEMU: Qemu = {
  binary: '/cache/qemu/10.0.2/usr/bin/qemu-system-x86_64',
  version: '10.0.2',
  libraryPath: [],
  dataDirs: [],
  origin: 'cache',
  root: '/cache/qemu/10.0.2',
};

interface Fake extends Partial<Machine> {
  /** Programs that print something else; null: not there. */
  printed?: Record<string, string | null>;
  files?: Record<string, string>;
}

function fake(other: Fake = {}): Machine {
  const files: Record<string, string> = {
    ...Object.fromEntries(FILES.map((file) => [file, ''])),
    ...other.files,
  };
  const printed: Record<string, string | null> = { ...PRINTED, ...other.printed };
  return {
    arch: 'x64',
    nodeVersion: '24.21.0',
    cores: 2,
    memory: async () => 8 * GIB,
    cache: async () => ({ folder: '/home/x/.cache/respin', free: 50 * GIB }),
    ask: async (command) => printed[command] ?? null,
    read: async (file) => files[file] ?? null,
    exists: (file) => file in files,
    openable: (file) => file in files,
    qemu: async () => QEMU,
    vmMode: async () => ({ mode: 'tcg+svm', reason: 'no /dev/kvm', proven: false }),
    ...other,
  };
}

async function facts(machine: Machine): Promise<Fact[]> {
  return [
    ...(await resourceFacts(machine)),
    ...(await toolFacts(machine, await readPackages())),
    ...(await vmFacts(machine)),
  ];
}

async function fact(name: string, machine: Machine): Promise<Fact> {
  const found = (await facts(machine)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no fact ${name}`);
  return found;
}

describe('a machine with everything but KVM', () => {
  it('can run, and every fact says why it matters', async () => {
    const all = await facts(fake());
    expect(runIsPossible(all)).toBe(true);
    expect(all.filter((one) => one.state !== 'ok').map((one) => one.name)).toEqual([
      '/dev/kvm',
      'nested KVM',
      'VM mode',
    ]);
    expect(all.every((one) => one.why.length > 5)).toBe(true);
    expect(new Set(all.map((one) => one.name)).size).toBe(all.length);
  });

  it('shows the versions the programs print', async () => {
    const found = Object.fromEntries((await facts(fake())).map((one) => [one.name, one.found]));
    expect(found).toMatchObject({
      git: '2.39.5',
      gcc: '12.2.0',
      make: '4.3',
      bison: '3.8.2',
      bc: '1.07.1',
      xz: '5.4.1',
      busybox: '1.35.0',
      bzip2: '1.0.8',
      zstd: '1.5.4',
      flock: '2.38.1',
      apt: '2.6.1',
      qemu: '10.0.2, from the cache',
    });
  });
});

describe('every required package', () => {
  it('has a fact that says how to get it when it is missing', async () => {
    const all = await facts(
      fake({
        printed: Object.fromEntries(Object.keys(PRINTED).map((name) => [name, null])),
        files: {},
        exists: () => false,
      }),
    );
    for (const need of await readPackages()) {
      // QEMU has words of its own: not every release should install the package.
      if (need.name === 'qemu-system-x86') continue;
      const told = all.find((one) => one.why.endsWith(`install ${need.name}`));
      expect(told, need.name).toMatchObject({ state: 'missing', required: need.required });
    }
    expect(runIsPossible(all)).toBe(false);
  });
});

describe('what keeps a run from being possible', () => {
  it.each<[string, string, FactState, boolean, Fake]>([
    ['flex missing', 'flex', 'missing', false, { printed: { flex: null } }],
    ['gcc too old', 'gcc', 'old', false, { printed: { gcc: '5.4.0\n' } }],
    ['git far newer', 'git', 'ok', true, { printed: { git: 'git version 3.1.0\n' } }],
    ['ccache missing', 'ccache', 'missing', true, { printed: { ccache: null } }],
    ['Node too old', 'node', 'old', false, { nodeVersion: '20.20.2' }],
    ['another architecture', 'architecture', 'missing', false, { arch: 'arm64' }],
    ['one core', 'cores', 'old', true, { cores: 1 }],
    ['2 GiB of memory', 'memory', 'missing', false, { memory: async () => 2 * GIB }],
    ['a 4 GiB machine, less the kernel', 'memory', 'ok', true, { memory: async () => 3.83 * GIB }],
    ['5 GiB of disk', 'disk', 'missing', true, { cache: async () => ({ folder: '/c', free: 5 * GIB }) }],
    ['a full disk', 'disk', 'missing', false, { cache: async () => ({ folder: '/c', free: 0.1 * GIB }) }],
    ['no QEMU yet', 'qemu', 'unknown', true, { qemu: async () => null }],
    [
      'no QEMU and no apt',
      'qemu',
      'missing',
      false,
      { qemu: async () => null, printed: { 'apt-get': null } },
    ],
    [
      'an old QEMU',
      'qemu',
      'old',
      true,
      { qemu: async () => ({ ...QEMU, version: '7.2.17', origin: 'system' }) },
    ],
  ])('%s: %s is %s, possible: %s', async (_, name, state, possible, other) => {
    const machine = fake(other);
    expect(await fact(name, machine)).toMatchObject({ state });
    expect(runIsPossible(await facts(machine))).toBe(possible);
  });

  it('a busybox that needs libraries', async () => {
    const machine = fake({ printed: { sh: '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n' } });
    expect(await fact('static busybox', machine)).toMatchObject({ state: 'missing', required: true });
  });

  it('a QEMU that was named and does not run', async () => {
    const machine = fake({
      qemu: async () => {
        throw new RespinError({ code: 'QEMU_MISSING', blame: 'machine', message: '/x does not run' });
      },
    });
    expect(await fact('qemu', machine)).toMatchObject({
      state: 'missing',
      required: true,
      why: '/x does not run',
    });
  });
});

describe('KVM', () => {
  const kvm = { '/dev/kvm': '' };

  it('that may not be opened says what to do', async () => {
    const machine = fake({ files: kvm, openable: () => false });
    expect(await fact('/dev/kvm', machine)).toMatchObject({ state: 'missing', found: 'may not be opened' });
  });

  it('that opens is not called working', async () => {
    expect((await fact('/dev/kvm', fake({ files: kvm }))).why).toContain('only a boot can tell');
  });

  it.each<[string, string, FactState]>([
    ['kvm_intel', 'Y\n', 'ok'],
    ['kvm_amd', '1\n', 'ok'],
    ['kvm_intel', 'N\n', 'missing'],
  ])('%s with nested=%j is %s', async (module, value, state) => {
    const machine = fake({ files: { ...kvm, [`/sys/module/${module}/parameters/nested`]: value } });
    expect(await fact('nested KVM', machine)).toMatchObject({ state });
  });

  it('makes an old QEMU good enough when it nests', async () => {
    const files = { ...kvm, '/sys/module/kvm_intel/parameters/nested': 'Y\n' };
    const machine = fake({ files, qemu: async () => ({ ...QEMU, version: '7.2.17' }) });
    expect(await fact('qemu', machine)).toMatchObject({ state: 'ok' });
  });
});

describe('the VM mode', () => {
  it('is not called probed before a kernel ran in it', async () => {
    expect(await fact('VM mode', fake())).toMatchObject({
      state: 'unknown',
      found: 'tcg+svm, not probed yet',
      why: 'no /dev/kvm; respin run probes it by booting',
    });
  });

  it('is the one earlier runs showed to work with this QEMU', async () => {
    const asked: string[] = [];
    const vmMode: Machine['vmMode'] = async (qemu) => {
      asked.push(qemu);
      return { mode: 'kvm+kvm', reason: 'KVM works, nested too', proven: true };
    };
    expect(await fact('VM mode', fake({ vmMode }))).toMatchObject({ state: 'ok', found: 'kvm+kvm' });
    expect(asked).toEqual(['10.0.2']);
  });
});
