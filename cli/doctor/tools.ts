// SPDX-License-Identifier: MIT
/** Facts about programs and libraries: one line here for each. */
import type { PackageNeed } from '../../system/packages.ts';
import type { Fact } from './fact.ts';
import type { Machine } from './machine.ts';

interface Tool {
  /** The Debian package, as packages.txt names it. */
  package: string;
  name: string;
  /** How to find it: a program that prints its version, or files of which one must be there. */
  command?: [string, ...string[]];
  /** Takes the version out of what was printed; the first number with a dot by default. */
  version?: RegExp;
  files?: string[];
  /** Lowest version, by its numbers. */
  least?: [number, number];
}

const LIBRARY = '/usr/lib/x86_64-linux-gnu';

const TOOLS: readonly Tool[] = [
  { package: 'git', name: 'git', command: ['git', '--version'], least: [2, 30] },
  { package: 'gcc', name: 'gcc', command: ['gcc', '-dumpfullversion'], least: [8, 1] },
  {
    package: 'libc6-dev',
    name: 'static libc',
    files: [`${LIBRARY}/libc.a`, '/usr/lib/libc.a', '/usr/lib64/libc.a'],
  },
  { package: 'make', name: 'make', command: ['make', '--version'], least: [4, 0] },
  { package: 'flex', name: 'flex', command: ['flex', '--version'] },
  { package: 'bison', name: 'bison', command: ['bison', '--version'] },
  { package: 'bc', name: 'bc', command: ['bc', '--version'] },
  { package: 'libelf-dev', name: 'libelf', files: ['/usr/include/libelf.h', '/usr/include/libelf/libelf.h'] },
  { package: 'xz-utils', name: 'xz', command: ['xz', '--version'] },
  // Without an argument busybox lists itself; the static one is the one that runs in a VM.
  { package: 'busybox-static', name: 'busybox', command: ['busybox'], version: /BusyBox v(\S+)/ },
  { package: 'liburing-dev', name: 'liburing', files: ['/usr/include/liburing.h'] },
  { package: 'ccache', name: 'ccache', command: ['ccache', '--version'] },
  { package: 'bzip2', name: 'bzip2', command: ['bzip2', '--help'], version: /Version (\d[\d.]*\d)/ },
  { package: 'zstd', name: 'zstd', command: ['zstd', '--version'] },
  { package: 'perl', name: 'perl', command: ['perl', '--version'], version: /\(v(\d[\d.]*)\)/ },
  { package: 'codespell', name: 'codespell', command: ['codespell', '--version'] },
  { package: 'sparse', name: 'sparse', command: ['sparse', '--version'] },
  { package: 'coccinelle', name: 'spatch', command: ['spatch', '--version'] },
];

/** Programs the list of packages does not name, because every Debian has them. */
const BASE: readonly Tool[] = [
  { package: 'util-linux', name: 'flock', command: ['flock', '--version'] },
  { package: 'tar', name: 'tar', command: ['tar', '--version'] },
];

/** A fact for each tool of the table; what it is for comes from the list of packages. */
export async function toolFacts(machine: Machine, packages: readonly PackageNeed[]): Promise<Fact[]> {
  const needs = new Map(packages.map((need) => [need.name, need]));
  const listed = TOOLS.map((tool) => {
    const need = needs.get(tool.package);
    return toolFact(machine, tool, need?.purpose ?? '', need?.required ?? true);
  });
  const base = BASE.map((tool) => toolFact(machine, tool, 'part of every Debian', true));
  return [
    ...(await Promise.all([...listed, ...base])),
    await aptFact(machine),
    await staticBusybox(machine),
  ].filter((fact) => fact !== null);
}

async function toolFact(machine: Machine, tool: Tool, purpose: string, required: boolean): Promise<Fact> {
  const fact = { name: tool.name, required };
  const get = `install ${tool.package}`;
  if (tool.files !== undefined) {
    const file = tool.files.find((one) => machine.exists(one));
    return file === undefined
      ? { ...fact, state: 'missing', found: '', why: `${purpose}: ${get}` }
      : { ...fact, state: 'ok', found: file, why: purpose };
  }
  const [command, ...args] = tool.command ?? [tool.name];
  const printed = await machine.ask(command, args);
  if (printed === null) return { ...fact, state: 'missing', found: '', why: `${purpose}: ${get}` };
  const version = (tool.version ?? /(\d+(?:\.\d+)+)/).exec(printed)?.[1] ?? '';
  if (tool.least !== undefined && isBelow(version, tool.least)) {
    return {
      ...fact,
      state: 'old',
      found: version,
      why: `${purpose}; needs ${tool.least.join('.')} or later: ${get}`,
    };
  }
  return { ...fact, state: 'ok', found: version, why: purpose };
}

function isBelow(version: string, [major, minor]: [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return a < major || (a === major && b < minor);
}

async function aptFact(machine: Machine): Promise<Fact> {
  const fact = { name: 'apt', required: false };
  const version = await machine.ask('apt-get', ['--version']);
  return version === null
    ? {
        ...fact,
        state: 'missing',
        found: '',
        why: 'without it debian: trees and a newer QEMU cannot be fetched',
      }
    : {
        ...fact,
        state: 'ok',
        found: /\d+(?:\.\d+)+/.exec(version)?.[0] ?? '',
        why: 'fetches debian: trees and a newer QEMU',
      };
}

/** A busybox that needs libraries does not start in the VM; ldd tells the two apart. */
async function staticBusybox(machine: Machine): Promise<Fact | null> {
  if ((await machine.ask('busybox', [])) === null) return null;
  const linked = await machine.ask('sh', ['-c', 'ldd "$(command -v busybox)"']);
  // ldd fails on a static program.
  if (linked === null || linked.includes('statically linked')) return null;
  return {
    name: 'static busybox',
    required: true,
    state: 'missing',
    found: 'linked with libraries',
    why: 'the one in the VMs must run without libraries: install busybox-static',
  };
}
