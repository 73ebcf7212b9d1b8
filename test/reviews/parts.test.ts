// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../patches/diff.ts';
import { type BodyLine, coverBody, diffPlaces, patchBody, sources } from './diffs.ts';
import { grownPatch } from './grow.ts';
import { flowedOwn, isClean, lossOf, quote, type StyleName } from './mangle.ts';
import { commentRun, patchRun, pinsOf } from './pins.ts';
import { randomFrom } from './random.ts';

const CODE = [
  '+\tif (!skb)',
  '+\t\tgoto out;',
  ' ',
  '+\tret = virtio_vsock_rx_add(vq, skb); /* a line that is longer than others */',
];

function quoted(lines: readonly string[], ...styles: StyleName[]): string[] {
  const body = coverBody(lines).slice(0, lines.length);
  return quote(body, new Set(styles), 'AL', 72, randomFrom(1)).map((line) => line.text);
}

describe('randomFrom', () => {
  it('keeps to the bounds and reaches them', () => {
    const random = randomFrom(3);
    const seen = new Set(Array.from({ length: 300 }, () => random.int(2, 5)));
    expect([...seen].sort()).toEqual([2, 3, 4, 5]);
    expect(random.shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('the places of a diff', () => {
  const grown = Array.from({ length: 60 }, (_, seed) => grownPatch(randomFrom(seed), true));
  const all = [...sources().patches, ...grown];

  it('are those that the parser of the project finds', () => {
    expect(sources().patches.length).toBeGreaterThan(20);
    for (const { diff } of all) {
      const places = diffPlaces(diff).flatMap((place) => (place === null ? [] : [place]));
      const parsed = parseDiff(`${diff.join('\n')}\n`).flatMap((file) =>
        file.hunks.flatMap((hunk) =>
          hunk.lines.map(({ kind, oldLine, newLine }) => ({
            on: 'line',
            file: file.newPath ?? file.oldPath,
            hunk: hunk.header,
            side: kind === 'del' ? 'old' : 'new',
            line: kind === 'del' ? oldLine : newLine,
          })),
        ),
      );
      expect(places).toEqual(parsed);
    }
  });

  it('repeat themselves in what is grown', () => {
    const lines = grown.flatMap(({ diff }) => diff);
    expect(lines.length).toBeGreaterThan(5000);
    expect(new Set(lines).size).toBeLessThan(lines.length / 2);
  });
});

describe('quote', () => {
  it.each<[StyleName, string[]]>([
    ['gt', ['> +\tif (!skb)', '> +\t\tgoto out;', '>  ']],
    ['mutt', ['>+\tif (!skb)', '>+\t\tgoto out;', '> ']],
    ['bar', ['| +\tif (!skb)', '| +\t\tgoto out;', '|  ']],
    ['initials', ['AL> +\tif (!skb)', 'AL> +\t\tgoto out;', 'AL>  ']],
    ['page', ['+\tif (!skb)', '+\t\tgoto out;', '']],
  ])('%s', (style, lines) => {
    expect(quoted(CODE.slice(0, 3), style)).toEqual(lines);
  });

  it('makes >> of a line that is quoted already, where the mailer does', () => {
    expect(quoted(['> a', 'b'], 'tight')).toEqual(['>> a', '> b']);
  });

  it('loses tabs and the blanks at the ends of lines', () => {
    expect(quoted(CODE.slice(1, 3), 'gt', 'tabs8', 'trailing')).toEqual([
      '> +                goto out;',
      '>',
    ]);
    expect(quoted(CODE.slice(1, 2), 'gt', 'tabs4')).toEqual(['> +        goto out;']);
  });

  it('breaks long lines with the mark and without', () => {
    const head = '> +\tret = virtio_vsock_rx_add(vq, skb); /* a line that is longer than';
    expect(quoted(CODE.slice(3), 'gt', 'rewrap-marked')).toEqual([head, '> others */']);
    expect(quoted(CODE.slice(3), 'gt', 'rewrap-bare')).toEqual([head, 'others */']);
  });

  it('ends broken lines in a space where the mail says format=flowed', () => {
    expect(quoted(CODE.slice(3), 'gt', 'flowed')[0]).toMatch(/^> \+\tret .* $/);
    expect(flowedOwn([' a', '> b', 'From c', 'd'], false)).toEqual(['  a', ' > b', ' From c', 'd']);
    expect(flowedOwn(['a', 'b'], true)).toEqual(['a ', 'b']);
  });

  it('knows which styles lose something', () => {
    expect(isClean('mutt+greeting+base64+depth-3')).toBe(true);
    expect(isClean('gt+cut-silent')).toBe(false);
    expect(lossOf(['gt', 'tabs8', 'robot'])).toEqual(['tabs8']);
  });
});

describe('what may be asked of a reader', () => {
  const diff = [
    'diff --git a/x.c b/x.c',
    '--- a/x.c',
    '+++ b/x.c',
    '@@ -1,5 +1,6 @@',
    ' \tfirst();',
    ' }',
    '+\tgoto out;',
    ' }',
    '+\tgoto out;',
    '-\tlast();',
    '-}',
  ];
  const lines = patchBody({ subject: 's', message: ['m'], notes: ['n'], diff }, null);
  const pins = pinsOf(lines);
  const at = (index: number): number => index + 4;

  it('is told by a line that stands there once', () => {
    expect(patchRun(lines, at(4), pins, 1)).toBe(at(4));
    expect(patchRun(lines, at(5), pins, 1)).toBe(at(4));
    expect(patchRun(lines, at(4), pins, 3)).toBe(at(2));
  });

  it('is not told by what stands there twice, but by what stands above it', () => {
    expect(patchRun(lines, at(7), pins, 1)).toBe(at(6));
    expect(patchRun(lines, at(8), pins, 1)).toBe(at(6));
    expect(patchRun(lines, at(6), pins, 1)).toBe(at(4));
  });

  it('is not told at all where the quote begins too late', () => {
    expect(patchRun(lines.slice(at(7)), 1, pins, 1)).toBeNull();
  });

  it('is told by a pair', () => {
    const twice = pinsOf(coverBody(['aaaa', 'bbbb', 'aaaa', 'cccc', 'bbbb', 'cccc']));
    expect(twice.line.slice(0, 6)).toEqual([false, false, false, false, false, false]);
    expect(twice.pair.slice(0, 6)).toEqual([false, true, true, true, true, true]);
  });

  it('for an answer, is told by a line of the comment', () => {
    const comment = (text: string, of: number): BodyLine => ({
      text,
      origin: { kind: 'comment', comment: of, messageId: 'm' },
    });
    const mail = [comment('Is that right here?', 1), comment('Why?', 1), comment('Why?', 2)];
    expect(commentRun(mail, 1, 1)).toBe(0);
    expect(commentRun(mail, 2, 1)).toBeNull();
  });
});
