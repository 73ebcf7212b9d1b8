// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { SettledTrailer } from '../../core/review.ts';
import { withTrailersInFile } from './apply-trailers.ts';
import { withTrailers } from './insert-trailers.ts';
import { planTrailers, trailerLine } from './trailer-plan.ts';

const ADA = { name: 'Ada', email: 'ada@example.org' };
const RB = 'Reviewed-by: Bo <bo@example.org>';

function given(parts: Partial<SettledTrailer> = {}): SettledTrailer {
  return {
    ...{ kind: 'Reviewed-by', name: 'Bo', email: 'bo@example.org', state: 'given', condition: null },
    ...{
      scope: null,
      note: null,
      version: 'v1',
      messageId: 'm@example.org',
      why: null,
      counts: true,
      patches: [1],
    },
    ...parts,
  } as SettledTrailer;
}

it('trailers go behind those that are there, above a sign-off of somebody else', () => {
  const put = (text: string): string => withTrailers(text.split('\n'), ADA, [RB]).join('\n');
  expect(put('Text.')).toBe(`Text.\n\n${RB}`);
  expect(put('')).toBe(`${RB}\n`);
  expect(put('Text.\n\nSigned-off-by: Ada <ada@example.org>')).toBe(
    `Text.\n\nSigned-off-by: Ada <ada@example.org>\n${RB}`,
  );
  expect(put('Text.\n\nSigned-off-by: Ada <ada@example.org>\nSigned-off-by: Cy <cy@example.org>')).toBe(
    `Text.\n\nSigned-off-by: Ada <ada@example.org>\n${RB}\nSigned-off-by: Cy <cy@example.org>`,
  );
  expect(
    put(
      'Text.\n\nFixes: 123456789abc ("x")\nSigned-off-by: Ada <ada@example.org>\nLink: https://example.org/',
    ),
  ).toBe(
    `Text.\n\nFixes: 123456789abc ("x")\nSigned-off-by: Ada <ada@example.org>\n${RB}\nLink: https://example.org/`,
  );
  expect(put('T\n\nSigned-off-by: Ada\n <ada@example.org>\n[Cy: a word]\nCc: x@example.org')).toBe(
    `T\n\nSigned-off-by: Ada\n <ada@example.org>\n[Cy: a word]\n${RB}\nCc: x@example.org`,
  );
  expect(withTrailers(['a', ''], ADA, [])).toEqual(['a', '']);
});

it('only trailers that count are added, the others are named', () => {
  const plan = planTrailers(
    [{ index: 1, body: 'x\n\nAcked-by: Cy <cy@example.org>' }],
    [
      given(),
      given({
        name: 'Di',
        email: 'di@example.org',
        state: 'conditional',
        counts: false,
        condition: 'with\nthat fixed',
      }),
      given({ name: 'Ed', email: 'ed@example.org', state: 'stale', counts: false, why: 'its patch changed' }),
      given({ name: 'Fy', email: 'fy@example.org', counts: null, why: 'could not tell' }),
      given({ kind: 'Nacked-by', name: 'Gi', email: 'gi@example.org' }),
      given({ name: 'Hu', email: 'hu@xxxxxxxx' }),
      given({ name: 'I\nSigned-off-by: x', email: 'i@example.org' }),
      given({ kind: 'Acked-by', name: 'Cy', email: 'cy@example.org', state: 'withdrawn', counts: false }),
      given({ state: 'stale', counts: false }),
    ],
  );
  expect([...plan.add].map(([patch, lines]) => [patch, lines.map(({ line }) => line)])).toEqual([[1, [RB]]]);
  expect(plan.left.map(({ line, why }) => `${line}: ${why}`)).toEqual([
    'Reviewed-by: Di <di@example.org>: conditional: "with that fixed"',
    'Reviewed-by: Ed <ed@example.org>: stale, its patch changed',
    'Reviewed-by: Fy <fy@example.org>: could not tell',
    'Nacked-by: Gi <gi@example.org>: it is against the patch',
    'Reviewed-by: Hu <hu@xxxxxxxx>: its name or address is not fit for a line',
    'Reviewed-by: I\\nSigned-off-by: x <i@example.org>: its name or address is not fit for a line',
    'Acked-by: Cy <cy@example.org>: withdrawn',
  ]);
  expect(plan.doubts).toEqual(['patch 1 carries Acked-by: Cy, which is in doubt: withdrawn']);
});

it('a tag that was given to two versions, and does not count for the same reason, is named once', () => {
  const stale = { state: 'stale' as const, counts: false, why: 'its patch changed between v2 and v3' };
  const trailers = [given({ ...stale, patches: [2] }), given({ ...stale, version: 'v2', patches: [1, 2] })];
  expect(planTrailers([{ index: 1, body: 'x' }], trailers).left).toEqual([
    { line: RB, patches: [1, 2], why: expect.stringContaining('its patch changed') },
  ]);
});

it('keeps the note that says what a tag is for, not the one that says which patches', () => {
  expect(trailerLine(given({ note: '# vsock part' }))).toBe(`${RB} # vsock part`);
  expect(trailerLine(given({ note: '(Documentation)' }))).toBe(`${RB} (Documentation)`);
  expect(trailerLine(given({ note: '# patches 1-3' }))).toBe(RB);
  expect(trailerLine(given({ note: '(for the series)' }))).toBe(RB);
  expect(trailerLine(given({ note: '# \x1b[2J' }))).toBe(RB);
});

const DIFF = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\xe4\r\n+\xff\t \r\n-- \n2.39\n\n';

it('rewrites the message of a file and not a byte of its diff', () => {
  const file = (head: string, message = 'Text.\n'): Buffer =>
    Buffer.from(
      `From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: Ada <ada@example.org>\nSubject: [PATCH] x\n${head}\n${message}---\n x | 2 +-\n\n${DIFF}`,
      'latin1',
    );
  const done = withTrailersInFile(file(''), ADA, [RB]) as Buffer;
  expect(done.toString('latin1')).toBe(file('', `Text.\n\n${RB}\n`).toString('latin1'));
  const umlaut = withTrailersInFile(file(''), ADA, ['Acked-by: Ö <o@example.org>']) as Buffer;
  expect(umlaut.toString('latin1').endsWith(DIFF)).toBe(true);
  expect(umlaut.toString('utf8')).toContain(
    'Subject: [PATCH] x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n',
  );
  expect(umlaut.toString('utf8')).toContain('\nAcked-by: Ö <o@example.org>\n---\n');
  expect(withTrailersInFile(file('Content-Transfer-Encoding: base64\n'), ADA, [RB])).toBe('encoded');
  expect(withTrailersInFile(file('Content-Type: multipart/mixed\n'), ADA, [RB])).toBe('encoded');
  const latin = file('Content-Type: text/plain; charset=iso-8859-1\n');
  expect(withTrailersInFile(latin, ADA, ['Acked-by: Ö <o@example.org>'])).toBe('another charset');
  expect(Buffer.isBuffer(withTrailersInFile(latin, ADA, [RB]))).toBe(true);
  expect(withTrailersInFile(Buffer.concat([file(''), file('')]), ADA, [RB])).toBe('several mails');
});
