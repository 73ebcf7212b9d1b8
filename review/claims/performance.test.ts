// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { performanceOf } from './performance.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt'), 'utf8');

/** test, direction, before, after, unit, change, computedChange, right */
const read = (text: string): unknown[][] =>
  performanceOf(text, 1).map(({ patch: _, setup: __, base: ___, ...claim }) => Object.values(claim));

describe('performanceOf', () => {
  it('reads the four rows of the page of a web archive', () => {
    expect(performanceOf(page, 1)[0]).toEqual({
      test: '64KB',
      direction: 'g2h',
      before: 21.63,
      after: 25.59,
      unit: 'Gb/s',
      change: 18,
      computedChange: 18.3,
      right: true,
      setup: 'uperf w/ 64 threads, SOCK_STREAM',
      base: '95ec6bce2a0b',
      patch: 1,
    });
    expect(read(page)).toEqual([
      ['64KB', 'g2h', 21.63, 25.59, 'Gb/s', 18, 18.3, true],
      ['16B', 'g2h', 11.86, 17.41, 'Mb/s', 46, 46.8, true],
      ['64KB', 'h2g', 2.15, 3.6, 'Gb/s', 67, 67.4, true],
      ['16B', 'h2g', 14.38, 18.43, 'Mb/s', 28, 28.2, true],
    ]);
  });

  it.each<[string, unknown[]]>([
    [
      'Test: h2g 64KB 16 threads\nbefore: 1,234.5 Mbit/s\nafter: 2,469 Mbit/s',
      ['64KB 16 threads', 'h2g', 1234.5, 2469, 'Mbit/s', null, 100, null],
    ],
    [
      'Test: 4K (host to guest)\nBefore: 1 234 567 pps\nAfter: 1234567 pps (0%)',
      ['4K', 'h2g', 1234567, 1234567, 'pps', 0, 0, true],
    ],
    [
      'Test: guest->host, 4K\nBefore = 2 Gbps\nAfter = 2500 Mbps (+25%)',
      ['4K', 'g2h', 2, 2.5, 'Gbps', 25, 25, true],
    ],
    ['Test: loopback\nBefore: 100 MB/s\nAfter: 1 Gb/s', ['', 'loopback', 100, 125, 'MB/s', null, 25, null]],
    [
      'Test: both directions, 4K\nBefore: 1 Gb/s\nAfter: 2 Gb/s',
      ['both directions, 4K', null, 1, 2, 'Gb/s', null, 100, null],
    ],
    ['Test: x\nBefore: 10\nAfter: 12 Kb/s', ['x', null, 10, 12, 'Kb/s', null, 20, null]],
    ['Test: x\nBefore: 10 ops/s\nAfter: 12', ['x', null, 10, 12, 'ops/s', null, 20, null]],
    ['Test: x\nBefore: 10\nAfter: 12', ['x', null, 10, 12, '', null, 20, null]],
    ['Test: x\nBefore: 21,63 GB/s\nAfter: 25,59 GB/s', ['x', null, 21.63, 25.59, 'GB/s', null, 18.3, null]],
    ['Test: x\nBefore: 10 ± 0.2 us\nAfter: 8 us ± 1% (-20%)', ['x', null, 10, 8, 'us', -20, -20, true]],
    ['Test: x\nBefore: 1.2M ops/s\nAfter: 1500 Kops/s', ['x', null, 1.2, 1.5, 'M ops/s', null, 25, null]],
    ['Test: x\n\nBefore: 2 ms\n\nAfter: 500 usec', ['x', null, 2, 0.5, 'ms', null, -75, null]],
    ['Latency, g2h:\n  before: 10 us\n  after: 9 us', ['Latency', 'g2h', 10, 9, 'us', null, -10, null]],
    ['Base line    : 2.5 sec\n/w this patch: 2 sec (20% less)', ['', null, 2.5, 2, 'sec', 20, -20, true]],
    ['Before: 10 req/s, after: 12 req/s (+20%)', ['', null, 10, 12, 'req/s', 20, 20, true]],
    ['Test: x\nBefore: 10 us\nAfter: 12 us\nChange: +20%', ['x', null, 10, 12, 'us', 20, 20, true]],
  ])('%j', (text, row) => {
    expect(read(text)).toEqual([row]);
  });

  it.each<[string, string, string, boolean | null]>([
    ['100 Gb/s', '118.31 Gb/s (+18%)', 'rounded', true],
    ['100 Gb/s', '146.8 Gb/s (+46%)', 'cut', true],
    ['15.4 Mb/s', '15.5 Mb/s (no measurable change)', 'none that shows', true],
    ['15.4 Mb/s', '15.4 Mb/s (unchanged)', 'none', true],
    ['100 Gb/s', '104 Gb/s (within the noise)', 'none, says who knows the noise', null],
    ['100 Gb/s', '104 Gb/s (0%)', 'none in figures', false],
    ['100 Gb/s', '146.8 Gb/s (+47%)', 'rounded up', true],
    ['100 Gb/s', '146.8 Gb/s (+48%)', 'neither', false],
    ['100 Gb/s', '118.31 Gb/s (+18.3%)', 'to its digits', true],
    ['100 Gb/s', '118.31 Gb/s (+18.4%)', 'wrong in the last digit', false],
    ['100 Gb/s', '82 Gb/s (-18%)', 'down', true],
    ['100 Gb/s', '82 Gb/s (−18%)', 'down, with a real minus', true],
    ['100 Gb/s', '82 Gb/s (+18%)', 'the wrong sign', false],
    ['100 Gb/s', '82 Gb/s (18%)', 'no sign', null],
    ['100 Gb/s', '118 Gb/s (18%)', 'no sign needed', true],
    ['100 Gb/s', '118 Gb/s (~20%)', 'rough', null],
    ['100 Gb/s', '118 Gb/s (18% faster)', 'a word', true],
    ['100 Gb/s', '118 Gb/s (30% faster)', 'a word that does not fit', null],
    ['100 Gb/s', '118 Gb/s (18% slower)', 'a word against the numbers', null],
    ['100 us', '88 us (-12%)', 'a time', true],
    ['100 us', '88 us (+12%)', 'a time, plus as better', null],
    ['100 us', '88 us (+13.6%)', 'a time, as speed', null],
    ['100 us', '88 us (+20%)', 'a time, wrong in every way', false],
    ['100 us', '88 us (12% less)', 'a time, less', true],
    ['100 us', '88 us (12% faster)', 'a time, faster', true],
    ['100 us', '88 us (14% faster)', 'a time, faster as speed', null],
  ])('%s → %s: %s', (before, after, _, right) => {
    expect(
      performanceOf(`Test: x\nBefore: ${before}\nAfter: ${after}`, 1).map((claim) => claim.right),
    ).toEqual([right]);
  });

  it.each([
    'Test: x\nBefore: 0 Gb/s\nAfter: 1 Gb/s',
    'Test: x\nBefore: 1 Gb/s\nAfter: 1 ms',
    'Test: x\nBefore: commit 95ec6bce2a0b\nAfter: 1 Gb/s',
    'Test: x\nBefore: 3 patches\nAfter: 4 patches',
    'Test: x\nBefore: 10.0.0.1\nAfter: 10.0.0.2',
    'Before: 1\nAfter: 2',
    'Before: 1 Gb/s\nTest: x\nAfter: 2 Gb/s',
    'It was fast before: 21 Gb/s. After: nothing.',
    'diff --git a/x b/x\nTest: x\nBefore: 1 Gb/s\nAfter: 2 Gb/s',
    'before after\nthat we test',
    '',
  ])('finds nothing in %j', (text) => {
    expect(read(text)).toEqual([]);
  });
});

describe('how it was measured', () => {
  const value = 'Before: 1 Gb/s\nAfter: 2 Gb/s';

  it('is what the last line above says', () => {
    const text = `Setup: one thread\nTest: a\n${value}\n\nBase: commit 0123456789ab\nConfig: 64 threads\n${value}\n\n| test | before | after |\n| b | 1 us | 2 us |`;
    expect(performanceOf(text, 1).map(({ setup, base }) => [setup, base])).toEqual([
      ['one thread', null],
      ['64 threads', '0123456789ab'],
      ['64 threads', '0123456789ab'],
    ]);
  });

  it.each([
    ['Before: commit 95ec6bce2a0b ("Merge branch")', '95ec6bce2a0b'],
    ['Baseline: 95ec6bce2a0b ("Merge branch")', '95ec6bce2a0b'],
    ['Before (commit 95ec6bce2a0b):', '95ec6bce2a0b'],
    ['Before: 1234567 pps', null],
    ['Before: commits of last week', null],
    ['the base: commit 95ec6bce2a0b', null],
  ])('%j names %j', (line, base) => {
    expect(performanceOf(`${line}\nTest: a\n${value}`, 1).map((claim) => claim.base)).toEqual([base]);
  });
});

describe('sentences', () => {
  it.each<[string, unknown[]]>([
    [
      'This raises g2h throughput from 21.63 Gb/s to\n25.59 Gb/s (+18%) with 64 KiB.',
      ['throughput 64 KiB', 'g2h', 21.63, 25.59, 'Gb/s', 18, 18.3, true],
    ],
    [
      '64KB, 16 threads, g2h: 21.63 -> 25.59 Gb/s (+18%)',
      ['64KB, 16 threads', 'g2h', 21.63, 25.59, 'Gb/s', 18, 18.3, true],
    ],
    // Which of the two, nobody says; a guest's memory is no message.
    ['4 KB and 64 KB messages go from 10 to 12 Gb/s (+20%).', ['', null, 10, 12, 'Gb/s', 20, 20, true]],
    [
      'In a guest with 512 MB throughput goes from 10 to 12 Gb/s (+20%).',
      ['throughput', null, 10, 12, 'Gb/s', 20, 20, true],
    ],
    ['It goes from 10 to 12 Gb/s (+30%).', ['', null, 10, 12, 'Gb/s', 30, 20, false]],
    ['Latency drops by 20% from 10 us to 8 us.', ['latency', null, 10, 8, 'us', 20, -20, null]],
    ['h2g: 2.15 -> 3.60 Gb/s (+77%)', ['', 'h2g', 2.15, 3.6, 'Gb/s', 77, 67.4, false]],
    [
      'The throughput went up from about 1.2M ops/s to about 1.5M ops/s, a 25% gain.',
      ['throughput', null, 1.2, 1.5, 'M ops/s', 25, 25, true],
    ],
  ])('%j', (text, row) => {
    expect(read(`Words.\n\n${text}\n\nWords.`)).toEqual([row]);
  });

  it.each([
    'Raise the timeout from 10 s to 20 s.',
    'The buffer grows from 4 KB to 64 KB (+1500%).',
    'from 1 to 2 (+100%)',
    'It uses 20% less CPU. Before it went from 10 Gb/s to 12 Gb/s.',
    'diff --git a/x b/x\nfrom 10 Gb/s to 12 Gb/s (+30%)',
  ])('finds nothing in %j', (text) => {
    expect(read(text)).toEqual([]);
  });
});

describe('tables', () => {
  const rows = [
    ['64KB', 'g2h', 21.63, 25.59, 'Gb/s', 18, 18.3, true],
    ['16B', 'h2g', 14.38, 18.43, 'Mb/s', 48, 28.2, false],
  ];

  it.each([
    '| test | before | after | change |\n|---|---:|---:|---|\n| 64KB, g2h | 21.63 Gb/s | 25.59 Gb/s | +18% |\n| 16B, h2g | 14.38 Mb/s | 18.43 Mb/s | +48% |',
    '+----+\n| test | dir | base | patched | % |\n+====+\n| 64KB | g2h | 21.63 Gb/s | 25.59 Gb/s | +18 |\n+----+\n| 16B | h2g | 14.38 Mb/s | 18.43 Mb/s | +48 |\n+----+',
    'test        before       after        change\n-----\n64KB, g2h   21.63 Gb/s   25.59 Gb/s   +18%\n16B, h2g    14.38 Mb/s   18.43 Mb/s   +48%',
    '\tBase\tPatched\tDelta\n64KB g2h\t21.63 Gb/s\t25.59 Gb/s\t+18%\n16B h2g\t14.38 Mb/s\t18.43 Mb/s\t+48%',
    'size dir before after change\n64KB g2h 21.63 Gb/s 25.59 Gb/s +18%\n16B h2g 14.38 Mb/s 18.43 Mb/s +48%',
  ])('%j', (text) => {
    expect(read(`Words.\n\n${text}\n\nWords.`)).toEqual(rows);
  });

  it('take the unit from a heading', () => {
    expect(read('  size   before (Gb/s)   after (Gb/s)\n  64KB   20   25 (+25%)')).toEqual([
      ['64KB', null, 20, 25, 'Gb/s', 25, 25, true],
    ]);
    expect(read('| | unpatched | patched |\n| latency (us) | 20 | 25 |')).toEqual([
      ['latency (us)', null, 20, 25, 'us', null, 25, null],
    ]);
  });

  it('are left alone when a column could be either', () => {
    expect(read('| test | before | before | after |\n| x | 1 us | 2 us | 3 us |')).toEqual([]);
  });

  it('stand between other measurements', () => {
    expect(
      read(
        'Test: a\nBefore: 1 us\nAfter: 2 us\n\n| test | old | new |\n| b | 2 us | 3 us |\n\nTest: c\nBefore: 4 us\nAfter: 5 us',
      ).map(([test]) => test),
    ).toEqual(['a', 'b', 'c']);
  });
});

describe('performanceOf on anything', () => {
  it('gives finite numbers', () => {
    const token = fc.constantFrom(
      'Test: x',
      'Before: 1 Gb/s',
      'After: 2 Mb/s (+1%)',
      'Before: 0',
      'After: 0 us',
      '| a | before | after |',
      '| a | 1 | 0 |',
      'a  before  after',
      'a  1  2',
      '',
      'Change: 5%',
      'Before: 1e-99 us',
      'After: 999999999999999 s',
      'from 1 Gb/s to 2 Gb/s (+1%)',
      'by 5% from 0 us to 9e99 us',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }), (lines) => {
        for (const claim of performanceOf(lines.join('\n'), 1)) {
          for (const number of [claim.before, claim.after, claim.computedChange, claim.change ?? 0]) {
            expect(Number.isFinite(number)).toBe(true);
          }
          expect(claim.right === null || claim.change !== null).toBe(true);
        }
      }),
    );
  });

  it('finds every printed change right that was rounded or cut', () => {
    const value = fc.integer({ min: 1, max: 100_000 }).map((number) => number / 100);
    fc.assert(
      fc.property(
        value,
        value,
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        (before, after, decimals, cut) => {
          const exact = ((after - before) / before) * 100;
          const scaled = exact * 10 ** decimals;
          const printed = cut ? Math.trunc(scaled) / 10 ** decimals : Math.round(scaled) / 10 ** decimals;
          const sign = printed < 0 ? '' : '+';
          const text = `Test: x\nBefore: ${before} Gb/s\nAfter: ${after} Gb/s (${sign}${printed.toFixed(decimals)}%)`;
          expect(performanceOf(text, 1)[0]?.right).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['one long line', `Before: ${'1'.repeat(1_000_000)}`],
    ['many bars', `before | after${' |'.repeat(500_000)}`],
    ['blanks', `Test: ${' '.repeat(1_000_000)}x`],
    ['headers', 'a  before  after\n'.repeat(50_000)],
    ['rows', `a  before  after\n${'a  1  2\n'.repeat(50_000)}`],
  ])('is quick on %s', (_, text) => {
    const start = performance.now();
    performanceOf(text, 1);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
