// SPDX-License-Identifier: MIT
/** Which QEMU runs the machines: one named, the system's, or one of respin's own in the cache. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { emitting } from '../../core/channel.ts';
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { type FetchOptions, fetchQemu } from './qemu-apt.ts';
import { compareVersions, isGoodQemu, parseQemuVersion } from './qemu-version.ts';

export interface Qemu {
  /** Absolute path of qemu-system-x86_64. */
  binary: string;
  /** `10.0.2` */
  version: string;
  /** For LD_LIBRARY_PATH; empty for a QEMU that finds its libraries itself. */
  libraryPath: string[];
  /** Folders with firmware, for `-L`. */
  dataDirs: string[];
  origin: 'system' | 'cache' | 'RESPIN_QEMU';
  /** The folder it was unpacked to; null for one that is installed. */
  root: string | null;
}

export interface QemuOptions {
  /** The setting `qemu`, a path; by default what RESPIN_QEMU says. */
  setting?: string | null;
  signal?: AbortSignal;
  /** For tests; by default read from this machine. */
  nestedKvm?: () => boolean;
  fetch?: (options: FetchOptions) => Promise<string>;
}

/** A QEMU prints its version in a blink; one that does not will not run a machine either. */
const ANSWER_MS = 10_000;

const BINARY = 'qemu-system-x86_64';
const LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'];
const DATA = ['usr/share/qemu', 'usr/share/seabios', 'usr/lib/ipxe/qemu'];

/**
 * The QEMU that would be used, from what is on this machine now; null when there is none.
 * @throws RespinError QEMU_MISSING (machine) when the one that was named does not run
 */
export async function findQemu(options: QemuOptions = {}): Promise<Qemu | null> {
  const found = await candidates(options);
  return found.good ?? found.old;
}

/**
 * Like `findQemu`, and downloads a good one into the cache where there is none. An
 * old one of the system is used, with a warning, when a better one cannot be had.
 * @throws RespinError QEMU_MISSING (machine), INTERRUPTED
 */
export async function* provideQemu(options: QemuOptions = {}): Steps<Qemu> {
  const { good, old } = await candidates(options);
  if (good !== null) {
    if (good.origin === 'RESPIN_QEMU' && !isGoodQemu(good.version) && !(options.nestedKvm ?? nestedKvm)()) {
      yield { type: 'note', level: 'warning', text: oldRemark(good) };
    }
    return good;
  }
  return yield* emitting<RespinEvent, Qemu>((emit) => download(old, options, emit));
}

async function candidates(options: QemuOptions): Promise<{ good: Qemu | null; old: Qemu | null }> {
  const named = options.setting === undefined ? process.env['RESPIN_QEMU'] || null : options.setting;
  if (named !== null) return { good: await namedQemu(named, options), old: null };
  const system = await systemQemu(options);
  if (system !== null && (isGoodQemu(system.version) || (options.nestedKvm ?? nestedKvm)())) {
    return { good: system, old: null };
  }
  return { good: await cachedQemu(options), old: system };
}

async function download(
  old: Qemu | null,
  options: QemuOptions,
  emit: (event: RespinEvent) => void,
): Promise<Qemu> {
  const started = performance.now();
  const end = (outcome: 'done' | 'failed', detail: string): void =>
    emit({ type: 'stage-end', stage: 'setup', outcome, ms: performance.now() - started, detail });
  emit({ type: 'stage', stage: 'setup', title: 'QEMU 10 or later, into the cache' });
  try {
    const folder = await (options.fetch ?? fetchQemu)({ emit, signal: options.signal });
    let qemu = await qemuIn(folder, options);
    if (qemu === null) {
      // It borrows what libraries the system has; those may have changed since it was unpacked.
      await rm(folder, { recursive: true, force: true });
      qemu = await qemuIn(await (options.fetch ?? fetchQemu)({ emit, signal: options.signal }), options);
    }
    if (qemu === null)
      throw new RespinError({ code: 'QEMU_MISSING', blame: 'machine', message: `${folder} does not run` });
    end('done', `QEMU ${qemu.version}`);
    return qemu;
  } catch (cause) {
    end('failed', old === null ? 'no QEMU' : `going on with QEMU ${old.version}`);
    if (!(cause instanceof RespinError) || cause.blame === 'interrupted') throw cause;
    // A full disk or a folder that cannot be written stops everything that follows, too.
    if (cause.code === 'NO_SPACE' || cause.code === 'NOT_WRITABLE') throw cause;
    if (old === null) throw noQemu(cause);
    emit({
      type: 'note',
      level: 'warning',
      text: `${oldRemark(old)}; a newer one could not be had: ${cause.message}`,
    });
    return old;
  }
}

function noQemu(cause: RespinError): RespinError {
  return new RespinError({
    code: 'QEMU_MISSING',
    blame: 'machine',
    message: `there is no ${BINARY} on this machine, and none could be downloaded: ${cause.message}`,
    hint: 'apt-get install qemu-system-x86, or name one with RESPIN_QEMU',
    ...(cause.detail === undefined ? {} : { detail: cause.detail }),
    cause,
  });
}

/** What to say of a QEMU older than 10. */
export function oldRemark(qemu: Qemu): string {
  return `QEMU ${qemu.version} can corrupt the host VM's memory where KVM is emulated; 10 or later is better`;
}

async function namedQemu(file: string, options: QemuOptions): Promise<Qemu> {
  const binary = path.resolve(file);
  const version = await versionOf(binary, [], options);
  if (version === null) {
    throw new RespinError({
      code: 'QEMU_MISSING',
      blame: 'machine',
      message: `${binary}, named by the setting qemu or RESPIN_QEMU, does not run as a QEMU`,
      hint: 'name the path of a qemu-system-x86_64, or unset it to let respin choose',
    });
  }
  const dataDirs = await ownDataDirs(binary, options);
  return { binary, version, libraryPath: [], dataDirs, origin: 'RESPIN_QEMU', root: null };
}

async function systemQemu(options: QemuOptions): Promise<Qemu | null> {
  const binary = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, BINARY))
    .find((file) => allows(file, constants.X_OK));
  if (binary === undefined) return null;
  const version = await versionOf(binary, [], options);
  if (version === null) return null;
  const dataDirs = await ownDataDirs(binary, options);
  return { binary, version, libraryPath: [], dataDirs, origin: 'system', root: null };
}

/** The newest in the cache that runs. */
async function cachedQemu(options: QemuOptions): Promise<Qemu | null> {
  const folder = cachePath('qemu');
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter(
    (name) => /^\d[^/]*$/.test(name) && !/\.(lock|half-\d+)$/.test(name),
  );
  for (const name of names.sort(compareVersions).reverse()) {
    const qemu = await qemuIn(path.join(folder, name), options);
    if (qemu !== null) return qemu;
  }
  return null;
}

async function qemuIn(root: string, options: QemuOptions): Promise<Qemu | null> {
  const binary = path.join(root, 'usr/bin', BINARY);
  const within = (names: string[]): string[] =>
    names.map((name) => path.join(root, name)).filter((dir) => existsSync(dir));
  const libraryPath = within(LIBRARIES);
  const version = existsSync(binary) ? await versionOf(binary, libraryPath, options) : null;
  if (version === null) return null;
  // Packages the system has are not unpacked again: its own folders come second.
  const dataDirs = [...within(DATA), ...DATA.map((dir) => `/${dir}`).filter((dir) => existsSync(dir))];
  return { binary, version, libraryPath, dataDirs, origin: 'cache', root };
}

async function versionOf(
  binary: string,
  libraryPath: string[],
  options: QemuOptions,
): Promise<string | null> {
  const result = await tryRun(binary, ['--version'], libraryPath, options);
  return result === null ? null : parseQemuVersion(result);
}

async function ownDataDirs(binary: string, options: QemuOptions): Promise<string[]> {
  const printed = (await tryRun(binary, ['-L', 'help'], [], options)) ?? '';
  return printed.split('\n').filter((dir) => path.isAbsolute(dir) && existsSync(dir));
}

/** What it prints; null when it does not run or fails. */
async function tryRun(
  binary: string,
  args: string[],
  libraryPath: string[],
  options: QemuOptions,
): Promise<string | null> {
  try {
    const result = await run(binary, args, {
      env: qemuEnv({ libraryPath }),
      timeout: ANSWER_MS,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return result.exitCode === 0 ? result.stdout : null;
  } catch (cause) {
    if (cause instanceof RespinError && cause.code === 'TOOL_MISSING') return null;
    throw cause;
  }
}

/** Whether it was built with a device, `vhost-vsock-pci`. @throws RespinError INTERRUPTED */
export async function hasDevice(
  qemu: Pick<Qemu, 'binary' | 'libraryPath'>,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const printed = (await tryRun(qemu.binary, ['-device', 'help'], qemu.libraryPath, { signal })) ?? '';
  return printed.includes(`name "${name}"`);
}

/** The environment a QEMU of the cache needs to find its libraries. */
export function qemuEnv(qemu: Pick<Qemu, 'libraryPath'>): Record<string, string> {
  return qemu.libraryPath.length === 0 ? {} : { LD_LIBRARY_PATH: qemu.libraryPath.join(':') };
}

/** Whether KVM looks able to run a VM in a VM: then an old QEMU does, too. */
function nestedKvm(): boolean {
  if (!allows('/dev/kvm', constants.R_OK | constants.W_OK)) return false;
  return ['kvm_intel', 'kvm_amd'].some((module) => {
    const file = `/sys/module/${module}/parameters/nested`;
    return existsSync(file) && /^[Y1]/.test(readFileSync(file, 'utf8'));
  });
}

function allows(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
