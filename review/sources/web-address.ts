// SPDX-License-Identifier: MIT
/**
 * The address of a thread on a public-inbox server, in any of the forms a browser shows → what to
 * fetch. How such a server lays out its addresses: https://public-inbox.org/public-inbox-httpd.html,
 * and WWW.pm of its sources.
 */
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';

export interface ThreadAddress {
  /** `https://host/list/MSGID/`: how the thread is named. */
  thread: string;
  /** Its mbox, packed; or the thread itself where the server only knows on which list it is, and redirects. */
  fetch: string;
}

const LORE = 'https://lore.kernel.org/all/';
/** What may stand behind the Message-ID and still names the thread. */
const VIEWS = ['', 'T', 't', 'R', 'raw', 't.mbox.gz', 't.mbox', 't.atom'];
/** `https://lore.kernel.org/r/MSGID` is the address in Link: trailers. */
const REDIRECTORS = ['', 'r'];

/** Whether a source is meant as an address, and not as a file. */
export function isWebAddress(source: string): boolean {
  return /^(https?:|lore:)/i.test(source);
}

/** @throws RespinError SOURCE_ADDRESS (usage) */
export function threadAddress(source: string): ThreadAddress {
  const lore = /^lore:<?([^<>\s]+)>?$/i.exec(source)?.[1];
  const text = lore === undefined ? source : `${LORE}${encodeURIComponent(lore)}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw wrongAddress(source, 'is not an address');
  if (url.username !== '' || url.password !== '') {
    // Not printed: it is a secret.
    throw wrongAddress(
      `${url.protocol}//…@${url.host}${url.pathname}`,
      'has a user name or a password in it',
    );
  }
  const address = parseThreadUrl(url);
  if (address === null) throw wrongAddress(source, 'does not name a thread');
  return address;
}

/** Null when the URL names no thread. */
export function parseThreadUrl(url: URL): ThreadAddress | null {
  if (!/^https?:$/.test(url.protocol)) return null;
  const segments = url.pathname.split('/').slice(1);
  const at = segments.findIndex((segment) => /@|%40/i.test(segment));
  // Some Message-IDs have no @; then only the plain form is understood, and no other page of a list.
  const place = at >= 0 ? at : 1;
  const view = segments
    .slice(place + 1)
    .join('/')
    .replace(/\/$/, '');
  if (!VIEWS.includes(view)) return null;
  const messageId = decoded(segments[place] ?? '');
  if (messageId === '' || (at < 0 && /^_$|\.(html|atom|gz|js|css|xml)$/.test(messageId))) return null;
  const list = segments.slice(0, place).filter(Boolean).join('/');
  const thread = `${url.origin}/${list === '' ? '' : `${list}/`}${encoded(messageId)}/`;
  return { thread, fetch: REDIRECTORS.includes(list) ? thread : `${thread}t.mbox.gz` };
}

/** Without the angle brackets of the header; empty when it cannot be decoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).replace(/^<(.*)>$/, '$1');
  } catch {
    return '';
  }
}

/** As public-inbox writes a Message-ID in its own links: what a path may hold stays, a slash does not. */
function encoded(messageId: string): string {
  return encodeURIComponent(messageId).replace(/%(?:40|24|26|2B|2C|3B|3A|3D)/g, decodeURIComponent);
}

function wrongAddress(source: string, why: string): RespinError {
  return new RespinError({
    code: 'SOURCE_ADDRESS',
    blame: 'usage',
    message: `${printable(source)} ${why}`,
    hint: 'a thread is named as https://lore.kernel.org/LIST/MESSAGE-ID/ or lore:MESSAGE-ID; of any other page save the text and name the file',
  });
}
