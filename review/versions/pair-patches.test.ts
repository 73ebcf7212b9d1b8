// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileDiff } from '../../core/series.ts';
import { type PairedPatch, pairPatches } from './pair-patches.ts';
import { fileDiff, swap, version } from './versions-fixture.ts';

const brief = (before: readonly PairedPatch[], after: readonly PairedPatch[]): string[] =>
  pairPatches(before, after).map((pair) => `${pair.before ?? '-'}:${pair.after ?? '-'} ${pair.change}`);

const patch = (index: number, subject: string, ...files: FileDiff[]): PairedPatch => ({
  index,
  subject,
  body: 'Because.',
  files,
});

const renumber = (patches: readonly PairedPatch[]): PairedPatch[] =>
  patches.map((one, at) => ({ ...one, index: at + 1 }));

/** A file of new lines that have a word of their own. */
const added = (name: string, from: number, to: number, word = 'value'): FileDiff =>
  fileDiff(name, '@@', ...Array.from({ length: to - from }, (_, at) => `+\tset_${word}(dev, ${from + at});`));

describe('pairPatches', () => {
  it('pairs a series with itself, and says that nothing changed', async () => {
    const v1 = await version();
    expect(brief(v1, await version())).toEqual([
      '1:1 unchanged',
      '2:2 unchanged',
      '3:3 unchanged',
      '4:4 unchanged',
    ]);
    expect(pairPatches(v1, v1).every((pair) => pair.similarity === 1 && pair.how === 'same-subject')).toBe(
      true,
    );
  });

  it('tells a changed message from a changed diff', async () => {
    const v2 = await version({
      1: (mail) =>
        swap(mail, '\nSigned-off-by:', '\nReviewed-by: Ann Example <ann@example.org>\nSigned-off-by:'),
      2: (mail) =>
        swap(
          mail,
          '+	__skb_queue_tail(&vsock->rx_recycle, skb);',
          '+	__skb_queue_head(&vsock->rx_recycle, skb);',
        ),
      3: (mail) =>
        swap(
          swap(mail, 'The price is memory', 'The cost is memory'),
          '+	bool large = true;',
          '+	bool large = false;',
        ),
    });
    expect(brief(await version(), v2)).toEqual(['1:1 message', '2:2 diff', '3:3 both', '4:4 unchanged']);
  });

  it('takes other line numbers, headings and context for no change', async () => {
    const v2 = await version({
      1: (mail) =>
        mail
          .replace('@@ -305,10 +305,22 @@ out_rcu:', '@@ -405,10 +405,22 @@ out:')
          .replace(' 	return ret;\n }\n \n+/* Give', ' 	return err;\n }\n \n+/* Give'),
    });
    expect(brief(await version(), v2)[0]).toBe('1:1 unchanged');
  });

  it('follows patches that were reordered, dropped and added', async () => {
    const v1: PairedPatch[] = await version();
    const [one, two, three, four] = v1 as [PairedPatch, PairedPatch, PairedPatch, PairedPatch];
    const extra = patch(9, 'vsock: count buffers', added('net/vmw_vsock/stats.c', 0, 9));
    expect(brief(v1, renumber([four, one, extra, three]))).toEqual([
      '4:1 unchanged',
      '1:2 unchanged',
      '2:- both',
      '-:3 both',
      '3:4 unchanged',
    ]);
    expect(brief([], [two])).toEqual(['-:2 both']);
    expect(brief([two], [])).toEqual(['2:- both']);
  });

  it('finds a patch by content when its subject is another', async () => {
    const v2 = await version({
      2: (mail) => swap(mail, 'copy small packets out of large rx\n buffers', 'do not pin large rx buffers'),
    });
    const pair = pairPatches(await version(), v2)[1];
    expect(pair).toEqual({ before: 2, after: 2, how: 'content', similarity: 1, change: 'message' });
  });

  it('finds a patch by its subject when nearly all of it was rewritten', () => {
    const v1 = [patch(1, 'vsock: add a queue', added('net/vsock.c', 0, 30, 'list'))];
    const v2 = [
      patch(1, 'vsock: count what is queued', added('net/vsock.c', 0, 30, 'count')),
      patch(2, 'vsock:  Add a queue', added('net/vsock.c', 0, 30, 'ring')),
    ];
    const pairs = pairPatches(v1, v2);
    expect(pairs.map(({ before, after, how }) => [before, after, how])).toEqual([
      [null, 1, 'content'],
      [1, 2, 'same-subject'],
    ]);
    expect(pairs[1]?.similarity).toBeLessThan(0.2);
  });

  it('does not pair by subject what has no file in common', () => {
    const v1 = [patch(1, 'fix a typo', added('a.c', 0, 9))];
    const v2 = [patch(1, 'fix a typo', added('b.c', 50, 60, 'other'))];
    expect(brief(v1, v2)).toEqual(['1:- both', '-:1 both']);
  });

  it('gives the larger part of a split patch its partner, the other none', () => {
    const v1 = [patch(1, 'vsock: add queue and counters', added('q.c', 0, 40), added('c.c', 40, 60))];
    const v2 = [
      patch(1, 'vsock: counters', added('c.c', 40, 60)),
      patch(2, 'vsock: a queue', added('q.c', 0, 40)),
    ];
    expect(brief(v1, v2)).toEqual(['-:1 both', '1:2 both']);
    expect(brief(v2, v1)).toEqual(['1:- both', '2:1 both']);
  });

  it('does not say of a binary file that it is unchanged', () => {
    const file: FileDiff = { oldPath: null, newPath: 'logo.bin', change: 'added', binary: true, hunks: [] };
    expect(brief([patch(1, 'add a logo', file)], [patch(1, 'add a logo', file)])).toEqual(['1:1 diff']);
  });

  it('has every patch once, whatever it is given', () => {
    const any = fc.array(
      fc.record({
        subject: fc.constantFrom('', 'a', 'b'),
        name: fc.constantFrom('x.c', 'y.c'),
        from: fc.nat(30),
        size: fc.integer({ min: 1, max: 12 }),
      }),
      { maxLength: 8 },
    );
    const made = (list: { subject: string; name: string; from: number; size: number }[]): PairedPatch[] =>
      list.map((one, at) => patch(at + 1, one.subject, added(one.name, one.from, one.from + one.size)));
    fc.assert(
      fc.property(any, any, (one, other) => {
        const [v1, v2] = [made(one), made(other)];
        const pairs = pairPatches(v1, v2);
        const befores = pairs.flatMap(({ before }) => (before === null ? [] : [before]));
        const afters = pairs.flatMap(({ after }) => (after === null ? [] : [after]));
        expect(befores.toSorted((a, b) => a - b)).toEqual(v1.map(({ index }) => index));
        expect(afters).toEqual(v2.map(({ index }) => index));
        for (const { similarity } of pairs) expect(similarity >= 0 && similarity <= 1).toBe(true);
      }),
    );
  });

  it('does 30 by 30 patches of 1,000 lines, half of them rewritten, in under a second', () => {
    const make = (at: number, from: number): PairedPatch =>
      patch(
        at + 1,
        `patch ${at} of ${from}`,
        added(`drivers/net/f${at % 5}.c`, at * 450 + from, at * 450 + from + 1000),
      );
    const v1 = Array.from({ length: 30 }, (_, at) => make(at, 0));
    const v2 = Array.from({ length: 30 }, (_, at) => make(at, 300));
    const begin = performance.now();
    const pairs = pairPatches(v1, v2);
    const took = performance.now() - begin;
    expect(pairs.every(({ before, after }) => before === after)).toBe(true);
    // Usually a tenth of it; the machine may be busy.
    expect(took).toBeLessThan(30_000);
  });
});
