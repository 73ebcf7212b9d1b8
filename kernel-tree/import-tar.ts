// SPDX-License-Identifier: MIT
/** A tarball, from wherever its bytes come, into an empty bare repository. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent } from '../core/events.ts';
import { filter } from '../system/filter.ts';
import { type TarSummary, tarToFastImport } from './fast-import.ts';
import { at, fastImport, git, identity, initBare } from './git.ts';
import type { TreeSource } from './source.ts';
import { badTar } from './tar.ts';

export interface TarImport {
  commit: string;
  /** Of the compressed tarball. */
  sha256: string;
}

export interface TarImportOptions {
  /** First line of the commit's message. Part of the commit id, so nothing of this machine goes in. */
  label: string;
  /** Size of the compressed tarball in bytes, null when it is not known. */
  total: number | null;
  emit: (event: RespinEvent) => void;
  /** Refuse any other sum. */
  sha256?: string | null;
  signal?: AbortSignal;
}

const REF = 'refs/respin/import';
const PROGRESS_BYTES = 4 * 1024 * 1024;

/**
 * Imports a tarball (plain, gzip, bzip2, xz or zstd) into a new bare repository at `gitDir`,
 * as one commit whose id depends on the tarball and the label alone. A single folder at
 * the top, as kernel tarballs have it, is left out.
 * @throws RespinError TREE_BAD_TAR, TREE_HASH_MISMATCH, TOOL_MISSING, NO_SPACE, INTERRUPTED
 */
export async function importTar(
  bytes: AsyncIterable<Uint8Array>,
  gitDir: string,
  options: TarImportOptions,
): Promise<TarImport> {
  const { signal } = options;
  await initBare(gitDir, 'sha1', signal);
  const hash = createHash('sha256');
  const summary: TarSummary = { files: 0, bytes: 0, newest: 0 };
  const watched = watch(bytes, options, (chunk) => hash.update(chunk));
  const archive = await decompress(watched, signal);
  await fastImport(gitDir, tarToFastImport(archive, REF, summary), signal);
  const sha256 = hash.digest('hex');
  const wanted = options.sha256 ?? null;
  if (wanted !== null && wanted !== sha256) throw hashMismatch(wanted, sha256);
  options.emit({
    type: 'progress',
    stage: 'tree',
    what: 'files',
    done: summary.files,
    total: summary.files,
    unit: 'files',
  });
  const tree = await topOf(gitDir);
  const commit = await git(
    at(gitDir),
    ['commit-tree', '-m', `${options.label}\n\nsha256 ${sha256}`, tree],
    // The archive's own newest time: the same on every machine.
    { env: identity(summary.newest), ...(signal === undefined ? {} : { signal }) },
  );
  await git(at(gitDir), ['update-ref', '-d', REF]);
  return { commit: commit.trim(), sha256 };
}

/** The bytes of a local tarball. @throws RespinError TREE_NO_TARBALL */
export async function* readTarball(file: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 20 });
  } catch (cause) {
    throw new RespinError({
      code: 'TREE_NO_TARBALL',
      blame: 'usage',
      message: `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      hint: 'name a kernel tarball: tar:/path/linux-6.12.tar.xz',
      cause,
    });
  }
}

/** The bytes of a tarball on the network. @throws RespinError TREE_OUT_OF_REACH, TREE_NO_TARBALL */
export async function* download(
  source: Extract<TreeSource, { kind: 'tar-url' }>,
  onSize: (bytes: number | null) => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const outOfReach = (why: string, cause?: unknown): RespinError =>
    new RespinError({
      code: 'TREE_OUT_OF_REACH',
      blame: 'machine',
      message: `${source.url} cannot be fetched: ${why}`,
      hint: 'is the network there, and the server? A tarball on disk is named tar:/path',
      cause,
    });
  try {
    const response = await fetch(source.url, signal === undefined ? {} : { signal });
    if (response.status === 404 || response.status === 410) {
      throw new RespinError({
        code: 'TREE_NO_TARBALL',
        blame: 'usage',
        message: `there is no ${source.url} (status ${response.status})`,
        hint: 'check the address',
      });
    }
    if (!response.ok || response.body === null) throw outOfReach(`status ${response.status}`);
    const size = Number(response.headers.get('content-length') ?? Number.NaN);
    onSize(Number.isFinite(size) ? size : null);
    yield* response.body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof RespinError || signal?.aborted) throw cause;
    const inner = (cause as { cause?: { code?: string } }).cause?.code;
    throw outOfReach(inner ?? (cause as Error).message, cause);
  }
}

async function* watch(
  bytes: AsyncIterable<Uint8Array>,
  options: TarImportOptions,
  use: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let done = 0;
  let told = 0;
  const tell = (): void => {
    told = done;
    options.emit({ type: 'progress', stage: 'tree', what: 'tarball', done, total: options.total, unit: 'B' });
  };
  for await (const chunk of bytes) {
    use(chunk);
    done += chunk.length;
    if (done - told >= PROGRESS_BYTES) tell();
    yield chunk;
  }
  tell();
}

const COMPRESSIONS: { magic: number[]; command: string; args: string[] }[] = [
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], command: 'xz', args: ['-dc', '-T0'] },
  { magic: [0x1f, 0x8b], command: 'gzip', args: ['-dc'] },
  { magic: [0x42, 0x5a, 0x68], command: 'bzip2', args: ['-dc'] },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], command: 'zstd', args: ['-dc'] },
];

/** By the first bytes, not by the name: a name may lie. */
async function decompress(
  bytes: AsyncGenerator<Uint8Array, void, void>,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 6) {
    const next = await bytes.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = (async function* (): AsyncGenerator<Uint8Array, void, void> {
    yield head;
    yield* bytes;
  })();
  const found = COMPRESSIONS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (found === undefined) return rest;
  return unpacked(filter(found.command, found.args, rest, signal === undefined ? {} : { signal }));
}

/** What xz, gzip, bzip2 and zstd say of data that is none of theirs, or damaged, or cut. */
const DATA_AT_FAULT =
  /corrupt|unexpected(?:ly)? end|ends unexpectedly|premature|not recognized|not in \w+ format|integrity|crc error|length error|invalid compressed|Decoding error|unsupported (?:format|options|frame)|unknown header/i;

/** Only what speaks of the data is the tarball's fault: a decompressor may be killed, or lack memory. */
async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof RespinError) || error.code !== 'COMMAND_FAILED') throw error;
    if (!DATA_AT_FAULT.test(error.detail ?? '')) throw error;
    throw badTar(`it cannot be decompressed (${(error.detail ?? error.message).trim()})`);
  }
}

/** The tree id of the kernel's top: the only folder of the archive, else the archive's own top. */
async function topOf(gitDir: string): Promise<string> {
  const top = (await git(at(gitDir), ['ls-tree', '-z', REF])).split('\0').filter((line) => line !== '');
  const only = top.length === 1 ? /^040000 tree ([0-9a-f]+)\t/.exec(top[0] ?? '') : null;
  return only?.[1] ?? (await git(at(gitDir), ['rev-parse', `${REF}^{tree}`])).trim();
}

function hashMismatch(wanted: string, found: string): RespinError {
  return new RespinError({
    code: 'TREE_HASH_MISMATCH',
    blame: 'usage',
    message: 'the tarball is another than the one named: its SHA-256 sum differs',
    hint: 'check the sum with its publisher, and that the tarball is complete',
    detail: `wanted ${wanted}\nfound  ${found}`,
  });
}
