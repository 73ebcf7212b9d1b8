// SPDX-License-Identifier: MIT
/** What can go wrong with a download, in words, and whether it may pass. */
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { mib } from './reading.ts';

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'it cut the connection',
  UND_ERR_SOCKET: 'it cut the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  EAI_AGAIN: 'its name cannot be looked up now',
  ENOTFOUND: 'there is no host of that name',
};

/** Of an error of fetch: TypeError, with the network's own error as its cause. */
export function troubleOf(cause: unknown): { why: string; passes: boolean } {
  const inner = (cause as { cause?: { code?: string; message?: string } }).cause;
  const { code } = inner ?? {};
  const why = WORDS[code ?? ''] ?? printable(inner?.message || code || (cause as Error).message);
  // A certificate or a name is as wrong a second later.
  const passes =
    code !== undefined && code !== 'ENOTFOUND' && !/CERT|TLS|SSL|SIGNED|VERIFY|INVALID/.test(code);
  return { why, passes };
}

/** Ports of other services, which no fetch goes to: https://fetch.spec.whatwg.org/#port-blocking */
export function isBlockedPort(cause: unknown): boolean {
  return (cause as { cause?: { message?: string } }).cause?.message === 'bad port';
}

export function blockedPort(url: string, cause: unknown): RespinError {
  return new RespinError({
    code: 'SOURCE_ADDRESS',
    blame: 'usage',
    message: `${url} cannot be fetched: respin does not use port ${new URL(url).port}`,
    hint: 'that port is of another service than the web: is the address right?',
    cause,
  });
}

/** 300 is public-inbox's answer to a Message-ID of which it only knows the like. */
export function isNotThere(status: number): boolean {
  return status === 404 || status === 410 || status === 300;
}

export function noThread(url: string, status: number): RespinError {
  return new RespinError({
    code: 'SOURCE_NOT_FOUND',
    blame: 'usage',
    message: `${new URL(url).host} has no thread ${url} (status ${status})`,
    hint: 'is the Message-ID right and whole, and is the mail on that list? lore.kernel.org/all/ has all lists',
  });
}

export function outOfReach(
  url: string,
  why: string,
  more: { tries?: number; wait?: number; cause?: unknown } = {},
): RespinError {
  const { tries = 1, wait = 0, cause } = more;
  const times = tries === 1 ? '' : `, ${tries} times`;
  return new RespinError({
    code: 'SOURCE_OUT_OF_REACH',
    blame: 'machine',
    message: `${url} cannot be fetched: ${why}${times}`,
    hint:
      wait > 0
        ? `the server asks to wait ${Math.ceil(wait / 1000)} s: try again then`
        : 'is the network there, and the server? A thread can be saved elsewhere (…/t.mbox.gz) and named as a file',
    cause,
  });
}

export function refused(url: string, status: number): RespinError {
  return new RespinError({
    code: 'SOURCE_REFUSED',
    blame: 'machine',
    message: `${new URL(url).host} does not give out ${url} (status ${status})`,
    hint: 'save the thread with a browser (…/t.mbox.gz) and name the file',
  });
}

export function wrongRedirect(url: string, why: string, location = ''): RespinError {
  return new RespinError({
    code: 'SOURCE_REFUSED',
    blame: 'machine',
    message: `${url} cannot be fetched: ${why}`,
    hint: 'open it in a browser, save the thread (…/t.mbox.gz) and name the file',
    ...(location === '' ? {} : { detail: printable(location.slice(0, 500)) }),
  });
}

export function tooLargeToFetch(url: string, limit: number): RespinError {
  return new RespinError({
    code: 'SOURCE_TOO_LARGE',
    blame: 'usage',
    message: `${url} is larger than ${mib(limit)}`,
    hint: 'no thread is that large; if it is meant, fetch it yourself and name the file',
  });
}

export function notMail(url: string): RespinError {
  return new RespinError({
    code: 'SOURCE_NOT_MAIL',
    blame: 'usage',
    message: `${new URL(url).host} answered with something else than the mails of ${url}`,
    hint: 'is that a public-inbox server? A portal or a check for robots may answer in its place: save …/t.mbox.gz with a browser and name the file',
  });
}
