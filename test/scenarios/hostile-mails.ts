// SPDX-License-Identifier: MIT
/** Mails that mean no good, each with what it tries. All of them answer, or pretend to be of, one good series. */
import { DIFF } from '../../review/mails/fixture.ts';

export interface Hostile {
  what: string;
  mails: Buffer[];
  /** Words that a warning must hold; null when it is imported as any other. */
  warned: RegExp | null;
}

const ESC = '\x1b]0;owned\x07\x1b[2J\x9b31m';
/** As UTF-8: C1, a right-to-left override, a line separator, a tag character. */
const WIDE = '\u009b2J\u202e\u2028\u{e0041}';
const AUTHOR = 'Ann Author <ann@example.org>';
const REVIEWER = 'Rita Reviewer <rita@example.org>';

type Headers = Record<string, string>;

function mail(headers: Headers, body: string | Buffer = 'Some words.\n'): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return Buffer.concat([Buffer.from(`${lines.join('')}\n`), Buffer.from(body)]);
}

function reply(id: string, answers: string, body: string | Buffer, more: Headers = {}): Buffer {
  return mail(
    {
      From: REVIEWER,
      Date: 'Tue, 3 Nov 2026 10:00:00 +0000',
      Subject: 'Re: [PATCH net-next 1/2] net: sample: prepare',
      'Message-ID': `<${id}@example.org>`,
      'In-Reply-To': `<${answers}@example.org>`,
      ...more,
    },
    body,
  );
}

function patch(id: string, subject: string, body: string, more: Headers = {}): Buffer {
  return mail(
    {
      From: AUTHOR,
      Date: 'Mon, 2 Nov 2026 10:00:00 +0000',
      Subject: subject,
      'Message-ID': `<${id}@example.org>`,
      ...more,
    },
    body,
  );
}

const BODY = `Do it.\n\nSigned-off-by: ${AUTHOR}\n${DIFF}`;
const COVER = { 'In-Reply-To': '<good-0@example.org>' };

/** Cover letter, two patches, and a comment on a line of the first. */
export const GOOD: readonly Buffer[] = [
  patch('good-0', '[PATCH net-next 0/2] net: sample: a good series to be reviewed', 'Please have a look.\n'),
  patch('good-1', '[PATCH net-next 1/2] net: sample: prepare', BODY, COVER),
  patch('good-2', '[PATCH net-next 2/2] net: sample: do it', BODY.replaceAll('sample.c', 'other.c'), COVER),
  reply('good-r', 'good-1', '> +int c;\n\nWhy not d?\n'),
];

const manyHeaders = (words: string): Headers => ({
  From: `"${words}" <evil@example.org>`,
  To: `${words} <to@example.org>`,
  Cc: words,
  Date: `Tue, 3 Nov 2026 10:00:00 +0000 (${words})`,
  Subject: `Re: [PATCH ${words} 1/2] ${words}`,
  'Message-ID': `<${words.replace(/[\s<>]/g, '')}@example.org>`,
  'In-Reply-To': '<good-1@example.org>',
  References: `<${words.replace(/[\s<>]/g, '')}>`,
  'Content-Type': `text/plain; charset="${words}"`,
  'Content-Transfer-Encoding': words,
});

function nested(depth: number): string {
  let body = 'Content-Type: text/plain\n\ndeep down\n';
  for (let at = 0; at < depth; at++) {
    body = `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n${body}--b${at}--\n`;
  }
  return body;
}

function nestedMail(depth: number): Buffer {
  const head = reply('nested', 'good-1', '').toString('latin1').trimEnd();
  return Buffer.from(`${head}\n${nested(depth)}`, 'latin1');
}

const names = (path: string): string =>
  `Do it.\n${DIFF.replaceAll('a/net/sample.c', path).replaceAll('b/net/sample.c', path)}`;

function chain(length: number): Buffer[] {
  return Array.from({ length }, (_, at) => {
    const above = Array.from(
      { length: Math.min(at, 20) },
      (_none, more) => `<chain-${at - 1 - more}@example.org>`,
    );
    const more = { References: [...above, '<good-2@example.org>'].reverse().join(' ') };
    const words = at === 0 ? '> +int c;\n\nFirst.\n' : `> Word ${at - 1}.\n\nWord ${at}.\n`;
    return reply(`chain-${at}`, at === 0 ? 'good-2' : `chain-${at - 1}`, words, more);
  });
}

const twice = (words: string): Buffer => reply('twice', 'good-1', `> +int c;\n\n${words}\n`);

export const HOSTILE: readonly Hostile[] = [
  {
    what: 'control sequences in every header',
    warned: null,
    mails: [
      mail(manyHeaders(ESC), Buffer.from(`> +int c;\n\n${ESC}\n`, 'latin1')),
      mail(manyHeaders(WIDE), `> +int c;\n\n${WIDE}\n`),
    ],
  },
  {
    what: 'names that lead out of a folder',
    warned: null,
    mails: [
      patch('../../../../tmp/evil', '[PATCH] ../../../../tmp/evil\0x', BODY, {
        From: '../../x <../../x@example.org>',
      }),
      patch('dots', '[PATCH v2] ..', BODY),
      patch('nul', '[PATCH v3] \0', BODY),
    ],
  },
  { what: 'MIME nested 300 deep', warned: /nest/i, mails: [nestedMail(300)] },
  {
    what: 'charsets that are none, or broken',
    warned: null,
    mails: ['nonsense', 'utf-8', 'utf-16', 'utf-7', 'iso-2022-jp', 'x'.repeat(10_000)].map((charset, at) =>
      reply(
        `charset-${at}`,
        'good-1',
        Buffer.from('> +int c;\n\n\xff\xfe\x80\xe4\x1b$B broken.\n', 'latin1'),
        {
          'Content-Type': `text/plain; charset=${charset}`,
          Subject: 'Re: [PATCH net-next 1/2] =?nonsense?q?=ff?= =?utf-8?b?/////w==?= =?utf-8?q?=1b[2J?=',
          'X-Broken': `=?${charset}`,
        },
      ),
    ),
  },
  {
    what: 'broken transfer encodings',
    warned: null,
    mails: ['base64', 'quoted-printable', 'uuencode'].map((encoding, at) =>
      reply(`encoding-${at}`, 'good-1', '=1b[2J=zz \xff ==== !!!! =\n', {
        'Content-Transfer-Encoding': encoding,
      }),
    ),
  },
  {
    what: 'answers in a circle',
    warned: null,
    mails: [
      ['c2a', 'c2b'],
      ['c2b', 'c2a'],
      ['c3a', 'c3b'],
      ['c3b', 'c3c'],
      ['c3c', 'c3a'],
      ['c1', 'c1'],
    ].map(([id = '', answers = '']) => reply(id, answers, '> +int c;\n\nRound and round.\n')),
  },
  {
    what: 'a megabyte of references',
    warned: null,
    mails: [
      reply('references', 'good-1', '> +int c;\n\nI remember.\n', {
        References: Array.from({ length: 25_000 }, (_, at) => `<some-message-id-${at}@example.org>`).join(
          '\n ',
        ),
      }),
      reply('no-end', 'good-1', '> +int c;\n\nI forget.\n', { References: '<'.repeat(1_000_000) }),
    ],
  },
  {
    what: 'a header of three megabytes',
    warned: /header/,
    mails: [reply('header', 'good-1', 'x\n', { 'X-A': 'a'.repeat(3 << 20) })],
  },
  {
    what: 'one Message-ID for two mails',
    warned: /two different mails/,
    mails: [twice('One.'), twice('Other.')],
  },
  {
    what: 'one Message-ID, the other way round',
    warned: /two different mails/,
    mails: [twice('Other.'), twice('One.')],
  },
  {
    what: 'a diff of files that are not its own',
    warned: null,
    mails: [
      patch('passwd', '[PATCH] net: take /etc/passwd', names('/etc/passwd')),
      patch('above', '[PATCH] net: take what is above', names('../../x')),
      patch('odd', '[PATCH] net: take what is odd', names('"a/\\033[2J\\000\\n"')),
    ],
  },
  { what: '5,000 answers in one chain', warned: null, mails: chain(5000) },
  {
    what: 'mails with nothing in them',
    warned: /neither a mail/,
    mails: [
      Buffer.from('Subject:\n\n'),
      Buffer.from('Subject:\n'),
      Buffer.from('X:\n\n\n\n'),
      mail({ 'Message-ID': '<>' }, ''),
    ],
  },
  {
    what: 'a subject of 10,000 brackets',
    warned: null,
    mails: [
      reply('brackets', 'good-1', 'x\n', {
        Subject: `Re: [PATCH 1/2] ${'[x'.repeat(5000)}${']'.repeat(5000)}`,
      }),
      reply('opening', 'good-1', 'x\n', { Subject: '['.repeat(10_000) }),
      reply('pairs', 'good-1', 'x\n', {
        Subject: Array.from({ length: 10_000 }, (_, at) => `[${at}]`).join(''),
      }),
      reply('re', 'good-1', 'x\n', { Subject: 'Re: '.repeat(10_000) }),
    ],
  },
  {
    what: '200,000 quote marks in a line',
    warned: null,
    mails: [
      reply('marks', 'good-1', `${'>'.repeat(200_000)}\n\nMark.\n`),
      reply('marks-apart', 'good-1', `${'> '.repeat(200_000)}\n\nMark.\n`),
      reply('lines-of-marks', 'good-1', `${'> > >\n'.repeat(100_000)}\nMark.\n`),
    ],
  },
  {
    what: 'own words of five megabytes',
    warned: null,
    mails: [
      reply('paragraph', 'good-1', `> +int c;\n\n${`${'word '.repeat(14)}\n`.repeat(70_000)}\n`),
      reply('long-line', 'good-1', `> +int c;\n\n${'word '.repeat(1_000_000)}\n`),
      reply(
        'blanks',
        'good-1',
        `> +int c;\n\nSee${' '.repeat(5_000_000)}below:\n${'\t\n'.repeat(100_000)}x\n`,
      ),
    ],
  },
  {
    what: 'a long quote of one line again and again',
    warned: null,
    mails: [
      patch(
        'same',
        '[PATCH] net: sample: the same line again and again',
        `Do it.\n---\ndiff --git a/s.c b/s.c\n--- a/s.c\n+++ b/s.c\n@@ -0,0 +1,20000 @@\n${'+same\n'.repeat(20_000)}`,
      ),
      reply(
        'same-r',
        'same',
        `${'> +same\n'.repeat(20_000)}\nWhy?\n${'> +sama\n'.repeat(20_000)}\nWhy not?\n`,
      ),
      reply('hunks', 'same', `${'> @@ -1,9999 +1,9999 @@\n'.repeat(20_000)}\nWhy?\n`),
    ],
  },
  {
    what: 'lines that are all like each other',
    warned: null,
    mails: [
      patch('alike', '[PATCH] net: sample: lines that are alike', alike('+', 10_000, 'lines')),
      reply('alike-r', 'alike', alike('> +', 40_000, 'linez')),
    ],
  },
];

function alike(mark: string, count: number, word: string): string {
  const lines = Array.from(
    { length: count },
    (_, at) => `${mark}group${at % 60}_of_${word}_that_share_much_of_it(${at});\n`,
  );
  return `Do it.\n---\ndiff --git a/s.c b/s.c\n--- a/s.c\n+++ b/s.c\n@@ -0,0 +1,${count} @@\n${lines.join('')}\nWhy?\n`;
}

/** A mail with a line of 100 MB. */
export function longLine(): Buffer {
  return reply('line', 'good-1', Buffer.alloc(100 << 20, 'x'));
}
