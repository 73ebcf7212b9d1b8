// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLinkOnly, linksOf } from './mail-links.ts';

const lore = 'https://lore.kernel.org';
const read = (text: string): unknown[] => linksOf(text).map((link) => [link.version, link.messageId]);

describe('linksOf', () => {
  it.each<[string, string | null, string | null]>([
    [`- Link to v2: ${lore}/r/20230102-x-v2-0-ab@example.org`, 'v2', '20230102-x-v2-0-ab@example.org'],
    [`v2: ${lore}/netdev/a@example.org/`, 'v2', 'a@example.org'],
    [`[v2] ${lore}/netdev/a@example.org/T/#u`, 'v2', 'a@example.org'],
    [`Changes since v2 (${lore}/all/a@example.org/):`, 'v2', 'a@example.org'],
    [`v2 (${lore}/all/a%40example.org):`, 'v2', 'a@example.org'],
    [`RFC: ${lore}/all/a@example.org/`, 'rfc-v1', 'a@example.org'],
    [`RFC v2 - ${lore}/all/a@example.org/`, 'rfc-v2', 'a@example.org'],
    [`Link to v2:\n  ${lore}/all/a@example.org/`, 'v2', 'a@example.org'],
    [`v1 -> v2: ${lore}/all/a@example.org/`, null, 'a@example.org'],
    [`as discussed here:\n${lore}/all/a@example.org/`, null, 'a@example.org'],
    ['v1: https://patch.msgid.link/a@example.org', 'v1', 'a@example.org'],
    ['v1: https://lists.example.org/pipermail/list/2022/1.html', 'v1', null],
    ['v1: mid:a@example.org', 'v1', 'a@example.org'],
    [`v1: <${lore}/r/a@example.org>.`, 'v1', 'a@example.org'],
  ])('%j', (text, version, id) => {
    expect(read(text)).toEqual([[version, id]]);
  });

  it('looks footnotes up', () => {
    expect(
      read(
        `Changes since v2 [1]:\n- x\nChanges since RFC v1 at [2]:\n\n[1] ${lore}/r/a@x.org\n[2]: ${lore}/r/b@x.org`,
      ),
    ).toEqual([
      ['v2', 'a@x.org'],
      ['rfc-v1', 'b@x.org'],
    ]);
    expect(read(`v2 [1] and v3 [1]\n\n[1] ${lore}/r/a@x.org`)).toEqual([[null, 'a@x.org']]);
  });

  it('gives each link once, with the version that is named anywhere', () => {
    expect(read(`see ${lore}/r/a@x.org\n- Link to v1: ${lore}/r/a@x.org`)).toEqual([['v1', 'a@x.org']]);
  });

  it('keeps two links on a line apart', () => {
    expect(read(`v1: ${lore}/r/a@x.org v2: ${lore}/r/b@x.org`)).toEqual([
      ['v1', 'a@x.org'],
      ['v2', 'b@x.org'],
    ]);
  });

  it.each([
    'v2: https://git.example.org/tree/x.c?h=v2',
    'v2: https://user@example.org/',
    'v2: https://[/',
    `diff --git a/x b/x\n+ v1: ${lore}/r/a@x.org`,
    '',
  ])('passes over %j', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('reads anything', () => {
    const token = fc.constantFrom(
      'v2',
      ': ',
      lore,
      '/r/',
      'a@x',
      'mid:',
      '[1]',
      '\n',
      '(',
      'https://',
      '%',
      '@',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }), (parts) => {
        for (const { messageId } of linksOf(parts.join('')))
          expect(messageId ?? 'a@b').toMatch(/^[^\s<>]+@[^\s<>]+$/);
      }),
    );
  });

  it.each([
    ['one long address', `v1: ${lore}/r/${'a@'.repeat(500_000)}`],
    ['many addresses', `v1: ${lore}/r/a@x.org `.repeat(20_000)],
    ['many versions', `${'v1 '.repeat(300_000)}${lore}/r/a@x.org`],
  ])('is quick on %s', (_, text) => {
    const start = performance.now();
    linksOf(text);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

it('isLinkOnly knows a line that only links', () => {
  for (const text of [
    `Link to v2: ${lore}/r/a@x.org`,
    `${lore}/r/a@x.org`,
    `[v1] ${lore}/r/a@x.org.`,
    `RFC: ${lore}/r/a@x.org`,
  ]) {
    expect(isLinkOnly(text), text).toBe(true);
  }
  for (const text of [`use the helper of ${lore}/r/a@x.org`, 'Link to v2:', 'v2', '']) {
    expect(isLinkOnly(text), text).toBe(false);
  }
});
