// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../patches/diff.ts';
import { projectRoot } from '../../system/paths.ts';
import { type PageLine, type PageReply, readPage } from './page.ts';

const text = (...names: string[]): string => readFileSync(path.join(projectRoot, ...names), 'utf8');
const SEED = text('test', 'fixtures', 'review', 'v8-review.txt');

function read(page: string): PageReply {
  const reply = readPage(page);
  if (reply === null) throw new Error('not taken for a page');
  return reply;
}

const of = (lines: readonly PageLine[], kind: PageLine['kind']): string[] =>
  lines.filter((line) => line.kind === kind).map((line) => line.text);
const ownOf = (page: string): string[] => of(read(page).lines, 'own').filter((line) => line !== '');

const TOP = ['Re: [PATCH v2] net: count it', '', '[Date Prev][Date Next][Thread Prev]', ''];
const SAID = 'On Mon, Mar 4, 2024 at 10:11:12AM +0100, Ada Author wrote:';
const page = (...lines: string[]): string =>
  [...TOP, SAID, ...lines, '', '\u00a0 Powered by Linux', ''].join('\n');

describe('the seed page', () => {
  const reply = read(SEED);
  const quote = of(reply.lines, 'quote');
  const files = quote.flatMap((line, at) => (line.startsWith('diff --git ') ? [at] : []));

  it('has its subject, its writer and whom he answers', () => {
    expect(reply.subject).toBe('Re: [PATCH net-next v8] virtio/vsock: replace virtio_vsock_pkt with sk_buff');
    expect(reply.from).toEqual({ name: 'Stefano Garzarella', email: 'sgarzare@xxxxxxxxxx' });
    expect(reply.date).toBe('');
    expect(reply.attribution).toEqual({
      name: 'Bobby Eshleman',
      date: 'Thu, Dec 15, 2022 at 04:36:44AM +0000',
    });
  });

  it('has exactly the own lines that were written', () => {
    const numbers = reply.lines.filter((line) => line.kind === 'own').map((line) => line.number);
    const span = (from: number, to: number): number[] =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at);
    expect(numbers).toEqual([...span(142, 151), ...span(597, 608)]);
    const own = of(reply.lines, 'own');
    expect(own[1]).toMatch(/^Sorry for coming late/);
    expect(own[6]).toMatch(/^Reviewed-by: /);
    expect(own).toContain(`${' '.repeat(35)}bool tap_delivered)`);
    expect(own.slice(-2)).toEqual(['Thanks,', 'Stefano']);
  });

  it('gives the whole file back as a diff', () => {
    const [file] = parseDiff(quote.slice(files[0], files[1]).join('\n'));
    expect(file?.newPath).toBe('drivers/vhost/vsock.c');
    expect(file?.hunks).toHaveLength(16);
    const removed = file?.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === 'del');
    expect(file?.hunks[1]?.lines[0]?.text).toBe('\tvhost_disable_notify(&vsock->dev, vq);');
    // 213 changes, says the diffstat.
    const added = file?.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === 'add');
    expect((removed?.length ?? 0) + (added?.length ?? 0)).toBe(213);
  });

  it('quotes the diffstat and wrapped changelog entries with their blanks', () => {
    expect(quote).toContain(' drivers/vhost/vsock.c                   | 213 +++++-------');
    expect(quote).toContain(' 5 files changed, 495 insertions(+), 466 deletions(-)');
    expect(quote).toContain('  had no perf impact. The above data is still from patch');
  });

  it('has no navigation and no list footer', () => {
    expect(
      reply.lines.filter((line) => /Date Prev|Powered|mailman|mailing list|____/.test(line.text)),
    ).toEqual([]);
    for (const line of reply.lines.filter((one) => one.kind === 'own')) {
      expect(line.text).toBe(SEED.split('\n')[line.number - 1]);
    }
  });
});

describe('what is a page', () => {
  it('a mail is none, with or without its mbox line', () => {
    const mail = `From: A <a@example.org>\nSubject: Re: x\nMessage-ID: <1@example.org>\n\n${SAID}\nx\n`;
    expect(readPage(mail)).toBeNull();
    expect(readPage(`From a@example.org Mon Mar  4 10:11:12 2024\n${mail}`)).toBeNull();
    expect(readPage(`From: A <a@example.org>\nSubject: Re: x\nDate: today\n\n${SAID}\nx\n`)).toBeNull();
  });

  it('an empty text, a patch and a note are none', () => {
    for (const none of ['', '\n\n', 'hello', 'diff --git a/x b/x\n', 'Re: only a subject\n\nwords\n']) {
      expect(readPage(none), none).toBeNull();
    }
  });

  it('the fields a page shows are read', () => {
    const reply = read(
      [
        ...TOP,
        '  * *Subject*: Re: [PATCH v2] net: count it',
        '  * *From*: Rita Reviewer <rita@xxxxxxxxxxx>',
        '  * *Date*: Tue, 5 Mar 2024 09:00:00 +0100',
        '  * *Cc*: Ada Author <ada@xxxxxxxxxxx>,',
        '      netdev@xxxxxxxxxxxxxxx',
        '',
        SAID,
        'Count it twice.',
        '',
        'Thanks,',
        'Rita',
        '',
        '  * *Follow-Ups*:',
        '      + Re: [PATCH v2] net: count it',
      ].join('\n'),
    );
    expect(reply.from).toEqual({ name: 'Rita Reviewer', email: 'rita@xxxxxxxxxxx' });
    expect(reply.date).toBe('Tue, 5 Mar 2024 09:00:00 +0100');
    expect(of(reply.lines, 'quote')).toEqual(['Count it twice.']);
    expect(of(reply.lines, 'own')).toEqual(['', 'Thanks,', 'Rita']);
  });

  it('an archive that keeps the quote marks is read by them', () => {
    const { lines } = read(page('> One thing.', '>', '> \tcode();', '', 'No, two.'));
    expect(of(lines, 'quote')).toEqual(['One thing.', '', '\tcode();']);
    expect(of(lines, 'own')).toEqual(['', 'No, two.']);
  });

  it('what stands above the attribution line is own', () => {
    const { lines } = read([...TOP, 'Please resend.', '', SAID, 'Words.'].join('\n'));
    expect(lines.map((line) => `${line.kind} ${line.text}`)).toEqual([
      'own Please resend.',
      'own ',
      'quote Words.',
    ]);
  });
});

describe('the attribution line', () => {
  it.each([
    [
      'On Mon, Mar 04, 2024 at 10:11:12AM +0100, Ada Author wrote:',
      'Ada Author',
      'Mon, Mar 04, 2024 at 10:11:12AM +0100',
    ],
    [
      'On 4 Mar 2024, at 10:11, Ada B. Author <ada@xxxxxxxxxxx> wrote:',
      'Ada B. Author',
      '4 Mar 2024, at 10:11',
    ],
    ['On 3/4/24 10:11 AM, Ada Author via B4 Relay wrote:', 'Ada Author via B4 Relay', '3/4/24 10:11 AM'],
    [
      'On Mon, 4 Mar 2024 10:11:12 +0100 Ada Author <ada@xxxxxxxxxxx> wrote:',
      'Ada Author',
      'Mon, 4 Mar 2024 10:11:12 +0100',
    ],
    ['Ada Author <ada@xxxxxxxxxxx> writes:', 'Ada Author', ''],
    ['Am 04.03.24 um 10:11 schrieb Ada Author:', 'Ada Author', '04.03.24 um 10:11'],
  ])('%s', (line, name, date) => {
    expect(read([...TOP, line, 'Words.'].join('\n')).attribution).toEqual({ name, date });
  });

  it('may be wrapped', () => {
    const reply = read(
      [...TOP, 'On Mon, Mar 04, 2024 at 10:11:12AM +0100, Ada Author', '<ada@xxxxxxxxxxx> wrote:', 'W.'].join(
        '\n',
      ),
    );
    expect(reply.attribution?.name).toBe('Ada Author');
    expect(reply.lines).toEqual([{ kind: 'quote', text: 'W.', number: 7 }]);
  });

  it('a sentence is none', () => {
    const reply = read([...TOP, 'As I wrote:', 'no.'].join('\n'));
    expect(reply.attribution).toBeNull();
    expect(of(reply.lines, 'own')).toEqual(['As I wrote:', 'no.']);
  });
});

describe('the message above the diff', () => {
  const MESSAGE = [
    'Count the packets.',
    '',
    'I think we need it.',
    '',
    'Signed-off-by: Ada Author <ada@xxxxxxxxxxx>',
  ];

  it('stays quoted though it reads as somebody talking', () => {
    expect(ownOf(page(...MESSAGE))).toEqual([]);
  });

  it('a tag below the sign-off is own, one among the trailers is not', () => {
    const tag = 'Acked-by: Rita Reviewer <rita@xxxxxxxxxxx>';
    const reply = read(page(...MESSAGE, '', tag));
    expect(of(reply.lines, 'own')).toEqual(['', tag]);
    expect(reply.from).toEqual({ name: 'Rita Reviewer', email: 'rita@xxxxxxxxxxx' });
    expect(ownOf(page(...MESSAGE, tag))).toEqual([]);
  });

  it('words between diffstat and diff are own', () => {
    const stat = ['---', 'net/x.c | 2 +-', '1 file changed, 1 insertion(+), 1 deletion(-)'];
    const below = ['base-commit: 0123456789abcdef', 'create mode 100644 net/y.c'];
    expect(ownOf(page(...MESSAGE, ...stat, ...below, '', 'This should be two patches.'))).toEqual([
      'This should be two patches.',
    ]);
  });

  it('a greeting is own when it greets who is answered, a signature when it is not his', () => {
    expect(ownOf(page('Hi Ada,', '', 'Words.', '', 'Thanks,', 'Rita'))).toEqual([
      'Hi Ada,',
      'Thanks,',
      'Rita',
    ]);
    expect(ownOf(page('Hi Rita,', '', 'Words.', '', 'Thanks,', 'Ada'))).toEqual([]);
  });
});

const PATCH = [
  'diff --git a/net/x.c b/net/x.c',
  'index 0123456789ab..ba9876543210 100644',
  '--- a/net/x.c',
  '+++ b/net/x.c',
  '@@ -10,7 +10,8 @@ static int count(struct sock *sk)',
  ' {',
  ' \tstruct counter *c = sk->counter;',
  ' ',
  '-\tc->n++;',
  '+\tspin_lock(&c->lock);',
  '+\tc->n++;',
  ' \treturn 0;',
  ' }',
  ' ',
];

/** As the archive shows a quoted line. */
const lost = (line: string): string => (line.startsWith(' ') ? line.slice(1) : line);

describe('a hunk', () => {
  const put = (at: number, own: string[], patch = PATCH): string =>
    page(...patch.slice(0, at).map(lost), ...own, ...patch.slice(at).map(lost));

  it.each([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])('words below its line %i are told from it', (at) => {
    const own = [
      '',
      'Who unlocks it?',
      '',
      'Something like',
      '',
      'spin_unlock(&c->lock);',
      '',
      'is missing.',
      '',
    ];
    const reply = read(put(at, own));
    expect(of(reply.lines, 'own').filter((line) => line !== '')).toEqual(own.filter((line) => line !== ''));
    expect(parseDiff(`${of(reply.lines, 'quote').join('\n')}\n`)).toEqual(parseDiff(PATCH.join('\n')));
  });

  it('words need no empty line around them', () => {
    expect(ownOf(put(10, ['Who unlocks it?']))).toEqual(['Who unlocks it?']);
  });

  it('is read the same where the archive keeps the blank of context lines', () => {
    const kept = page(...PATCH.slice(0, 11), '', 'if (!c)', '        return 0;', '', ...PATCH.slice(11));
    expect(ownOf(kept)).toEqual(['if (!c)', '        return 0;']);
    expect(of(read(kept).lines, 'quote').filter((line) => line.trim() !== '')).toEqual(
      PATCH.filter((line) => line.trim() !== ''),
    );
  });

  it('that is cut has what reads as words below its last change for own', () => {
    const cut = [...PATCH.slice(0, 11).map(lost), '', 'Who unlocks it?', '', 'Rita'];
    expect(ownOf(page(...cut))).toEqual(['Who unlocks it?', 'Rita']);
  });

  it('that only lost its context below a comment is not trusted with its count', () => {
    const cut = [...PATCH.slice(0, 12).map(lost), '', 'Who unlocks it?', '', 'Thanks,', 'Rita'];
    expect(ownOf(page(...cut))).toEqual(['Who unlocks it?', 'Thanks,', 'Rita']);
  });

  it('a list of the replier is no removed line', () => {
    const list = ['', 'Two things:', '- the lock is not taken for readers', '- nobody gives it back', ''];
    expect(ownOf(put(11, list))).toEqual(list.filter((line) => line !== ''));
  });

  it('a change that the replier proposes is no part of it', () => {
    const own = ['', 'Better:', '', '-\tc->n++;', '+\tcounter_inc(c);', '', 'which locks.', ''];
    expect(ownOf(put(10, own))).toEqual(own.filter((line) => line !== ''));
  });

  it("words between a file's names and its first hunk are own", () => {
    expect(ownOf(put(4, ['', 'Wrong file.', '']))).toEqual(['Wrong file.']);
  });

  it("git's signature ends it, and what follows is own", () => {
    const reply = read(page(...PATCH.map(lost), '--', '2.39.5', '', 'Looks good.', '', 'Thanks,', 'Rita'));
    expect(of(reply.lines, 'own').filter((line) => line !== '')).toEqual(['Looks good.', 'Thanks,', 'Rita']);
    expect(of(reply.lines, 'quote').slice(-2)).toEqual(['-- ', '2.39.5']);
    expect(reply.from).toEqual({ name: 'Rita', email: '' });
  });

  it("a replier's signature is own", () => {
    expect(ownOf(page(...PATCH.map(lost), '', 'Fine.', '', '--', 'Rita'))).toEqual(['Fine.', '--', 'Rita']);
  });

  it('of a text file keeps its prose', () => {
    const doc = [
      'diff --git a/Documentation/x.rst b/Documentation/x.rst',
      '--- a/Documentation/x.rst',
      '+++ b/Documentation/x.rst',
      '@@ -1,6 +1,7 @@',
      ' Counters',
      ' ========',
      ' ',
      '+They are kept for each socket.',
      ' The counters of a socket can be read without the lock.',
      ' They may then be out of date.',
      ' ',
    ];
    expect(ownOf(put(8, ['', 'I would say "per socket" here.', ''], doc))).toEqual([
      'I would say "per socket" here.',
    ]);
    expect(ownOf(put(8, [], doc))).toEqual([]);
  });
});

describe('pages made from real patches', () => {
  const SAYINGS = [
    ['This can sleep, and the caller holds the lock here.'],
    ['Why not use the helper?'],
    ['I would move this check up, so that the error', 'path below does not need to know about it.'],
    ['nit: a blank line is missing here'],
    [
      'We should check what it returns before we touch',
      'skb->len.',
      '',
      'Something like',
      '',
      'if (ret < 0)',
      '        goto out;',
      '',
      'should be enough.',
    ],
    ['LGTM'],
    ['Is the barrier needed? The lock gives the order already as far as', 'I understand it.'],
  ];
  const folder = ['patches', 'vsock-rx-buffers', 'v1'];
  const patches = [
    '0001-vsock-virtio-post-rx-buffers-by-the-size-of-their-sk.patch',
    '0002-vsock-virtio-copy-small-packets-out-of-large-rx-buff.patch',
    '0003-vsock-virtio-post-larger-rx-buffers.patch',
  ].map((name) => {
    const mail = text(...folder, name);
    return mail
      .slice(mail.indexOf('\n\n') + 2)
      .trimEnd()
      .split('\n');
  });

  /** Where words can stand: behind each line of a hunk. */
  function places(patch: readonly string[]): number[] {
    const first = patch.findIndex((line) => line.startsWith('@@ '));
    const end = patch.lastIndexOf('-- ');
    return patch.flatMap((line, at) =>
      at > first && at < end && !/^(?:diff|index|---|\+\+\+|@@) /.test(line) ? [at] : [],
    );
  }

  function made(
    patch: readonly string[],
    said: ReadonlyMap<number, string[]>,
    end: number,
  ): { page: string; own: string[] } {
    const lines: string[] = [];
    const own: string[] = [];
    patch.slice(0, end).forEach((line, at) => {
      lines.push(lost(line));
      const words = said.get(at);
      if (words === undefined) return;
      for (const word of ['', ...words, '']) {
        lines.push(word);
        if (word !== '') own.push(`${lines.length + TOP.length + 1}: ${word}`);
      }
    });
    return { page: page(...lines), own };
  }

  const cases = fc.constantFrom(...patches).chain((patch) =>
    fc.record({
      patch: fc.constant(patch),
      said: fc
        .array(fc.tuple(fc.constantFrom(...places(patch)), fc.constantFrom(...SAYINGS)), {
          minLength: 1,
          maxLength: 4,
        })
        .map((pairs) => new Map(pairs)),
    }),
  );

  it('words come out where they were put, and the patch whole', () => {
    fc.assert(
      fc.property(cases, ({ patch, said }) => {
        const { page: made1, own } = made(patch, said, patch.length);
        const { lines } = read(made1);
        const found = lines.filter((line) => line.kind === 'own' && line.text !== '');
        expect(found.map((line) => `${line.number}: ${line.text}`)).toEqual(own);
        const words = [...said.values()].reduce((sum, one) => sum + one.length + 2, 0);
        expect(of(lines, 'own')).toHaveLength(words);
        expect(parseDiff(`${of(lines, 'quote').join('\n')}\n`)).toEqual(parseDiff(`${patch.join('\n')}\n`));
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  it('also when the quote ends with the last of them, nearly always', () => {
    let right = 0;
    let all = 0;
    fc.assert(
      fc.property(cases, ({ patch, said }) => {
        const { page: cut, own } = made(patch, said, Math.max(...said.keys()) + 1);
        const found = read(cut).lines.filter((line) => line.kind === 'own' && line.text !== '');
        all++;
        if (found.map((line) => `${line.number}: ${line.text}`).join('\n') === own.join('\n')) right++;
      }),
      { numRuns: 300, seed: 8 },
    );
    expect(right / all).toBeGreaterThan(0.97);
  });
});

describe('hostile pages', () => {
  it('any text is read or refused, and every line stands where it stood', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        ...SEED.split('\n'),
        ...PATCH,
        '@@ -1,999999999 +1,999999999 @@',
        '@@ -0,0 +0,0 @@',
        '--',
        '- a',
        '____________________',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const made = page(...pieces);
        const lines = made.split('\n');
        let before = 0;
        for (const line of readPage(made)?.lines ?? []) {
          expect(line.number).toBeGreaterThan(before);
          before = line.number;
          const there = (lines[line.number - 1] ?? '').replace(/\r$/, '');
          expect(line.text.trim().replace(/^> ?/, '')).toBe(there.trim().replace(/^> ?/, ''));
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a line of a megabyte', [...PATCH, 'a_b('.repeat(250_000)]],
    ['a line of blanks', [...PATCH, `${' '.repeat(500_000)}x${'\t'.repeat(500_000)}x`]],
    [
      'a hunk of 100,000 lines',
      ['diff --git a/x b/x', '@@ -1,50000 +1,50000 @@', ...Array(100_000).fill('We say so.')],
    ],
    ['many hunks', Array.from({ length: 100_000 }, (_, at) => (at % 600 === 0 ? '@@ -1,5 +1,5 @@' : 'x y'))],
    ['headers and nothing else', ['diff --git a/x b/x', ...Array(100_000).fill('@@ -1,9 +1,9 @@')]],
    ['attributions that are none', Array(100_000).fill(`On ${'said: schrieb '.repeat(20)}:`)],
    ['lists', ['diff --git a/x b/x', '@@ -1,5 +1,5 @@', ...Array(50_000).fill('- we say so')]],
  ])('%s takes no long time', (_, lines) => {
    const begin = performance.now();
    readPage(page(...lines));
    readPage([...TOP, ...lines].join('\n'));
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
