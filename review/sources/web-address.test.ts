// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWebAddress, threadAddress } from './web-address.ts';

const MID = '20221215-vsock-v8-1@example.org';
const THREAD = `https://lore.kernel.org/netdev/${MID}/`;

describe('threadAddress', () => {
  it.each([
    THREAD,
    `https://lore.kernel.org/netdev/${MID}`,
    `${THREAD}t.mbox.gz`,
    `${THREAD}T/`,
    `${THREAD}T/#u`,
    `${THREAD}T/#m0123456789abcdef`,
    `${THREAD}t/`,
    `${THREAD}t`,
    `${THREAD}raw`,
    `${THREAD}?q=x`,
    `HTTPS://LORE.kernel.org/netdev/${MID.replace('@', '%40')}/`,
    `https://lore.kernel.org/netdev/<${MID}>/`,
  ])('understands %s', (source) => {
    expect(threadAddress(source)).toEqual({ thread: THREAD, fetch: `${THREAD}t.mbox.gz` });
  });

  it('keeps port and folders in front of the list', () => {
    const thread = 'http://127.0.0.1:8080/archives/vsock/a@b/';
    expect(threadAddress('http://127.0.0.1:8080/archives/vsock/a@b/T/#u')).toEqual({
      thread,
      fetch: `${thread}t.mbox.gz`,
    });
  });

  it('encodes a Message-ID as public-inbox does', () => {
    expect(threadAddress('https://h/l/a%2Fb+c%25=d@e/').thread).toBe('https://h/l/a%2Fb+c%25=d@e/');
    expect(threadAddress('lore:a/b?c@d').thread).toBe('https://lore.kernel.org/all/a%2Fb%3Fc@d/');
  });

  it('asks a redirector for the thread, not for the mbox', () => {
    for (const thread of [`https://lore.kernel.org/r/${MID}/`, `https://patch.msgid.link/${MID}/`]) {
      expect(threadAddress(thread)).toEqual({ thread, fetch: thread });
    }
  });

  it('knows lore: and Message-IDs without an @', () => {
    expect(threadAddress(`lore:<${MID}>`).fetch).toBe(`https://lore.kernel.org/all/${MID}/t.mbox.gz`);
    expect(threadAddress('https://lore.kernel.org/netdev/pull.1234/T/').thread).toBe(
      'https://lore.kernel.org/netdev/pull.1234/',
    );
  });

  it.each([
    'https://lore.kernel.org/',
    'https://lore.kernel.org/netdev/',
    'https://lore.kernel.org/netdev/?q=s:vsock',
    'https://lore.kernel.org/netdev/new.atom',
    'https://lore.kernel.org/netdev/_/text/help/',
    `${THREAD}2-0001-x.patch`,
    'https://www.example.org/lists/netdev/msg12345.html',
    'https://h/l/%ff@x/',
    'https://',
    'https://h:99999/l/a@b/',
    'lore:',
  ])('refuses %s', (source) => {
    expect(() => threadAddress(source)).toThrow(
      expect.objectContaining({ code: 'SOURCE_ADDRESS', blame: 'usage' }),
    );
  });

  it('refuses a password and does not print it', () => {
    expect(() => threadAddress('https://me:secret@h/l/a@b/')).toThrow(
      /^(?!.*secret).*user name or a password/,
    );
  });

  it('brings any Message-ID to the server as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,20}@[!-~]{1,20}$/), (id) => {
        fc.pre(!/^<.*>$/.test(id));
        const { pathname, href } = new URL(threadAddress(`https://h/l/${encodeURIComponent(id)}/`).fetch);
        const [, list, segment = '', view, ...more] = pathname.split('/');
        expect([list, decodeURIComponent(segment), view, more]).toEqual(['l', id, 't.mbox.gz', []]);
        expect(threadAddress(href).fetch).toBe(href);
      }),
    );
  });

  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(fc.constantFrom('https://h/', 'https:', 'lore:'), fc.string(), (start, text) => {
        try {
          threadAddress(start + text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SOURCE_ADDRESS' });
        }
      }),
    );
  });
});

it('isWebAddress takes no file for an address', () => {
  expect(['https://x', 'http://x', 'HTTP://x', 'lore:x'].every(isWebAddress)).toBe(true);
  expect(['x.mbox', 'https', './lore:x', 'git:x#a..b', ''].some(isWebAddress)).toBe(false);
});
