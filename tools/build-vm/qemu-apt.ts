// SPDX-License-Identifier: MIT
/**
 * QEMU from the Debian archive, without root and without touching the system: apt
 * with a configuration of its own downloads the packages, dpkg-deb unpacks them
 * into a folder of the cache. Debian 12 gets QEMU from its backports this way.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { RespinEvent } from '../../core/events.ts';
import { privateApt } from '../../system/apt.ts';
import { type RunOptions, type RunResult, run, runOk } from '../../system/exec.ts';
import { acquireLock } from '../../system/lock.ts';
import { cachePath } from '../../system/paths.ts';
import { makeWhole } from '../../system/whole.ts';
import {
  compareVersions,
  INDEX_TARGET_FORMAT,
  type IndexTarget,
  isGoodQemu,
  type Offer,
  parseIndexTargets,
  parseMadison,
} from './qemu-version.ts';

const PACKAGE = 'qemu-system-x86';
/** From this Debian release on the release itself has a QEMU that is new enough. */
const RELEASE_WITH_GOOD_QEMU = 13;

export interface FetchOptions {
  emit?: (event: RespinEvent) => void;
  signal?: AbortSignal | undefined;
  /** For tests. */
  osRelease?: string;
}

/**
 * Downloads and unpacks QEMU into `cachePath('qemu', version)`.
 * @returns that folder
 * @throws RespinError QEMU_MISSING (machine) saying why it could not be had; INTERRUPTED
 */
export async function fetchQemu(options: FetchOptions = {}): Promise<string> {
  const apt = cachePath('qemu-apt');
  await using _lock = await acquireLock(
    `${apt}.lock`,
    (holder) =>
      options.emit?.({ type: 'note', level: 'info', text: `waiting for ${holder}, which downloads QEMU` }),
    options.signal,
  );
  const release = readOsRelease(options.osRelease ?? '/etc/os-release');
  const inPrivate = await privateApt(apt);
  const runOptions = options.signal === undefined ? {} : { signal: options.signal };

  const target = await ownArchive(release.codename, inPrivate, runOptions);
  const backports = `${release.codename}-backports`;
  const suites =
    release.number >= RELEASE_WITH_GOOD_QEMU ? [release.codename] : [release.codename, backports];
  const signed = target.signedBy === '' ? '' : ` [signed-by=${target.signedBy}]`;
  const sources = path.join(apt, 'sources.list');
  await writeFile(sources, suites.map((suite) => `deb${signed} ${target.uri} ${suite} main\n`).join(''));

  const own = [
    ...inPrivate,
    '-o',
    `Dir::Etc::sourcelist=${sources}`,
    '-o',
    'Dir::Etc::sourceparts=/dev/null',
  ];
  await aptOk(
    'apt-get update',
    'apt-get',
    [...own, '-o', 'APT::Update::Error-Mode=any', '-qq', 'update'],
    runOptions,
  );
  const offer = bestOffer(
    parseMadison(
      (await aptOk('apt-cache madison', 'apt-cache', [...own, 'madison', PACKAGE], runOptions)).stdout,
    ),
  );
  if (offer === null) throw missing(`${suites.join(' and ')} have no QEMU of version 10 or later`);

  const folder = cachePath('qemu', offer.version.replace(/^\d+:/, ''));
  await makeWhole(folder, async (half) => {
    await rm(path.join(apt, 'cache/archives'), { recursive: true, force: true });
    await mkdir(path.join(apt, 'cache/archives/partial'), { recursive: true });
    const how = ['-o', 'APT::Status-Fd=1', '-qq', '-y', '--no-install-recommends', '--download-only'];
    await aptOk(
      'apt-get install --download-only',
      'apt-get',
      [...own, ...how, '-t', offer.suite, 'install', PACKAGE],
      {
        ...runOptions,
        onLine: downloadReporter(options.emit),
      },
    );
    await unpackAll(path.join(apt, 'cache/archives'), half, options);
  });
  // Package lists are most of 80 MB, and of no use until the next download.
  await rm(apt, { recursive: true, force: true });
  return folder;
}

function bestOffer(offers: Offer[]): Offer | null {
  // The oldest that is good enough: a release's own before its backports.
  return (
    offers
      .filter((offer) => isGoodQemu(offer.version))
      .sort((a, b) => compareVersions(a.version, b.version))[0] ?? null
  );
}

/**
 * The archive this machine installs its release from.
 * Apt knows it only once it has package lists: where there are none, private ones are made.
 */
async function ownArchive(
  codename: string,
  inPrivate: string[],
  options: { signal?: AbortSignal },
): Promise<IndexTarget> {
  const ask = async (extra: string[]): Promise<IndexTarget | null> => {
    const printed = await run(
      'apt-get',
      [...extra, 'indextargets', '--format', INDEX_TARGET_FORMAT],
      options,
    );
    return parseIndexTargets(printed.stdout, codename);
  };
  const known = await ask([]);
  if (known !== null) return known;
  await aptOk('apt-get update', 'apt-get', [...inPrivate, '-qq', 'update'], options);
  const found = await ask(inPrivate);
  if (found === null) throw missing(`apt has no archive of ${codename} in its configuration`);
  return found;
}

function readOsRelease(file: string): { codename: string; number: number } {
  let source = '';
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    // Said below: a system without this file is not a Debian.
  }
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(source)?.[1] ?? '';
  const codename = field('VERSION_CODENAME');
  if (!/^[a-z]+$/.test(codename))
    throw missing('this is not a Debian system, so there is no archive to get it from');
  return { codename, number: Number.parseInt(field('VERSION_ID'), 10) || 99 };
}

/** Reads apt's status lines; the same percentage twice is one event. */
function downloadReporter(emit: FetchOptions['emit']): (line: string) => void {
  let last = -1;
  return (line) => {
    // dlstatus:file number:percent:text
    const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
    if (percent === undefined || Math.floor(Number(percent)) === last) return;
    last = Math.floor(Number(percent));
    emit?.({ type: 'progress', stage: 'setup', what: 'downloading QEMU', done: last, total: 100, unit: '%' });
  };
}

/** Runs apt; its failure names the step, not the options. */
async function aptOk(what: string, command: string, args: string[], options: RunOptions): Promise<RunResult> {
  try {
    return await runOk(command, args, options);
  } catch (cause) {
    if (!(cause instanceof RespinError) || cause.code !== 'COMMAND_FAILED') throw cause;
    throw new RespinError({
      code: 'QEMU_MISSING',
      blame: 'machine',
      message: `${what} failed`,
      ...(cause.detail === undefined ? {} : { detail: cause.detail }),
      cause,
    });
  }
}

async function unpackAll(archives: string, folder: string, options: FetchOptions): Promise<void> {
  const packages = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  if (packages.length === 0) throw missing('apt downloaded no package');
  for (const [i, name] of packages.entries()) {
    options.emit?.({
      type: 'progress',
      stage: 'setup',
      what: 'unpacking QEMU',
      done: i,
      total: packages.length,
      unit: 'packages',
    });
    await runOk(
      'dpkg-deb',
      ['-x', path.join(archives, name), folder],
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

function missing(why: string): RespinError {
  return new RespinError({ code: 'QEMU_MISSING', blame: 'machine', message: why });
}
