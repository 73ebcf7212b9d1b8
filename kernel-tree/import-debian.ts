// SPDX-License-Identifier: MIT
/** A linux-source package: fetched by apt without root, streamed without unpacking it to disk. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent } from '../core/events.ts';
import { privateApt } from '../system/apt.ts';
import { run, runOk, tail } from '../system/exec.ts';
import { filter } from '../system/filter.ts';
import { importTar, type TarImport } from './import-tar.ts';
import type { TreeSource } from './source.ts';
import { TarReader } from './tar.ts';

type DebianSource = Extract<TreeSource, { kind: 'debian' }>;

export interface DebianImport extends TarImport {
  packageVersion: string;
}

/**
 * Imports the kernel tarball of a linux-source package into a new bare repository at
 * `gitDir`. The package itself is kept in `folder` only while this runs.
 * @throws RespinError TREE_OUT_OF_REACH, TREE_NO_PACKAGE, TREE_BAD_PACKAGE, TOOL_MISSING, NO_SPACE
 * (machine), TREE_NOT_KERNEL (usage), INTERRUPTED
 */
export async function importDebian(
  source: DebianSource,
  folder: string,
  gitDir: string,
  options: { emit: (event: RespinEvent) => void; signal?: AbortSignal },
): Promise<DebianImport> {
  const here = path.join(folder, 'download');
  await mkdir(here);
  const deb = await fetchPackage(source, here, options);
  const fields = await runOk('dpkg-deb', ['-f', deb, 'Version'], options);
  const packageVersion = fields.stdout.trim();
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const tarball = await kernelTarball(
    filter('dpkg-deb', ['--fsys-tarfile', deb], null, signal),
    source.package,
  );
  const imported = await importTar(tarball.bytes, gitDir, {
    label: `${source.package} ${packageVersion}`,
    total: tarball.size,
    emit: options.emit,
    ...signal,
  }).catch((error: unknown) => {
    throw error instanceof RespinError && error.code === 'TREE_BAD_TAR' ? badPackage(source, error) : error;
  });
  await rm(here, { recursive: true });
  return { ...imported, packageVersion };
}

/** apt has checked the package's sum: nobody's words are wrong. */
function badPackage(source: DebianSource, cause: RespinError): RespinError {
  return new RespinError({
    code: 'TREE_BAD_PACKAGE',
    blame: 'machine',
    message: `the package ${source.package} holds no good tarball: ${cause.message}`,
    hint: 'try again; if it stays so, the disk or the memory of this machine may be at fault',
    cause,
  });
}

interface FetchOptions {
  emit: (event: RespinEvent) => void;
  signal?: AbortSignal;
}

/**
 * Downloads with the machine's own package lists, and where these do not lead to the
 * package any more, with fresh ones in `here`: a newly installed machine has old lists.
 */
async function fetchPackage(source: DebianSource, here: string, options: FetchOptions): Promise<string> {
  const name = source.packageVersion === null ? source.package : `${source.package}=${source.packageVersion}`;
  // As root, apt would drop to the user _apt, who may not write in a private cache
  // folder, and warn about it. The package is verified either way.
  const first = await download(name, here, ['-o', 'APT::Sandbox::User=root'], options);
  if ('file' in first) return first.file;
  if (isDiskFull(first.printed)) throw aptError(name, first.printed);

  const text = `this machine's apt lists do not lead to ${name}: fetching fresh ones, for this use only`;
  options.emit({ type: 'note', level: 'info', text });
  const own = await privateApt(path.join(here, 'apt'));
  const updated = await run('apt-get', [...own, '-qq', 'update'], running(options));
  const second = await download(name, here, own, options);
  if ('file' in second) return second.file;
  // What kept the lists away is why the package was not found in them.
  throw aptError(name, updated.exitCode === 0 ? second.printed : `${updated.stdout}\n${updated.stderr}`);
}

const running = ({ signal }: FetchOptions) => (signal === undefined ? {} : { signal });

/** @returns the package's file, or what apt printed instead */
async function download(
  name: string,
  here: string,
  how: string[],
  options: FetchOptions,
): Promise<{ file: string } | { printed: string }> {
  const result = await run('apt-get', [...how, '-o', 'APT::Status-Fd=1', 'download', name], {
    cwd: here,
    ...running(options),
    onLine: (line) => {
      const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
      if (percent === undefined) return;
      options.emit({
        type: 'progress',
        stage: 'tree',
        what: `download of ${name}`,
        done: Math.floor(Number(percent)),
        total: 100,
        unit: '%',
      });
    },
  });
  const deb = (await readdir(here)).find((file) => file.endsWith('.deb'));
  if (result.exitCode === 0 && deb !== undefined) return { file: path.join(here, deb) };
  return { printed: `${result.stdout}\n${result.stderr}` };
}

const isDiskFull = (printed: string): boolean => /No space left on device/.test(printed);

function aptError(name: string, printed: string): RespinError {
  const errors = printed.split('\n').filter((line) => /^(E|Err|W):/.test(line));
  const detail = tail(errors.length > 0 ? errors.join('\n') : printed, 10);
  if (isDiskFull(printed)) {
    return new RespinError({
      code: 'NO_SPACE',
      blame: 'machine',
      message: `no space left for the package ${name}`,
      hint: 'make room, or set XDG_CACHE_HOME to a folder on a larger disk',
      detail,
    });
  }
  if (/Unable to locate package|No packages found|was not found|Can't find a source/i.test(printed)) {
    return new RespinError({
      code: 'TREE_NO_PACKAGE',
      blame: 'machine',
      message: `apt knows no package ${name}`,
      hint: 'its lists were fetched anew for this: no archive of /etc/apt has the package; apt-cache search linux-source shows what there is',
      detail,
    });
  }
  return new RespinError({
    code: 'TREE_OUT_OF_REACH',
    blame: 'machine',
    message: `apt cannot fetch ${name}`,
    hint: 'is the network there? A tarball on disk is named tar:/path',
    detail,
  });
}

/** Finds the kernel's tarball in the package's own archive; its bytes can be read once. */
async function kernelTarball(
  archive: AsyncGenerator<Uint8Array, void, void>,
  name: string,
): Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }> {
  const reader = new TarReader();
  const items = (async function* () {
    for await (const chunk of archive) {
      yield* reader.feed(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
  })();
  for (;;) {
    const next = await items.next();
    if (next.done) break;
    if (!('entry' in next.value)) continue;
    const { entry } = next.value;
    if (entry.kind !== 'file' || !/^(\.\/)?usr\/src\/linux[^/]*\.tar\.\w+$/.test(entry.path)) continue;
    const bytes = (async function* (): AsyncGenerator<Uint8Array, void, void> {
      for await (const item of items) {
        if (!('data' in item)) break;
        yield item.data;
      }
    })();
    return { size: entry.size, bytes };
  }
  throw new RespinError({
    code: 'TREE_NOT_KERNEL',
    blame: 'usage',
    message: `the package ${name} holds no kernel sources`,
    hint: 'for example debian:linux-source-6.12',
  });
}
