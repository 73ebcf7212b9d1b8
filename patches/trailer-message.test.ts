// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trailersOfMessage } from './trailer-message.ts';

const kinds = (body: string) => trailersOfMessage(body).map((one) => one.kind);

describe('trailersOfMessage', () => {
  it('reads the last paragraph', () => {
    expect(
      trailersOfMessage(
        'The guest posts buffers of one page.\n\nFixes: 123456789abc ("vsock: first version")\n' +
          'Cc: stable@vger.example.org # 5.10+\nReviewed-By: Mira Falk <mira@example.org> # patches 1-3\n' +
          'Signed-off-by: Ola Berg <ola@example.org>\n',
      ),
    ).toEqual([
      { kind: 'Fixes', value: '123456789abc ("vsock: first version")', person: null, note: null, line: 3 },
      {
        kind: 'Cc',
        value: 'stable@vger.example.org # 5.10+',
        person: { name: '', email: 'stable@vger.example.org' },
        note: '# 5.10+',
        line: 4,
      },
      {
        kind: 'Reviewed-by',
        value: 'Mira Falk <mira@example.org> # patches 1-3',
        person: { name: 'Mira Falk', email: 'mira@example.org' },
        note: '# patches 1-3',
        line: 5,
      },
      {
        kind: 'Signed-off-by',
        value: 'Ola Berg <ola@example.org>',
        person: { name: 'Ola Berg', email: 'ola@example.org' },
        note: null,
        line: 6,
      },
    ]);
  });

  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['words only', 'This says why.\n\nAnd this says how: by magic.', []],
    ['only a trailer', 'Signed-off-by: O <o@example.org>', ['Signed-off-by']],
    [
      'a blank line between trailers',
      'Why.\n\nFixes: 12 ("x")\n\nSigned-off-by: O <o@example.org>',
      ['Fixes', 'Signed-off-by'],
    ],
    [
      'a table above',
      'Why.\n\nTest: 16B, h2g\nBefore: 14.38 Mb/s\n\nSigned-off-by: O <o@example.org>',
      ['Signed-off-by'],
    ],
    [
      'a known kind within words',
      'Why.\n\nLink: https://example.org/1\nshows that it fails.\n\nSigned-off-by: O <o@example.org>',
      ['Signed-off-by'],
    ],
    [
      'notes among them',
      'Why.\n\nSigned-off-by: O <o@example.org>\n[Mira: reworded]\nSigned-off-by: M <m@example.org>',
      ['Signed-off-by', 'Signed-off-by'],
    ],
    ['a pick', 'Why.\n\nSigned-off-by: O <o@example.org>\n(cherry picked from commit 12)', ['Signed-off-by']],
    ['a table at the end', 'Why.\n\nTest: 16B, h2g\nBefore: 14.38 Mb/s', []],
    ['one line with a colon', 'Note: this is big', []],
    [
      'a line of words in the last paragraph',
      'See above.\nSigned-off-by: O <o@example.org>\nAcked-by: M <m@example.org>',
      ['Signed-off-by', 'Acked-by'],
    ],
    ['blank lines at the end', 'Why.\n\nAcked-by: M <m@example.org>\n\n\n', ['Acked-by']],
    ['carriage returns', 'Why.\r\n\r\nAcked-by: M <m@example.org>\r\n', ['Acked-by']],
    ['no blank behind the colon', 'Why.\n\nAcked-by:M <m@example.org>', ['Acked-by']],
    ['own kinds', 'Why.\n\nChange-Id: I12\nSigned-off-by: O <o@example.org>', ['Change-id', 'Signed-off-by']],
  ])('%s', (_name, body, expected) => {
    expect(kinds(body)).toEqual(expected);
  });

  it('joins what was wrapped', () => {
    const body =
      'Why.\n\nReviewed-by: A Rather Long Name\n <long@example.org>\nTested-by: B\n<b@example.org>\nFixes: 12 ("a\n b")';
    expect(trailersOfMessage(body)).toMatchObject([
      { person: { name: 'A Rather Long Name', email: 'long@example.org' }, line: 3 },
      { person: { name: 'B', email: 'b@example.org' }, line: 5 },
      { value: '12 ("a b")', line: 7 },
    ]);
  });

  it('names nobody where no address stands', () => {
    expect(trailersOfMessage('Acked-by: everyone on the list')).toMatchObject([{ person: null, note: null }]);
  });

  it('never throws, and gives lines that are there', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('', 'Acked-by: M <m@example.org>', ' x', '<a@b>', 'Fixes:', '[x: y]'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const body = lines.join('\n');
        for (const one of trailersOfMessage(body)) {
          expect(body.split('\n')[one.line - 1]?.toLowerCase().startsWith(one.kind.toLowerCase())).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['long', `${'a'.repeat(1_000_000)}`],
    ['dashes', `${'a-'.repeat(500_000)}`],
    ['blanks', `Acked-by${' '.repeat(1_000_000)}`],
    ['many', 'Acked-by: M <m@example.org>\n'.repeat(100_000)],
    ['many paragraphs', 'Acked-by: M <m@example.org>\n\n'.repeat(100_000)],
    ['wrapped for ever', `Acked-by: M\n${' x\n'.repeat(100_000)}`],
    ['brackets', `${'['.repeat(1_000_000)}`],
  ])('ends soon: %s', (_name, body) => {
    const start = performance.now();
    trailersOfMessage(body);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
