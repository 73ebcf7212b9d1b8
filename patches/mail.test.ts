// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RespinError } from '../core/errors.ts';
import type { CoverLetter, Patch } from '../core/series.ts';
import { runOk } from '../system/exec.ts';
import { edited, encoded, fixture } from './fixtures.ts';
import { parseMail } from './mail.ts';
import { splitMbox } from './mbox.ts';

const FIRST = 'mails/series-v2/v2-0001-vsock-let-the-receive-buffer-be-larger.patch';
const SECOND = 'mails/series-v2/v2-0002-vsock-say-ERANGE.patch';
const THIRD = 'mails/series-v2/v2-0003-tools-rename-the-script-gr-ner.patch';
const COVER = 'mails/series-v2/v2-0000-cover-letter.patch';

async function patchOf(mail: Uint8Array): Promise<Patch> {
  const parsed = await parseMail(mail, 'x.patch');
  if (parsed.kind !== 'patch') throw new Error(`a ${parsed.kind}`);
  return parsed.patch;
}

async function errorOf(mail: Uint8Array): Promise<RespinError> {
  return await parseMail(mail, 'x.patch').then(
    (parsed) => {
      throw new Error(`parsed as ${parsed.kind}`);
    },
    (error: RespinError) => error,
  );
}

describe('parseMail', () => {
  it('reads what git format-patch writes', async () => {
    const parsed = await parseMail(fixture(FIRST), '0001.patch');
    expect(parsed).toMatchObject({
      kind: 'patch',
      subject: { version: 'v2', versionNamed: true },
      patch: {
        index: 1,
        total: 3,
        subject: 'vsock: let the receive buffer be larger',
        prefixes: ['net-next'],
        author: { name: 'Zoë Müller', email: 'zoe@example.org' },
        date: 'Tue, 14 Nov 2023 23:14:20 +0100',
        messageId: 'b7fb0b7352d7d9f59c4d7d3af88580198c963d9b.1700000900.git.zoe@example.org',
        body:
          'The guest posts buffers of one page. Larger ones cost fewer\ninterrupts.\n\n' +
          'Fixes: 123456789abc ("vsock: first version")\nSigned-off-by: Zoë Müller <zoe@example.org>',
        notes: ' include/transport.h | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)',
        origin: '0001.patch',
      },
    });
  });

  it('takes the author from the From in the body', async () => {
    const patch = await patchOf(fixture(THIRD));
    expect(patch.author).toEqual({ name: 'Ola Nordmann', email: 'ola@example.org' });
    expect(patch.subject).toBe('tools: rename the script, grüner');
    expect(patch.body).toMatch(/^From here on it has a name/);
    expect(patch.files.map((file) => file.change)).toEqual(['added', 'renamed']);
  });

  it('reads a cover letter with its base', async () => {
    const parsed = await parseMail(fixture(COVER), 'x');
    expect(parsed).toMatchObject({
      kind: 'cover',
      baseCommit: '4f0e488e25f9b5e23ba1b8e738a7e23fcf1f2f4c',
      cover: { subject: 'vsock: larger receive buffers', author: { email: 'zoe@example.org' } },
    });
    const cover = (parsed as { cover: CoverLetter }).cover;
    expect(cover.body).toMatch(/^This series makes[\s\S]*Changes in v2:\n- say ERANGE/);
    expect(cover.body).not.toContain('2.39.5');
  });

  it('keeps notes apart from the message', async () => {
    const mail = edited(SECOND, (text) => text.replace('---\n net', '---\nChanges in v2:\n- new\n\n net'));
    const patch = await patchOf(mail);
    expect(patch.body).toBe('Signed-off-by: Zoë Müller <zoe@example.org>');
    expect(patch.notes).toMatch(/^Changes in v2:\n- new\n\n net\/vmw_vsock/);
  });

  it('reads base-commit behind the diff', async () => {
    const base = 'a'.repeat(40);
    const mail = edited(SECOND, (text) => text.replace('-- \n', `\nbase-commit: ${base}\n-- \n`));
    expect(await parseMail(mail, 'x')).toMatchObject({ baseCommit: base });
    const inHunk = edited(SECOND, (text) => text.replace('+\t\treturn -ERANGE;', `+base-commit: ${base}`));
    expect(await parseMail(inHunk, 'x')).toMatchObject({ baseCommit: null });
  });

  it('drops what is above the scissors, and reads the headers below', async () => {
    const mail = edited(SECOND, (text) =>
      text.replace(
        '\n\nSigned-off',
        '\n\nHi all,\nwhat about this:\n\n-- >8 --\nFrom: Ola <ola@example.org>\nSubject: [PATCH] better words\n\nWhy.\n\nSigned-off',
      ),
    );
    const patch = await patchOf(mail);
    expect(patch.subject).toBe('better words');
    expect(patch.author.name).toBe('Ola');
    expect(patch.body).toBe('Why.\n\nSigned-off-by: Zoë Müller <zoe@example.org>');
  });

  it.each(['base64', 'quoted-printable'] as const)('reads %s', async (encoding) => {
    for (const name of [FIRST, SECOND, THIRD]) {
      const { mail: _plain, ...plain } = await patchOf(fixture(name));
      const { mail: _coded, ...coded } = await patchOf(encoded(fixture(name), encoding));
      expect(coded).toEqual(plain);
    }
  });

  it('reads other charsets', async () => {
    const text = fixture(SECOND).toString('utf8').replace('charset=UTF-8', 'charset=iso-8859-1');
    const patch = await patchOf(Buffer.from(text, 'latin1'));
    expect(patch.body).toBe('Signed-off-by: Zoë Müller <zoe@example.org>');
  });

  it('reads a patch attached as text', async () => {
    const patch = await patchOf(fixture('mails/attached.patch'));
    expect(patch.files[0]?.newPath).toBe('net/vmw_vsock/transport.c');
    expect(patch.body).toBe('Signed-off-by: Zoë Müller <zoe@example.org>');
  });

  it('takes replies and talk for neither', async () => {
    const reply = edited(FIRST, (text) => text.replace('Subject: ', 'Subject: Re: '));
    expect((await parseMail(reply, 'x')).kind).toBe('other');
    const talk = Buffer.from('From: a@example.org\nSubject: a question\n\n@@ -1 +1 @@\nwhat is this?\n');
    expect((await parseMail(talk, 'x')).kind).toBe('other');
  });

  it('gives git am one mail, however its text begins', async () => {
    const nested = 'From 0123456789 Mon Sep 17 00:00:00 2001\nFrom: x@example.org\nSubject: y\n';
    const patch = await patchOf(edited(SECOND, (text) => text.replace('\nSigned', `\n${nested}\nSigned`)));
    expect(patch.body).toContain('\nFrom: x@example.org');
    expect(splitMbox(patch.mail)).toHaveLength(1);
  });
});

describe('line ends', () => {
  const crlf = (mail: Buffer): Buffer => Buffer.from(mail.toString('utf8').replaceAll('\n', '\r\n'));

  it('takes CRLF everywhere for the transport', async () => {
    expect(await patchOf(crlf(fixture(FIRST)))).toEqual(await patchOf(fixture(FIRST)));
    const coded = await patchOf(crlf(encoded(fixture(FIRST), 'base64')));
    expect(coded.files).toEqual((await patchOf(fixture(FIRST))).files);
  });

  it('keeps the CR of a CRLF file, also through CRLF transport', async () => {
    const patch = await patchOf(fixture('mails/crlf-content.patch'));
    expect(patch.files[0]?.hunks[0]?.lines.map((line) => line.text)).toContain('TWO\r');
    expect(Buffer.from(patch.mail).includes('+TWO\r\n')).toBe(true);
    expect(await patchOf(crlf(fixture('mails/crlf-content.patch')))).toEqual(patch);
    const { mail: _, ...coded } = await patchOf(
      encoded(fixture('mails/crlf-content.patch'), 'quoted-printable'),
    );
    expect(coded.files).toEqual(patch.files);
  });

  it.each([
    ['a diff half CRLF, half LF', edited(FIRST, (text) => text.replace(/^(diff|@@) .*$/gm, '$&\r'))],
    [
      'CRLF inside of base64',
      encoded(
        Buffer.from(
          fixture(FIRST)
            .toString()
            .replace(/\n\n[\s\S]*/, (body) => `\n\n${body.slice(2).replaceAll('\n', '\r\n')}`),
        ),
        'base64',
      ),
    ],
  ])('%s is MAIL_CRLF', async (_, mail) => {
    expect(await errorOf(mail)).toMatchObject({ code: 'MAIL_CRLF', blame: 'series', exitCode: 1 });
  });
});

describe('bad mails', () => {
  const html = (name: string): Buffer => edited(name, (text) => text.replace('text/plain', 'text/html'));
  const alternative = Buffer.from(
    'From: a@example.org\nSubject: [PATCH] x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n' +
      '--b\nContent-Type: text/plain\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n' +
      '--b\nContent-Type: text/html\n\n<p>x</p>\n--b--\n',
  );
  const flowed = (edit: (text: string) => string): Buffer =>
    edited(SECOND, (text) => edit(text.replace('charset=UTF-8', 'charset=UTF-8; format=flowed')));
  const path2 = (from: string, to: string): Buffer => edited(FIRST, (text) => text.replaceAll(from, to));
  const added = (name: string, mode: string, line: string): Buffer =>
    edited('mails/single-rfc.patch', (text) =>
      text
        .replaceAll('a/tools/run.sh b/tools/run-tests.sh', `a/${name} b/${name}`)
        .replace(
          /similarity index[\s\S]*?run-tests.sh\n/,
          `new file mode ${mode}\nindex 0000000..1234567\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+${line}\n\\ No newline at end of file\n`,
        ),
    );

  it.each([
    ['cut in a hunk', edited(SECOND, (text) => text.slice(0, -400)), 'PATCH_TRUNCATED'],
    [
      'cut in a hunk, encoded',
      encoded(
        edited(SECOND, (text) => text.slice(0, -400)),
        'base64',
      ),
      'PATCH_TRUNCATED',
    ],
    [
      'cut between two files',
      edited(THIRD, (text) => text.replace(/diff --git a\/tools\/run[\s\S]*/, '')),
      'PATCH_TRUNCATED',
    ],
    ['cut in its headers', edited(FIRST, (text) => text.slice(0, text.indexOf('MIME'))), 'PATCH_TRUNCATED'],
    [
      'without a diff',
      edited(FIRST, (text) => text.replace(/\ndiff --git[\s\S]*/, '\nno diff\n')),
      'PATCH_EMPTY',
    ],
    [
      'with a quoted diff',
      edited(FIRST, (text) => text.replace(/\n(?=diff|index|---|\+|@@|-|\+| )/g, '\n> ')),
      'PATCH_EMPTY',
    ],
    ['binary without data', fixture('mails/binary-no-data.patch'), 'PATCH_BINARY'],
    ['HTML', html(FIRST), 'MAIL_HTML'],
    ['plain text and HTML', alternative, 'MAIL_HTML'],
    [
      'format=flowed, wrapped',
      flowed((text) => text.replace(' static int step_2(int value)', ' static int \nstep_2(int value)')),
      'MAIL_DAMAGED',
    ],
    ['format=flowed, stuffed', flowed((text) => text.replace(/^ (?=[ \t{}s])/gm, '  ')), 'MAIL_DAMAGED'],
    [
      'format=flowed, wrapped, encoded',
      encoded(
        flowed((text) => text.replace(' static int step_2(int value)', ' static int \nstep_2(int value)')),
        'base64',
        'text/plain; charset=UTF-8; format=flowed',
      ),
      'MAIL_DAMAGED',
    ],
    [
      'wrapped',
      edited(SECOND, (text) =>
        text.replace(' static int step_2(int value)', ' static int\nstep_2(int value)'),
      ),
      'MAIL_DAMAGED',
    ],
    ['tabs made spaces', edited(SECOND, (text) => text.replaceAll('\t', '        ')), 'MAIL_DAMAGED'],
    ['an absolute path', path2('/include/transport.h', '//etc/transport.h'), 'PATCH_PATH_UNSAFE'],
    ['a path out of the tree', path2('/include/transport.h', '/include/../../x.h'), 'PATCH_PATH_UNSAFE'],
    ["git's own folder", path2('/include/transport.h', '/.git/hooks/post-commit'), 'PATCH_PATH_UNSAFE'],
    ["git's own folder, folded", path2('/include/transport.h', '/net/.GIT/config'), 'PATCH_PATH_UNSAFE'],
    ['a symlink out of the tree', added('tools/link', '120000', '../../outside'), 'PATCH_PATH_UNSAFE'],
    [
      'an absolute symlink, its mode spelled otherwise',
      added('tools/link', '0120000', '/etc'),
      'PATCH_PATH_UNSAFE',
    ],
    ['a submodule', added('tools/sub', '160000', 'Subproject commit 1'), 'PATCH_PATH_UNSAFE'],
    ['bare git diff', fixture('diffs/crlf.diff'), 'MAIL_HEADERS'],
  ])('%s', async (_, mail, code) => {
    const error = await errorOf(Buffer.from(mail));
    expect(error).toMatchObject({ code, blame: 'series', exitCode: 1 });
    expect(error.message).toContain('x.patch');
    expect(error.hint).not.toBe('');
  });

  it('reads a format=flowed part as it stands', async () => {
    const parts = edited(SECOND, (text) => {
      const [head = '', ...body] = text.split('\n\n');
      const bare = head.replace(/\n(?:MIME|Content)[^\n]*/g, '');
      return [
        `${bare}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"`,
        `--x\nContent-Type: text/plain; charset=UTF-8;\n format=flowed\n\n${body.join('\n\n')}\n--x--\n`,
      ].join('\n\n');
    });
    expect((await patchOf(parts)).files).toEqual((await patchOf(fixture(SECOND))).files);
  });

  it('lets a well-formed format=flowed patch, a symlink within the tree and a binary patch pass', async () => {
    expect((await patchOf(flowed((text) => text))).files).toHaveLength(1);
    expect((await patchOf(added('tools/link', '120000', '../include/transport.h'))).files).toHaveLength(2);
    expect((await patchOf(fixture('mails/binary-data.patch'))).files[0]?.binary).toBe(true);
  });

  it('lets a patch pass that a person has shortened, as long as the mail is whole', async () => {
    const mail = edited(THIRD, (text) => text.replace(/diff --git a\/tools\/run[\s\S]*(?=-- \n)/, ''));
    expect((await patchOf(mail)).files).toHaveLength(1);
  });
});

describe('mails made worse', () => {
  it('misses no line that is lost from a hunk', async () => {
    const lines = fixture(SECOND).toString('utf8').split('\n');
    const first = lines.findIndex((line) => line.startsWith('@@ ')) + 1;
    const last = lines.indexOf('-- ') - 1;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: first, max: last }), async (at) => {
        const error = await errorOf(Buffer.from(lines.toSpliced(at, 1).join('\n')));
        expect(error.code).toMatch(/^(PATCH_TRUNCATED|MAIL_DAMAGED)$/);
      }),
      { numRuns: 40 },
    );
  });

  it('either reads a mail or throws an error of its own, whatever bytes it meets', async () => {
    const mails = [fixture(THIRD), fixture('mails/attached.patch'), encoded(fixture(FIRST), 'base64')];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...mails),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        fc.uint8Array({ maxLength: 20 }),
        async (mail, place, drop, put) => {
          const at = Math.floor(place * mail.length);
          const bytes = Buffer.concat([mail.subarray(0, at), put, mail.subarray(at + drop)]);
          await parseMail(bytes, 'x.patch').catch((error: unknown) => {
            expect(error).toBeInstanceOf(RespinError);
            expect((error as RespinError).blame).toBe('series');
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('beside git mailinfo', () => {
  const all: [string, Buffer][] = [
    ...[
      FIRST,
      SECOND,
      THIRD,
      'mails/single-rfc.patch',
      'mails/attached.patch',
      'mails/crlf-content.patch',
      'mails/binary-data.patch',
    ].map((name): [string, Buffer] => [name, fixture(name)]),
    ['base64', encoded(fixture(THIRD), 'base64')],
    ['quoted-printable', encoded(fixture(THIRD), 'quoted-printable')],
    [
      'scissors',
      edited(SECOND, (text) =>
        text.replace('\n\nSigned', '\n\nHi\n\n -- >8 -- cut\nFrom: Ola <ola@example.org>\n\nSigned'),
      ),
    ],
  ];

  it.each(all)('%s: the same author, subject, message and diff', async (_, mail) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'respin-test-'));
    try {
      const patch = await patchOf(mail);
      const [msg, diff] = [path.join(folder, 'msg'), path.join(folder, 'diff')];
      // What git am does with Patch.mail: split it, then read the one mail.
      const split = ['mailsplit', '--mboxrd', '--keep-cr', '-b', `-o${folder}`];
      expect((await runOk('git', split, { input: patch.mail })).stdout.trim()).toBe('1');
      const one = await readFile(path.join(folder, '0001'));
      const info = (await runOk('git', ['mailinfo', '--scissors', msg, diff], { input: one, cwd: folder }))
        .stdout;
      expect(info).toBe(
        `Author: ${patch.author.name}\nEmail: ${patch.author.email}\nSubject: ${patch.subject}\nDate: ${patch.date}\n\n`,
      );
      expect((await readFile(msg, 'utf8')).trim()).toBe(patch.body);
      const { parseDiff } = await import('./diff.ts');
      expect(parseDiff(await readFile(diff, 'utf8'))).toEqual(patch.files);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
