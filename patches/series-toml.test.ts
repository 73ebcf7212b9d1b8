// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { RespinError } from '../core/errors.ts';
import { lineOfKey, parseSeriesToml } from './series-toml.ts';

const GOOD = `# a comment
title = "vsock: larger buffers"
tree = "debian:linux-source-6.12"
prefix = "net-next"
list = ["netdev@example.org", "virtualization@example.org"]
authors = ["Zoë Müller <zoe@example.org>"]

[[versions]]
version = "v2"
date = 2026-02-03
note = "after review"
changelog = ["say ERANGE", "rename the script"]
url = "https://example.org/v2"

[[versions]]
version = "v1"
date = "2026-01-31"
changelog = "first"
`;

const errorOf = async (text: string): Promise<RespinError> =>
  await parseSeriesToml(text, 's.toml').then(
    () => {
      throw new Error('accepted');
    },
    (error: RespinError) => error,
  );

describe('parseSeriesToml', () => {
  it('reads every key, versions in order', async () => {
    expect(await parseSeriesToml(GOOD, 's.toml')).toEqual({
      title: 'vsock: larger buffers',
      tree: 'debian:linux-source-6.12',
      prefix: 'net-next',
      lists: ['netdev@example.org', 'virtualization@example.org'],
      cc: [],
      authors: ['Zoë Müller <zoe@example.org>'],
      versions: [
        {
          ...{ version: 'v1', date: '2026-01-31', note: null, changelog: ['first'], url: null },
          ...{ messageId: null, tested: [], measured: [] },
        },
        {
          version: 'v2',
          date: '2026-02-03',
          note: 'after review',
          changelog: ['say ERANGE', 'rename the script'],
          url: 'https://example.org/v2',
          ...{ messageId: null, tested: [], measured: [] },
        },
      ],
      base: null,
    });
  });

  it('reads what is known of a series whose mails are elsewhere', async () => {
    const read = await parseSeriesToml(
      `title = "x"
base = "95ec6bce2a0b"
[[versions]]
version = "v1"
message-id = "20260203-v2@example.org"
tested = ["vsock_test g2h"]
measured = [{ test = "64KB, g2h", before = "1 Gb/s", after = "2 Gb/s" }]
`,
      's.toml',
    );
    expect(read).toMatchObject({ base: '95ec6bce2a0b' });
    expect(read.versions[0]).toMatchObject({
      messageId: '20260203-v2@example.org',
      tested: ['vsock_test g2h'],
      measured: [{ test: '64KB, g2h', before: '1 Gb/s', after: '2 Gb/s' }],
    });
  });

  it.each([
    ['base = "main"', 's.toml:1: base: must be the id of a commit'],
    [
      'message-id = "<a@b>"',
      's.toml:5: versions[1].message-id: must be a Message-ID without its angle brackets',
    ],
    ['measured = [{ test = "x" }]', 's.toml:5: versions[1].measured[1].before: is missing'],
  ])('%s is none of it', async (line, message) => {
    const inVersion = !line.startsWith('base');
    const text = `${inVersion ? '' : `${line}\n`}title = "x"\n\n[[versions]]\nversion = "v1"\n${inVersion ? line : ''}\n`;
    expect((await errorOf(text)).message).toBe(message);
  });

  it('reads who else it goes to', async () => {
    const of = async (cc: string) => (await parseSeriesToml(`cc = ${cc}\n${GOOD}`, 's.toml')).cc;
    expect(await of('"ola@example.org"')).toEqual(['ola@example.org']);
    expect(await of('["Ola Berg <ola@example.org>", "<bot@example.org>"]')).toHaveLength(2);
    await expect(of('["Ola Berg"]')).rejects.toThrow(
      's.toml:1: cc[1]: must be "Name <address>" or an address',
    );
  });

  it('needs a title and one version', async () => {
    const read = await parseSeriesToml('title = "x"\n[[versions]]\nversion = "v1"\n', 's.toml');
    expect(read).toMatchObject({
      tree: null,
      prefix: null,
      lists: [],
      cc: [],
      authors: [],
      versions: [{ date: null }],
    });
  });

  it.each([
    ['bad TOML', GOOD.replace('"net-next"', '"net-next'), /^s\.toml:4:\d+: /],
    ['no title', GOOD.replace(/^title.*\n/m, ''), /^s\.toml:1: title: is missing$/],
    ['a title that is no text', GOOD.replace(/^title.*/m, 'title = 7'), /^s\.toml:2: title: must be string/],
    [
      'an unknown key',
      GOOD.replace('prefix =', 'prefx ='),
      /^s\.toml:4: prefx: there is no such key; did you mean prefix\?$/,
    ],
    [
      'an unknown key of a version',
      GOOD.replace('note =', 'notes ='),
      /^s\.toml:11: versions\[1\]\.notes: there is no such key; did you mean note\?$/,
    ],
    [
      'a version that is none',
      GOOD.replace('"v1"', '"1"'),
      /^s\.toml:16: versions\[2\]\.version: must be v1, v2 and so on, or rfc-v1$/,
    ],
    [
      'a version without its number',
      GOOD.replace('version = "v1"\n', ''),
      /^s\.toml:15: versions\[2\]\.version: is missing$/,
    ],
    ['a version twice', GOOD.replace('"v1"', '"v2"'), /^s\.toml:16: versions: v2 is there twice$/],
    [
      'a date that is none',
      GOOD.replace('"2026-01-31"', '"soon"'),
      /^s\.toml:17: versions\[2\]\.date: must be a date/,
    ],
    ['a tree that is none', GOOD.replace('debian:', ''), /^s\.toml:3: tree: must be debian:PACKAGE/],
    [
      'an author without an address',
      GOOD.replace(' <zoe@example.org>', ''),
      /^s\.toml:6: authors\[1\]: must be "Name <address>"$/,
    ],
    ['no versions', 'title = "x"\n', /^s\.toml:1: versions: is missing$/],
    [
      'a url that is none',
      GOOD.replace('https://example.org/v2', 'here'),
      /^s\.toml:13: versions\[1\]\.url: must be an address/,
    ],
  ])('%s', async (_, text, message) => {
    const error = await errorOf(text);
    expect(error).toMatchObject({ code: 'SERIES_TOML', blame: 'usage', exitCode: 2 });
    expect(error.message).toMatch(message);
  });

  it('tells every fault at once', async () => {
    const error = await errorOf(GOOD.replace('prefix =', 'prefx =').replace('"v1"', '"1"'));
    expect(`${error.message}\n${error.detail}`.split('\n')).toHaveLength(2);
  });
});

describe('lineOfKey', () => {
  it('finds keys of tables and falls back to their table', () => {
    expect(lineOfKey(GOOD, ['tree'])).toBe(3);
    expect(lineOfKey(GOOD, ['versions', 1, 'date'])).toBe(17);
    expect(lineOfKey(GOOD, ['versions', 1, 'note'])).toBe(15);
    expect(lineOfKey(GOOD, ['nothing'])).toBe(1);
  });
});
