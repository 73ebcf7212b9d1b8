// SPDX-License-Identifier: MIT
/**
 * The folder that is the host's root: busybox, the agent, QEMU with its libraries and
 * firmware, the guest's kernel and initramfs, and the programs. Nothing else of this
 * machine can be seen from inside.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { emitting } from '../../core/channel.ts';
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import { run, runOk } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { makeWhole, removeWhole } from '../../system/whole.ts';
import type { Build } from './build.ts';
import { guestImage, type ImageEntry, type RootEntry, stageHostRoot } from './image.ts';
import type { Qemu } from './qemu.ts';
import { placeOf, sharedLibraries } from './shared-libraries.ts';

export interface Images {
  /** The kernel the host boots, on this machine. */
  hostKernel: string;
  hostRoot: string;
}

export interface ImageParts {
  /** Whose kernel the host and the guest boot; base or patched each. */
  host: Build;
  guest: Build;
  /** Name → binary; from the patched tree, on both sides. */
  programs: Record<string, string>;
  /** Path in both machines → file of this machine. */
  files?: Record<string, string>;
  qemu: Qemu;
}

const GUEST_FILES = path.join(import.meta.dirname, 'guest-files');
const FIRMWARE = ['bios-256k.bin', 'kvmvapic.bin', 'linuxboot_dma.bin'];
const MOUNT_POINTS = ['/dev', '/proc', '/sys', '/tmp', '/run'];

/**
 * The images for these parts, from the cache where they are there already.
 * @throws RespinError BUSYBOX_MISSING, FIRMWARE_MISSING, AGENT_BUILD_FAILED (machine)
 */
export async function* stageImages(parts: ImageParts, signal?: AbortSignal): Steps<Images> {
  const own = await machineFiles(parts.qemu);
  const folder = cachePath('images', await imageKey(parts, own));
  yield* emitting<RespinEvent, unknown>(
    async (emit) =>
      await makeWhole(folder, async (half) => await stageAll(half, parts, own, signal), {
        onWait: (holder) =>
          emit({ type: 'note', level: 'info', text: `waiting for the images ${holder} is making` }),
        ...(signal === undefined ? {} : { signal }),
      }),
  );
  return { hostKernel: parts.host.bzImage, hostRoot: path.join(folder, 'root') };
}

/**
 * Removes images that nothing runs on any more: those of a kernel that is not booted again.
 * @throws RespinError INTERRUPTED
 */
export async function dropImages({ hostRoot }: Images, signal?: AbortSignal): Promise<void> {
  await removeWhole(path.dirname(hostRoot), signal);
}

/** What comes from this machine as it is. */
interface MachineFiles {
  busybox: string;
  /** QEMU's, with the loader. */
  libraries: string[];
  firmware: string[];
}

async function machineFiles(qemu: Qemu): Promise<MachineFiles> {
  const libraryPath = qemu.libraryPath.length > 0 ? qemu.libraryPath.join(':') : undefined;
  return {
    busybox: await findBusybox(),
    libraries: await sharedLibraries(qemu.binary, libraryPath),
    firmware: FIRMWARE.map((name) => findFirmware(qemu, name)),
  };
}

async function stageAll(
  half: string,
  parts: ImageParts,
  own: MachineFiles,
  signal?: AbortSignal,
): Promise<void> {
  const agent = path.join(half, 'agent');
  const words = ['-O2', '-static', '-o', agent, path.join(GUEST_FILES, 'agent.c')];
  const compiled = await run('gcc', words, signal === undefined ? {} : { signal });
  if (compiled.exitCode !== 0) {
    throw new RespinError({
      code: 'AGENT_BUILD_FAILED',
      blame: 'machine',
      message: 'the agent that runs inside the machines cannot be compiled',
      hint: 'is libc6-dev installed, with its static library?',
      detail: compiled.stderr,
    });
  }
  const common = await commonEntries(parts, own.busybox, agent);
  const cpio = path.join(half, 'guest.cpio');
  // Without it init has no stdin, stdout and stderr: devtmpfs is not mounted yet.
  const console: ImageEntry = { path: '/dev/console', device: 'char', mode: 0o600, major: 5, minor: 1 };
  await guestImage([...common, console], cpio);
  const onlyHost = hostEntries(parts, own, cpio);
  // A library that QEMU needs as well is QEMU's in the host.
  const theirs = new Set(onlyHost.map((entry) => entry.path));
  const shared = common.filter((entry) => !theirs.has(entry.path));
  await stageHostRoot([...shared, ...onlyHost], path.join(half, 'root'));
}

async function commonEntries(parts: ImageParts, busybox: string, agent: string): Promise<RootEntry[]> {
  const applets = (await runOk(busybox, ['--list'])).stdout
    .split('\n')
    .filter((name) => /^[\w.[-]+$/.test(name));
  return [
    ...MOUNT_POINTS.map((dir): RootEntry => ({ path: dir, dir: true })),
    { path: '/init', from: path.join(GUEST_FILES, 'init.sh'), mode: 0o755 },
    { path: '/bin/busybox', from: busybox, mode: 0o755 },
    { path: '/bin/agent', from: agent, mode: 0o755 },
    ...applets
      .filter((name) => name !== 'busybox')
      .map((name): RootEntry => ({ path: `/bin/${name}`, symlink: 'busybox' })),
    ...Object.entries(parts.programs).map(
      ([name, from]): RootEntry => ({ path: `/programs/${name}`, from, mode: 0o755 }),
    ),
    ...Object.entries(parts.files ?? {}).map(
      ([name, from]): RootEntry => ({ path: name, from, mode: 0o755 }),
    ),
  ];
}

function hostEntries(parts: ImageParts, own: MachineFiles, cpio: string): RootEntry[] {
  const { qemu } = parts;
  return [
    { path: '/boot/guest-bzImage', from: parts.guest.bzImage, mode: 0o644 },
    { path: '/boot/guest.cpio', from: cpio, mode: 0o644 },
    { path: '/bin/qemu-system-x86_64', from: qemu.binary, mode: 0o755 },
    ...own.libraries.map((file): RootEntry => ({ path: placeOf(file), from: file, mode: 0o755 })),
    ...own.firmware.map(
      (file): RootEntry => ({ path: `/firmware/${path.basename(file)}`, from: file, mode: 0o644 }),
    ),
  ];
}

/** A system's QEMU finds its firmware in places of its own: `-L help` names them. */
function findFirmware(qemu: Qemu, name: string): string {
  const folders = [...qemu.dataDirs, '/usr/share/qemu', '/usr/share/seabios', '/usr/share/qemu-firmware'];
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (existsSync(file)) return file;
  }
  throw new RespinError({
    code: 'FIRMWARE_MISSING',
    blame: 'machine',
    message: `QEMU's ${name} is in none of ${folders.join(', ')}`,
    hint: 'on Debian it is in qemu-system-data or seabios',
  });
}

/**
 * The busybox for the machines; it has to be static, for they have no libc.
 * @throws RespinError BUSYBOX_MISSING (machine)
 */
export async function findBusybox(
  places: readonly string[] = ['/usr/bin/busybox', '/bin/busybox'],
): Promise<string> {
  const there = places.filter((file) => existsSync(file));
  for (const file of there) if ((await sharedLibraries(file)).length === 0) return file;
  throw new RespinError({
    code: 'BUSYBOX_MISSING',
    blame: 'machine',
    message:
      there[0] === undefined ? 'busybox is not installed' : `${there[0]} needs libraries the machines lack`,
    hint: 'bin/setup installs busybox-static: apt-get install busybox-static',
  });
}

/** The code that makes the images: another version of it makes others. */
const MAKERS = ['images.ts', 'image.ts', 'newc.ts', 'shared-libraries.ts'];

async function imageKey(parts: ImageParts, own: MachineFiles): Promise<string> {
  const hash = createHash('sha256');
  const add = (text: string): void => {
    hash.update(`${text.length}:${text}`);
  };
  // A kernel's key covers all that went into it; a file of the machine is known by size and time.
  const files = Object.entries(parts.files ?? {}).sort();
  for (const [name, file] of files) add(`${name} ${file}`);
  const ofMachine = [own.busybox, parts.qemu.binary, ...own.libraries, ...own.firmware];
  for (const file of [...ofMachine, ...files.map(([, from]) => from)]) {
    const { size, mtimeMs } = await stat(file);
    add(`${file} ${size} ${mtimeMs}`);
  }
  add(parts.qemu.version);
  add(parts.host.key);
  add(parts.guest.key);
  for (const name of Object.keys(parts.programs).sort()) add(parts.programs[name] as string);
  for (const name of ['agent.c', 'init.sh']) add(await readFile(path.join(GUEST_FILES, name), 'utf8'));
  for (const name of MAKERS) add(await readFile(path.join(import.meta.dirname, name), 'utf8'));
  return hash.digest('hex').slice(0, 32);
}
