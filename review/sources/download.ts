// SPDX-License-Identifier: MIT
/**
 * One GET with patience and limits. Only what may pass is tried again: a network that breaks,
 * status 429 and 5xx. Connecting is given up by Node.js itself, after 10 s. No proxy is
 * looked for in the environment; NODE_USE_ENV_PROXY=1 makes Node.js do that.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { interrupted, RespinError } from '../../core/errors.ts';
import {
  blockedPort,
  isBlockedPort,
  isNotThere,
  noThread,
  outOfReach,
  refused,
  tooLargeToFetch,
  troubleOf,
  wrongRedirect,
} from './download-errors.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface WebLimits {
  tries: number;
  /** Milliseconds without a byte, the first one included, before a try is given up. */
  idle: number;
  /** Milliseconds for all of it. */
  total: number;
  /** Milliseconds before the second try; twice as many before the third, and so on; plus or minus half. */
  backoff: number;
  /** Milliseconds a server may ask to wait (Retry-After). */
  patience: number;
  /** Bytes as they come. */
  packed: number;
  /** Bytes when unpacked. */
  unpacked: number;
}

export const WEB_LIMITS: WebLimits = {
  tries: 3,
  idle: 30_000,
  total: 600_000,
  backoff: 1000,
  patience: 120_000,
  packed: 64 << 20,
  unpacked: 512 << 20,
};

const MOST_REDIRECTS = 5;

export interface DownloadOptions {
  fetch: Fetch;
  limits: WebLimits;
  signal: AbortSignal;
  /** Where a redirect leads to; null where respin does not go. */
  redirect(target: URL): string | null;
  /** Called as bytes come. A new try begins again at 0. */
  onBytes(bytes: number, total: number | null): void;
}

type Answer =
  | { kind: 'body'; bytes: Buffer }
  | { kind: 'redirect'; to: string }
  /** `wait`: what the server asks for. */
  | { kind: 'again'; why: string; wait: number; cause?: unknown };

/**
 * What `url` has, as a whole.
 * @throws RespinError SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, SOURCE_ADDRESS (usage), SOURCE_OUT_OF_REACH,
 *   SOURCE_REFUSED (machine), INTERRUPTED
 */
export async function download(url: string, options: DownloadOptions): Promise<Buffer> {
  const { limits, signal } = options;
  const late = AbortSignal.timeout(limits.total);
  let [at, redirects] = [url, 0];
  for (let attempt = 1; ; ) {
    const answer = await ask(at, late, options);
    if (answer.kind === 'body') return answer.bytes;
    if (answer.kind === 'redirect') {
      redirects += 1;
      if (redirects > MOST_REDIRECTS) throw wrongRedirect(url, 'it redirects again and again');
      at = answer.to;
      continue;
    }
    if (late.aborted) throw outOfReach(at, `it was not through after ${limits.total / 1000} s`);
    if (attempt === limits.tries || answer.wait > limits.patience) {
      throw outOfReach(at, answer.why, { tries: attempt, wait: answer.wait, cause: answer.cause });
    }
    // Not all that were turned away come back at once.
    const backoff = limits.backoff * 2 ** (attempt - 1) * (0.5 + Math.random());
    attempt += 1;
    await pause(Math.max(answer.wait, backoff), undefined, { signal }).catch(() => {
      throw interrupted();
    });
  }
}

async function ask(url: string, late: AbortSignal, options: DownloadOptions): Promise<Answer> {
  const { limits, signal } = options;
  if (signal.aborted) throw interrupted();
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), limits.idle);
  try {
    const response = await options.fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, late, idle.signal]),
      // What is packed already is not to be packed once more.
      headers: { 'user-agent': 'respin (review import)', accept: '*/*', 'accept-encoding': 'identity' },
    });
    if (response.status === 200) {
      return { kind: 'body', bytes: await bodyOf(response, url, options, () => timer.refresh()) };
    }
    // Not read, so that it cannot be long.
    await response.body?.cancel();
    return answerOf(response, url, options);
  } catch (cause) {
    if (signal.aborted) throw interrupted();
    if (cause instanceof RespinError) throw cause;
    if (late.aborted) return { kind: 'again', why: '', wait: 0 };
    if (idle.signal.aborted)
      return { kind: 'again', why: `nothing came for ${limits.idle / 1000} s`, wait: 0 };
    if (isBlockedPort(cause)) throw blockedPort(url, cause);
    const trouble = troubleOf(cause);
    if (!trouble.passes) throw outOfReach(url, trouble.why, { cause });
    return { kind: 'again', why: trouble.why, wait: 0, cause };
  } finally {
    clearTimeout(timer);
  }
}

async function bodyOf(
  response: Response,
  url: string,
  { limits, onBytes }: DownloadOptions,
  alive: () => void,
): Promise<Buffer> {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isFinite(announced) ? announced : null;
  const parts: Uint8Array[] = [];
  let size = 0;
  onBytes(0, total);
  // Left early, it is cancelled.
  for await (const part of response.body ?? []) {
    alive();
    size += part.length;
    if (Math.max(size, total ?? 0) > limits.packed) throw tooLargeToFetch(url, limits.packed);
    parts.push(part);
    onBytes(size, total);
  }
  return Buffer.concat(parts, size);
}

function answerOf(response: Response, url: string, options: DownloadOptions): Answer {
  const { status, headers } = response;
  const location = headers.get('location');
  if ([301, 302, 303, 307, 308].includes(status) && location !== null) {
    const target = URL.canParse(location, url) ? new URL(location, url) : null;
    const to = target === null ? null : options.redirect(target);
    if (to === null) throw wrongRedirect(url, 'it redirects to where respin does not go', location);
    return { kind: 'redirect', to };
  }
  if (isNotThere(status)) throw noThread(url, status);
  if (status !== 429 && (status < 500 || status === 501 || status === 505)) throw refused(url, status);
  return { kind: 'again', why: `status ${status}`, wait: retryAfter(headers.get('retry-after')) };
}

/** Seconds, or a date (RFC 9110, 10.2.3) → milliseconds from now; 0 for none. */
export function retryAfter(value: string | null, now: number = Date.now()): number {
  if (value === null) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
