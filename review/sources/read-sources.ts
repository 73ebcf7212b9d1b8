// SPDX-License-Identifier: MIT
/** What a user may name as a source of mails → the mails. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { interrupted, RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { isRange } from '../../patches/git-range.ts';
import { isTerminal } from '../../system/stdin.ts';
import { unreadable } from './chunks.ts';
import { type Fetch, WEB_LIMITS, type WebLimits } from './download.ts';
import { mailsOfRange } from './git-commits.ts';
import { mailsOfFolder } from './maildir.ts';
import { mailsOfFile } from './mbox-file.ts';
import { inThreads } from './never-mailed.ts';
import { MAIL_LIMIT, type Progress, type RawMail, type Reading, type Skipped } from './reading.ts';
import { mailsOfStdin } from './stdin.ts';
import { isWebAddress } from './web-address.ts';
import { mailsOfThread } from './web-thread.ts';

export type { Progress, RawMail, Skipped };

export interface ReadSourcesOptions {
  /** Relative paths and `A..B` are meant from here. */
  cwd: string;
  stdin: NodeJS.ReadableStream;
  signal: AbortSignal;
  /** `v3`: what commits are; by default their mails name no version. */
  version?: string | undefined;
  /** `net-next`: the list's prefix for commits; by default what their repository is configured to. */
  prefix?: string | null;
  /** By default that of Node.js. */
  fetch?: Fetch;
  /** Instead of WEB_LIMITS. */
  web?: Partial<WebLimits>;
  /** The largest mail that is taken, in bytes; 32 MiB by default. */
  mailLimit?: number;
  /** Called often: with each chunk of bytes, and at the end of each source. */
  onProgress?: (done: Progress) => void;
  /** Called for what had to be left out; the rest is read. */
  onSkip?: (skipped: Skipped) => void;
}

/**
 * Streams the mails of the sources, one source after the other; one named twice is read once.
 * A source is, in this order: `-`, or nothing at all with something piped in; the http(s) address
 * of a thread on a public-inbox server, or `lore:MSGID`; `git:REPOSITORY#A..B`; a folder (maildir,
 * MH, mail files); a file or pipe (mbox, one mail, any other text as one); `A..B` in the repository
 * at `cwd`. Bytes packed with gzip are unpacked. The mails come as they are, but for patches that
 * were never sent, which are made threads (never-mailed.ts); none is left out for being the same as another.
 * @throws RespinError SOURCE_MISSING, SOURCE_UNKNOWN, SOURCE_EMPTY, FILE_UNREADABLE (usage), and
 *   what the readers of each kind throw
 */
export function readSources(
  sources: readonly string[],
  options: ReadSourcesOptions,
): AsyncGenerator<RawMail, void, void> {
  return inThreads(inTurn(sources, options));
}

async function* inTurn(
  sources: readonly string[],
  options: ReadSourcesOptions,
): AsyncGenerator<RawMail, void, void> {
  if (sources.length === 0 && isTerminal(options.stdin)) throw missing();
  for (const source of sources.length === 0 ? ['-'] : new Set(sources)) {
    const progress: Progress = { source, bytes: 0, total: null, mails: 0 };
    let skipped = 0;
    const reading: Reading = {
      signal: options.signal,
      mailLimit: options.mailLimit ?? MAIL_LIMIT,
      progress,
      tell: () => options.onProgress?.({ ...progress }),
      skip: (origin, why) => {
        skipped += 1;
        options.onSkip?.({ origin, why });
      },
    };
    for await (const mail of mailsOf(source, options, reading)) {
      if (options.signal.aborted) throw interrupted();
      progress.mails += 1;
      yield mail;
    }
    if (options.signal.aborted) throw interrupted();
    reading.tell();
    if (progress.mails + skipped === 0) throw empty(source);
  }
}

async function* mailsOf(
  source: string,
  options: ReadSourcesOptions,
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  if (source === '-') return yield* mailsOfStdin(options.stdin, reading);
  if (isWebAddress(source)) {
    const limits = { ...WEB_LIMITS, ...options.web };
    return yield* mailsOfThread(source, { fetch: options.fetch ?? globalThis.fetch, limits }, reading);
  }
  const { version, prefix = null } = options;
  const git = /^git:(.+)#([^#]+)$/.exec(source);
  if (git?.[1] !== undefined && git[2] !== undefined) {
    return yield* mailsOfRange(
      { repository: path.resolve(options.cwd, git[1]), range: git[2], version, prefix },
      source,
      reading,
    );
  }
  const place = path.resolve(options.cwd, source);
  const found = source === '' ? null : await foundAt(place);
  if (found?.isDirectory()) return yield* mailsOfFolder(place, source, reading);
  if (found) {
    reading.progress.total = found.isFile() ? found.size : null;
    return yield* mailsOfFile(place, source, reading);
  }
  if (isRange(source)) {
    const commits = { repository: options.cwd, range: source, version, prefix };
    return yield* mailsOfRange(commits, source, reading);
  }
  throw unknown(source);
}

async function foundAt(place: string) {
  try {
    return await stat(place);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    // Any word may turn out to be no path at all.
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(code)) return null;
    throw unreadable(cause, place);
  }
}

function unknown(source: string): RespinError {
  return new RespinError({
    code: 'SOURCE_UNKNOWN',
    blame: 'usage',
    message: `there is no file, folder or thread "${printable(source)}"`,
    hint: whatInstead(printable(source)),
  });
}

function whatInstead(source: string): string {
  if (/^[a-z0-9.-]+\.[a-z]+\/\S+@/i.test(source)) return `did you mean https://${source}?`;
  if (/^<?[^\s<>/]+@[^\s<>/]+>?$/.test(source)) {
    return `to fetch the thread of that mail: lore:${source.replace(/^<|>$/g, '')}, or https://HOST/LIST/MESSAGE-ID/`;
  }
  if (source.startsWith('git:')) return 'name branches or tags as git:/path/to/repository#BASE..TIP';
  return 'name an mbox, a maildir, a file with a mail, https://HOST/LIST/MESSAGE-ID/, git:REPOSITORY#A..B, or - for stdin';
}

function missing(): RespinError {
  return new RespinError({
    code: 'SOURCE_MISSING',
    blame: 'usage',
    message: 'nothing to import is named, and nothing is piped in',
    hint: 'respin review import thread.mbox, or https://lore.kernel.org/LIST/MESSAGE-ID/',
  });
}

function empty(source: string): RespinError {
  return new RespinError({
    code: 'SOURCE_EMPTY',
    blame: 'usage',
    message: `${source === '-' ? 'standard input' : printable(source)} holds no mail`,
    hint: 'a folder is a maildir, an MH folder, or has *.mbox, *.eml or *.patch files in it',
  });
}
