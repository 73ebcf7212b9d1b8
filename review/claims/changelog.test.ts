// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changelogRanges, changelogsOf } from './changelog.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt'), 'utf8');

type Brief = [version: string, since: string | null, ...entries: string[]];

/** Entries as text, notes with an `n: ` in front. */
const read = (text: string, version = 'v4'): Brief[] =>
  changelogsOf(text, { version, patch: 0 }).map((log) => [
    log.version,
    log.since,
    ...log.entries.map((entry) => `${entry.note ? 'n: ' : ''}${entry.text}`),
  ]);

describe('changelogsOf on a page of a web archive', () => {
  const logs = changelogsOf(page, { version: 'v8', patch: 1 });

  it('counts the entries and notes of every version', () => {
    const counts = logs.map((log) => [
      log.version,
      log.entries.filter((entry) => !entry.note).length,
      log.entries.filter((entry) => entry.note).length,
    ]);
    expect(counts).toEqual([
      ['v8', 3, 0],
      ['v7', 1, 0],
      ['v6', 2, 0],
      ['v5', 1, 0],
      ['v4', 7, 1],
      ['v3', 13, 1],
      ['v2', 5, 0],
    ]);
    expect(logs.every((log) => log.patch === 1 && log.since === null)).toBe(true);
  });

  it('joins wrapped bullets', () => {
    const texts = logs.flatMap((log) => log.entries.map((entry) => entry.text));
    expect(texts).toContain(
      "use skb_pull() to keep track of read bytes instead of using an an extra variable 'off' in the skb buffer space",
    );
    expect(texts).toContain(
      'note: I only ran a few g2h tests to check that this change had no perf impact. The above data is still from patch v3.',
    );
    expect(texts.at(-1)).toBe('Include performance stats');
  });

  it('credits nobody where nobody is named', () => {
    expect(logs.flatMap((log) => log.entries).filter((entry) => entry.credit !== null)).toEqual([]);
  });
});

describe('the headings of changelogs', () => {
  it.each<[string, string, string | null]>([
    ['Changes in v3:', 'v3', null],
    ['changes in V3', 'v3', null],
    ['Changes in v3 (RESEND):', 'v3', null],
    ['Changes in version 3:', 'v3', null],
    ['Changed in v3:', 'v3', null],
    ['Changes for v3 [1]:', 'v3', null],
    ['Changes since v2:', 'v4', 'v2'],
    ['Changes since v2 [1]:', 'v4', 'v2'],
    ['Changes since v2 (https://lore.example.org/r/a@example.org):', 'v4', 'v2'],
    ['Changes since v2 (https://lore.example.org/r/a@example.org)', 'v4', 'v2'],
    ['Changes since v2 -> v3:', 'v3', 'v2'],
    ['Changes from v2 to v3:', 'v3', 'v2'],
    ['Changes between v2 and v3:', 'v3', 'v2'],
    ['Changes v2 -> v3:', 'v3', 'v2'],
    ['Differences from v2:', 'v4', 'v2'],
    ['v2->v3', 'v3', 'v2'],
    ['v2 -> v3:', 'v3', 'v2'],
    ['V2 --> V3:', 'v3', 'v2'],
    ['v2 => v3:', 'v3', 'v2'],
    ['v2 → v3:', 'v3', 'v2'],
    ['v2 to v3:', 'v3', 'v2'],
    ['v2..v3:', 'v3', 'v2'],
    ['[v2 -> v3]:', 'v3', 'v2'],
    ['v3:', 'v3', null],
    ['v3', 'v3', null],
    ['V3 changes:', 'v3', null],
    ['v3 changelog:', 'v3', null],
    ['Changelog v3:', 'v3', null],
    ['Changelog (v2 -> v3):', 'v3', 'v2'],
    ['Change log since v2:', 'v4', 'v2'],
    ['v3 (https://lore.example.org/r/a@example.org):', 'v3', null],
    ['v3: https://lore.example.org/r/a@example.org', 'v3', null],
    ['* v2 -> v3:', 'v3', 'v2'],
    ['- v3:', 'v3', null],
    ['## Changes in v3', 'v3', null],
    ['== v3 ==', 'v3', null],
    ['**v3:**', 'v3', null],
    ['Since v2:', 'v4', 'v2'],
    ['Changes since RFC:', 'v4', 'rfc-v1'],
    ['Changes since the RFC', 'v4', 'rfc-v1'],
    ['Changes since RFCv2:', 'v4', 'rfc-v2'],
    ['Changes since RFC/v1 [1]:', 'v4', 'rfc-v1'],
    ['Changes since RFC v1 at [1]:', 'v4', 'rfc-v1'],
    ['RFC -> v1:', 'v1', 'rfc-v1'],
    ['RFC v2 -> v1', 'v1', 'rfc-v2'],
    ['v1 (RFC) -> v2:', 'v2', 'rfc-v1'],
    ['rfc v2:', 'rfc-v2', null],
    ['Changes since the last version:', 'v4', null],
    ['Changelog:', 'v4', null],
    ['Change log:', 'v4', null],
  ])('%s', (heading, version, since) => {
    for (const text of [
      `${heading}\n- one\n- two`,
      `Words.\n\n${heading}\n\n  - one\n  - two\n\nSigned-off-by: A B <a@example.org>`,
      `---\n${heading}\n * one\n * two\n---\n a.c | 2 +-`,
    ]) {
      expect(read(text)).toEqual([[version, since, 'one', 'two']]);
    }
  });

  it('takes underlines for what they are', () => {
    expect(read('Changes in v3\n-------------\n- one\n\nTesting\n=======\n- ran it')).toEqual([
      ['v3', null, 'one'],
    ]);
    expect(read('Changes in v3\n=============\n\n- one\n- two\nTesting\n=======\n- ran it')).toEqual([
      ['v3', null, 'one', 'two'],
    ]);
  });

  it('takes two dashes below a version for an underline, elsewhere for the signature', () => {
    expect(read('Changelog\n=========\n\nv3\n--\n* one\n\nv2\n--\n* two\n-- \n* three')).toEqual([
      ['v3', null, 'one'],
      ['v2', null, 'two'],
    ]);
  });

  it('reads versions below a heading for all of them', () => {
    const text =
      'Changelog:\n v1 -> v2:\n  * one\n  * Patch #2:\n    * two\n v2 -> v3:\n  * three\n\nAnn Example (2):\n  vsock: x';
    expect(read(text)).toEqual([
      ['v2', 'v1', 'one', 'Patch #2:', 'two'],
      ['v3', 'v2', 'three'],
    ]);
    expect(read('History:\nv3:\n - one\nv2:\n - two')).toEqual([
      ['v3', null, 'one'],
      ['v2', null, 'two'],
    ]);
    expect(read('Changelog:\n- v2: one\n- v3: two\n  and more')).toEqual([
      ['v2', null, 'one'],
      ['v3', null, 'two and more'],
    ]);
  });

  it('counts from the version named, or up to its own when it is the only one', () => {
    expect(read('Changes since v2:\n- a', 'v8')).toEqual([['v8', 'v2', 'a']]);
    expect(read('Changes since v2:\n- a\n\nChanges since v1:\n- b', 'v8')).toEqual([
      ['v3', 'v2', 'a'],
      ['v2', 'v1', 'b'],
    ]);
    // The mail's subject did not name a version.
    expect(read('Changes since v2:\n- a', 'v1')).toEqual([['v3', 'v2', 'a']]);
    expect(
      read('Changes since v1:\n- a\n\nChanges since RFC v2:\n- b\n\nChanges since RFC v1:\n- c', 'v2'),
    ).toEqual([
      ['v2', 'v1', 'a'],
      ['v1', 'rfc-v2', 'b'],
      ['rfc-v2', 'rfc-v1', 'c'],
    ]);
  });

  it('makes one changelog of two headings for a version', () => {
    expect(read('Changes in v3:\n- a\n\nChanges in v3 (smaller series):\n- b')).toEqual([
      ['v3', null, 'a', 'b'],
    ]);
  });

  it('leaves versions out of which only links are given', () => {
    const text =
      'v3 -> v4: Fix the message.\nv3: https://lore.example.org/all/c@example.org/\nv2 -> v3: Reword.\nv2: https://lore.example.org/all/b@example.org/\n\nThe base is net-next.';
    expect(read(text)).toEqual([
      ['v4', 'v3', 'Fix the message.'],
      ['v3', 'v2', 'Reword.'],
    ]);
  });
});

describe('versions without changes', () => {
  it.each([
    ['No changes in v3.', 'v3', null, 'No changes in v3.'],
    ['no changes in v3', 'v3', null, 'no changes in v3'],
    ['There are no code changes in v3', 'v3', null, 'There are no code changes in v3'],
    ['v3: no changes', 'v3', null, 'no changes'],
    ['Changes in v3: none', 'v3', null, 'none'],
    ['Changes in v3:\n- No functional change.', 'v3', null, 'No functional change.'],
    ['new in v3', 'v3', null, 'new in v3'],
    ['No changes since v2.', 'v4', 'v2', 'No changes since v2.'],
  ])('%s', (text, version, since, entry) => {
    expect(read(`---\n\n${text}\n\n a.c | 2 +-`)).toEqual([[version, since, `n: ${entry}`]]);
  });

  it('stand among the others', () => {
    expect(
      read(
        '---\nNo changes in v4.\n\nChanges in v3:\n- Adapted to the new binding.\n\nno changes in v2\n---',
      ),
    ).toEqual([
      ['v4', null, 'n: No changes in v4.'],
      ['v3', null, 'Adapted to the new binding.'],
      ['v2', null, 'n: no changes in v2'],
    ]);
  });
});

describe('entries', () => {
  it.each(['-', '*', '+', 'o', '•', '1.', '2)', '(3)', 'a)', '--'])('may begin with %s', (mark) => {
    expect(read(`v3:\n ${mark} one, which is\n   wrapped\n ${mark} two`)).toEqual([
      ['v3', null, 'one, which is wrapped', 'two'],
    ]);
  });

  it('may have no bullets', () => {
    expect(
      read(
        'V2 -> V3:\nfixed a conflict\nordered the arguments\n  of the helper\n\nV3 -> V4:\nadded a comma\n\nSigned-off-by: A B <a@example.org>',
      ),
    ).toEqual([
      ['v3', 'v2', 'fixed a conflict', 'ordered the arguments of the helper'],
      ['v4', 'v3', 'added a comma'],
    ]);
    expect(read('Changes in v3:\n\nImproved the commit message.\n\n a.c | 2 +-')).toEqual([
      ['v3', null, 'Improved the commit message.'],
    ]);
    const prose =
      'Changes in v3:\nThe queue is now emptied under the lock of the socket, and the\nhelper that did so before is gone.\nTests added.';
    expect(read(prose)).toEqual([
      [
        'v3',
        null,
        'The queue is now emptied under the lock of the socket, and the helper that did so before is gone.',
        'Tests added.',
      ],
    ]);
  });

  it('may stand on the line of the heading', () => {
    expect(read('v2: Rebase\nv3: Fix the leak (Stefano)\n    and the test\nv4: Drop it')).toEqual([
      ['v2', null, 'Rebase'],
      ['v3', null, 'Fix the leak (Stefano) and the test'],
      ['v4', null, 'Drop it'],
    ]);
  });

  it('are joined when a mailer or a page took the indentation', () => {
    expect(
      read(
        'Changes in v3:\n- use the helper that takes the lock of the queue itself instead of\nopen-coding it\n- two',
      ),
    ).toEqual([
      ['v3', null, 'use the helper that takes the lock of the queue itself instead of open-coding it', 'two'],
    ]);
  });

  it('keep nested bullets as entries of their own, and what patch they are for as text', () => {
    expect(read('Changes in v3:\n- patch 3: drop the lock\n- patch 4:\n  - one\n  - two\n    more')).toEqual([
      ['v3', null, 'patch 3: drop the lock', 'patch 4:', 'one', 'two more'],
    ]);
    expect(read('Changes in v3:\n\nPatch 1/2:\n- one\n\nPatch 2/2:\n- two')).toEqual([
      ['v3', null, 'n: Patch 1/2:', 'one', 'n: Patch 2/2:', 'two'],
    ]);
  });

  it('are notes when they say so, or have no bullet among bullets', () => {
    expect(read('v3:\n- one\n- Note: not measured again\nNB: the base moved\n- two\nRebased.')).toEqual([
      ['v3', null, 'one', 'n: Note: not measured again', 'n: NB: the base moved', 'two', 'n: Rebased.'],
    ]);
  });

  it('are notes when they only introduce the bullets below them', () => {
    expect(
      read('v3:\n  Stefano:\n    - one\n  Paolo:\n    - two\nv2: Comments by Ann:\n    - three'),
    ).toEqual([
      ['v3', null, 'n: Stefano:', 'one', 'n: Paolo:', 'two'],
      ['v2', null, 'n: Comments by Ann:', 'three'],
    ]);
  });

  it('are not the links b4 puts below them', () => {
    expect(
      read(
        'Changes in v4:\n- one\n- Link to v3: https://lore.kernel.org/r/20230102-x-v3-0-abc@example.org\n\nChanges in v3:\n- two\nLink to v2: https://lore.kernel.org/r/b@example.org\n- three\n\n---\nbase-commit: 0123',
      ),
    ).toEqual([
      ['v4', null, 'one'],
      ['v3', null, 'two', 'three'],
    ]);
  });

  it.each([
    ['fix it (Stefano)', 'Stefano'],
    ['fix it [Stefano]', 'Stefano'],
    ['fix it\n  [Stefano]', 'Stefano'],
    ['fix it (Stefano Garzarella).', 'Stefano Garzarella'],
    ['fix it (Stefano, Paolo)', 'Stefano, Paolo'],
    ['fix it (Michael S. Tsirkin and Paolo)', 'Michael S. Tsirkin, Paolo'],
    ['fix it @Stefano', 'Stefano'],
    ['fix it (@Stefano)', 'Stefano'],
    ['fix it (thanks, Paolo)', 'Paolo'],
    ['fix it (thanks to paolo)', 'paolo'],
    ['fix it (as suggested by Stefano)', 'Stefano'],
    ["fix it (Stefano's comment)", 'Stefano'],
    ['fix it - suggested by Stefano', 'Stefano'],
    ['fix it, as suggested by Stefano Garzarella.', 'Stefano Garzarella'],
    ['fix it, thanks Paolo!', 'Paolo'],
    ['fix it -- Paolo', 'Paolo'],
    ['fix it (Jörg Ödegaard <j@example.org>)', 'Jörg Ödegaard'],
    ['fix it (kernel test robot)', 'kernel test robot'],
    ['fix a warning reported by the kernel test robot', 'kernel test robot'],
    ['fix it (tested)', null],
    ['fix it (patch 4)', null],
    ['fix it (3/6)', null],
    ['fix it (e.g., skb_dequeue)', null],
    ['check for NULL (RCU)', null],
    ['move it (Documentation)', null],
    ['fix it [1]', null],
    ['Stefano asked for it', null],
    ['vdso/bits.h -> linux/bits.h', null],
    ['last_skb instead of skb: last_hdr->len = cpu_to_le32(last_skb->len)', null],
  ])('%s', (entry, credit) => {
    const [log] = changelogsOf(`v3:\n- ${entry}`, { version: 'v3', patch: 2 });
    expect(log?.entries.map((one) => one.credit)).toEqual([credit]);
  });

  it('take the credit of the heading', () => {
    const [log] = changelogsOf('v3: (Stefano)\n- one\n- two (Paolo)', { version: 'v3', patch: 2 });
    expect(log?.entries.map((one) => one.credit)).toEqual(['Stefano', 'Paolo']);
  });
});

describe('where a changelog ends', () => {
  it.each([
    ' drivers/vhost/vsock.c | 213 +++++-------\n 1 file changed',
    'diff --git a/a.c b/a.c\n- x',
    '-- \n- x',
    '---\n- x',
    'base-commit: 0123456789ab\n- x',
    'Signed-off-by: Ann Example <ann@example.org>\n- x',
    'Ann Example (2):\n  vsock: x',
    '\nTesting:\n- ran vsock_test',
    'Tested with vsock_test\n- x',
    '\nThis series is based on net-next.\n- x',
    '\nThanks,\nAnn',
    'Range-diff against v2:\n- x',
  ])('at %j', (end) => {
    expect(read(`Changes in v3:\n- one\n- two\n${end}`)).toEqual([['v3', null, 'one', 'two']]);
  });

  it('tells the lines it takes', () => {
    expect(changelogRanges('Words.\n\nv3:\n- one\n  more\n\nTesting: none')).toEqual([[2, 5]]);
  });
});

describe('what is no changelog', () => {
  it.each([
    'The old header is kept for\nv1: devices expect it.',
    'The device speaks two formats:\n\nv1: a fixed header\nv2: a header with a length',
    'v2: the second format has a length in the header,\nwhich the driver has to check before it reads on.\n',
    'The v1: format is old.',
    'In v2: we had it.',
    'Since v2 the lock is gone.',
    'Changes since v6.1:\n- x',
    'Changes in v6.1-rc2\n- x',
    'v5.15: works\n\nv6.0: does not',
    'v4: 1.2 Gb/s',
    'v4l2: fix it',
    'v9: is not out yet',
    'RFC 2554:\n- x',
    'Changes:\n- add a helper',
    'There are no changes in VM core.',
    'Changes in v3 of the specification are minor.',
    'new in v3 of the device',
    'Tested on:\n- v6.1\n- v6.2',
    '',
  ])('%j', (text) => {
    expect(read(`Subject words.\n\n${text}`.replace(/^Subject words\.\n\n(?=v2)/, 'Words.\n\n'))).toEqual([]);
  });
});

describe('changelogsOf on anything', () => {
  const token = fc.constantFrom(
    'Changes in v3:',
    'v2 -> v3',
    'v2:',
    '- one',
    '  more',
    '\t* two',
    '',
    '---',
    'Changelog:',
    '=====',
    'note: x',
    '(Stefano)',
    'https://lore.kernel.org/r/a@example.org',
    'Signed-off-by: A <a@example.org>',
    'RFC',
    '[',
    ' ',
    '-',
    'no changes in v2',
  );

  it('gives entries with text on one line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }), (lines) => {
        const text = lines.join('\n');
        for (const log of changelogsOf(text, { version: 'v3', patch: 1 })) {
          expect(log.version).toMatch(/^(rfc-)?v\d+$/);
          expect(log.entries.length).toBeGreaterThan(0);
          for (const entry of log.entries) expect(entry.text).toMatch(/^\S(.*\S)?$/s);
        }
        for (const [start, end] of changelogRanges(text)) expect(start).toBeLessThan(end);
      }),
    );
  });

  it('finds what was written in a known way', () => {
    const word = fc.constantFrom('use', 'the', 'helper', 'lock', 'queue', 'fix', 'drop', 'test');
    const entry = fc.array(word, { minLength: 1, maxLength: 30 });
    const heading = fc.constantFrom('Changes in v%:', 'v%:', 'v%', 'V% changes:', 'Changelog v%:');
    fc.assert(
      fc.property(
        fc.array(fc.array(entry, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
        heading,
        (logs, form) => {
          const text = logs.map(
            (entries, at) =>
              `${form.replace('%', String(at + 2))}\n${entries.map((words) => `- ${wrap(words)}`).join('\n')}\n`,
          );
          expect(read(text.join('\n'), 'v9')).toEqual(
            logs.map((entries, at) => [`v${at + 2}`, null, ...entries.map((words) => words.join(' '))]),
          );
        },
      ),
    );
  });

  it.each([
    ['one long line', `v2: ${'a '.repeat(500_000)}`],
    ['a line of blanks', `v2:${' '.repeat(1_000_000)}x`],
    ['a line of dashes', `v2:\n${'-'.repeat(1_000_000)}`],
    ['a line of brackets', `Changes in v2 ${'('.repeat(1_000_000)}`],
    ['many headings', 'Changes in v2:\n- a\n'.repeat(50_000)],
    ['many lines', `v2:\n${'- a (Stefano)\n  more\n'.repeat(50_000)}`],
    ['many versions on a line', `v2 -> ${'v2 -> '.repeat(200_000)}`],
    ['credits without end', `v2:\n- ${'(Stefano '.repeat(100_000)}`],
  ])('is quick on %s', (_, text) => {
    const start = performance.now();
    changelogsOf(text, { version: 'v2', patch: 0 });
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

function wrap(words: readonly string[]): string {
  const lines: string[] = [''];
  for (const word of words) {
    const last = lines.length - 1;
    if ((lines[last] ?? '').length + word.length > 60) lines.push(`  ${word}`);
    else lines[last] = `${lines[last]}${lines[last] === '' ? '' : ' '}${word}`;
  }
  return lines.join('\n');
}
