// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hunk } from '../../core/series.ts';
import { type Interdiff, interdiffOfHunks, interdiffOfMessages } from './interdiff.ts';
import { fileDiff, filesOf, swap } from './versions-fixture.ts';

const hunk = (...lines: string[]): Hunk => fileDiff('net/vsock.c', '@@', ...lines).hunks[0] as Hunk;
const marked = ({ lines }: Interdiff): string[] =>
  lines.filter(({ mark }) => mark !== ' ').map(({ mark, text }) => mark + text);

const V1 = [' 	int ret;', ' ', ' 	lock(a);', '-	old(a);', '+	new(a);', ' 	unlock(a);', ' 	return ret;'];

describe('interdiffOfHunks', () => {
  it('finds a hunk the same whatever its line numbers and heading', () => {
    const moved = fileDiff('net/vsock.c', '@@ -900,1 +900,1 @@ other(void)', ...V1).hunks[0] as Hunk;
    const diff = interdiffOfHunks(hunk(...V1), moved);
    expect(diff.kind).toBe('same');
    expect(diff.lines.map(({ mark, text, before, after }) => [mark, text, before, after])).toEqual(
      V1.map((text, at) => [' ', text, at, at]),
    );
  });

  it('shows the lines of the patch that changed, with their own column', async () => {
    const [before] = await filesOf(1);
    const [after] = await filesOf(1, (mail) =>
      swap(
        mail,
        '+	return virtqueue_add_inbuf(vq, &sg, 1, skb, GFP_KERNEL);',
        '+	return virtqueue_add_inbuf(vq, &sg, 1, skb, gfp);',
      ),
    );
    const diff = interdiffOfHunks(before?.hunks[0] ?? null, after?.hunks[0] ?? null);
    expect(diff.kind).toBe('changed');
    expect(marked(diff)).toEqual([
      '-+	return virtqueue_add_inbuf(vq, &sg, 1, skb, GFP_KERNEL);',
      '++	return virtqueue_add_inbuf(vq, &sg, 1, skb, gfp);',
    ]);
    const removed = diff.lines.find(({ mark }) => mark === '-');
    expect(before?.hunks[0]?.lines[removed?.before ?? -1]?.text).toContain('GFP_KERNEL');
  });

  it('calls it context when only the lines around are others', () => {
    const window = hunk(
      ' ',
      ' 	lock(a);',
      '-	old(a);',
      '+	new(a);',
      ' 	unlock(a);',
      ' 	return ret;',
      ' }',
    );
    expect(interdiffOfHunks(hunk(...V1), window).kind).toBe('context');
    const renamed = hunk(...V1.map((line) => line.replace('unlock(a)', 'unlock(b)')));
    const diff = interdiffOfHunks(hunk(...V1), renamed);
    expect(diff.kind).toBe('context');
    expect(marked(diff)).toEqual(['- 	unlock(a);', '+ 	unlock(b);']);
  });

  it('calls it changed when an added line moved past its context', () => {
    const before = hunk(' 	lock(a);', '+	work(a);', ' 	unlock(a);', ' 	return;');
    const after = hunk(' 	lock(a);', ' 	unlock(a);', '+	work(a);', ' 	return;');
    expect(interdiffOfHunks(before, after).kind).toBe('changed');
    const brace = (...lines: string[]): Hunk => hunk(' 	if (a) {', ...lines, ' 	return;');
    const inside = brace('+	work(a);', ' 	}');
    expect(interdiffOfHunks(inside, brace(' 	}', '+	work(a);')).kind).toBe('changed');
    expect(interdiffOfHunks(inside, inside).kind).toBe('same');
  });

  it('calls it changed when the same lines went to another place altogether', () => {
    const before = hunk(' 	open(file);', ' ', '+	work(a);', ' 	close(file);', ' ');
    const after = hunk(' 	start(timer);', ' ', '+	work(a);', ' 	stop(timer);', ' ');
    expect(interdiffOfHunks(before, after).kind).toBe('changed');
  });

  it('shows all of a hunk that is new, or was dropped', () => {
    expect(interdiffOfHunks(null, hunk(...V1))).toMatchObject({ kind: 'added' });
    expect(marked(interdiffOfHunks(hunk(...V1), null))).toEqual(V1.map((line) => `-${line}`));
    expect(interdiffOfHunks(null, null)).toEqual({ kind: 'same', lines: [] });
  });

  it('sees a missing newline', () => {
    const before = hunk(' 	a', '+	b');
    const after = hunk(' 	a', '+	b', '\\ No newline at end of file');
    expect(marked(interdiffOfHunks(before, after))).toEqual(['+\\ No newline at end of file']);
  });

  it('has every line of both hunks once, in order, and is the same only for the same lines', () => {
    const line = fc.constantFrom(' a', ' b', ' ', '+a', '+b', '-a', '-c');
    const any = fc.array(line, { minLength: 1, maxLength: 14 }).map((lines) => hunk(...lines));
    const text = ({ kind, text: words }: { kind: string; text: string }): string => `${kind} ${words}`;
    fc.assert(
      fc.property(any, any, (one, other) => {
        const { kind, lines } = interdiffOfHunks(one, other);
        const befores = lines.flatMap(({ before }) => (before === null ? [] : [before]));
        const afters = lines.flatMap(({ after }) => (after === null ? [] : [after]));
        expect(befores).toEqual([...one.lines.keys()]);
        expect(afters).toEqual([...other.lines.keys()]);
        expect(kind === 'same').toBe(one.lines.map(text).join('\n') === other.lines.map(text).join('\n'));
      }),
    );
  });
});

describe('interdiffOfMessages', () => {
  it('shows changed lines, and no white space at line ends', () => {
    const diff = interdiffOfMessages('One.\nTwo.  \n\nThree.\n', 'One.\nTwo.\n\nThree, too.');
    expect(diff.kind).toBe('changed');
    expect(marked(diff)).toEqual(['-Three.', '+Three, too.']);
    expect(interdiffOfMessages('One.  \n', 'One.').kind).toBe('same');
  });

  it('tells a message that is new from one that is gone', () => {
    expect(interdiffOfMessages('', 'v2: rebased').kind).toBe('added');
    expect(interdiffOfMessages('v2: rebased', '\n').kind).toBe('dropped');
    expect(interdiffOfMessages('', '')).toEqual({ kind: 'same', lines: [] });
  });
});
