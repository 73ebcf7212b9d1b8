// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Side } from '../../core/review.ts';
import type { FileDiff } from '../../core/series.ts';
import { type LineFate, lineMap } from './line-map.ts';
import { type Edit, fileDiff, filesOf, swap } from './versions-fixture.ts';

const TRANSPORT = 'net/vmw_vsock/virtio_transport.c';

/** Side and number of the line with this text, which is there once. */
function place(files: readonly FileDiff[], text: string): [string, Side, number] {
  const found = files.flatMap((file) =>
    file.hunks.flatMap(({ lines }) =>
      lines.filter((line) => line.text === text).map((line) => ({ file, line })),
    ),
  );
  const one = found[0];
  if (found.length !== 1 || one === undefined) throw new Error(`${found.length} lines are: ${text}`);
  const { file, line } = one;
  const side = line.kind === 'del' ? 'old' : 'new';
  return [file.newPath ?? file.oldPath ?? '', side, (side === 'old' ? line.oldLine : line.newLine) ?? 0];
}

/** What the fate points at, read from the hunk it names. */
const textAt = ({ hunk, side, line }: LineFate): string | undefined =>
  hunk?.lines.find((one) => (side === 'old' ? one.oldLine : one.newLine) === line)?.text;

const brief = (fate: LineFate): unknown[] => [fate.what, textAt(fate)];

async function fateOf(patch: number, text: string, edit: Edit): Promise<LineFate> {
  const before = await filesOf(patch);
  return lineMap(before, await filesOf(patch, edit))(...place(before, text));
}

describe('lineMap on a patch that was edited', () => {
  it('finds every line of an unchanged patch where it was', async () => {
    for (const number of [1, 2, 3, 4]) {
      const files = await filesOf(number);
      const map = lineMap(files, await filesOf(number));
      for (const file of files) {
        for (const { lines } of file.hunks) {
          for (const line of lines) {
            const side = line.kind === 'del' ? 'old' : 'new';
            const at = (side === 'old' ? line.oldLine : line.newLine) ?? 0;
            expect(map(file.newPath ?? '', side, at)).toMatchObject({
              what: 'unchanged',
              side,
              line: at,
              similarity: 1,
            });
          }
        }
      }
    }
  });

  it('finds a line that is further down now', async () => {
    const more =
      '+	/* The device may not write to the head. */\n+	BUILD_BUG_ON(VIRTIO_VSOCK_SKB_HEADROOM > 64);\n';
    const fate = await fateOf(1, '	return virtqueue_add_inbuf(vq, &sg, 1, skb, GFP_KERNEL);', (mail) =>
      swap(mail, '+	struct scatterlist sg;\n', `+	struct scatterlist sg;\n${more}`),
    );
    expect(brief(fate)).toEqual(['unchanged', '	return virtqueue_add_inbuf(vq, &sg, 1, skb, GFP_KERNEL);']);
    expect(fate.line).toBe(321);
    expect(fate.file).toBe(TRANSPORT);
  });

  it('finds what a line was changed to', async () => {
    const fate = await fateOf(2, '	__skb_queue_tail(&vsock->rx_recycle, skb);', (mail) =>
      swap(
        mail,
        '+	__skb_queue_tail(&vsock->rx_recycle, skb);',
        '+	__skb_queue_head(&vsock->rx_spare, skb);',
      ),
    );
    expect(brief(fate)).toEqual(['changed', '	__skb_queue_head(&vsock->rx_spare, skb);']);
    expect(fate.similarity).toBeGreaterThan(0.5);
    expect(fate.similarity).toBeLessThan(1);
  });

  it('finds one helper where there were three lines', async () => {
    const edit: Edit = (mail) =>
      swap(
        mail,
        '+	memset(skb->head, 0, VIRTIO_VSOCK_SKB_HEADROOM);\n+	sg_init_one(&sg, virtio_vsock_hdr(skb), virtio_vsock_skb_len(skb));\n',
        '+	virtio_vsock_skb_to_sg(skb, &sg);\n',
      );
    const text = '	sg_init_one(&sg, virtio_vsock_hdr(skb), virtio_vsock_skb_len(skb));';
    expect(brief(await fateOf(1, text, edit))).toEqual(['changed', '	virtio_vsock_skb_to_sg(skb, &sg);']);
    expect((await fateOf(1, '	struct scatterlist sg;', edit)).what).toBe('unchanged');
  });

  it('says changed of a line with something wholly different in its place, and how little alike it is', async () => {
    const fate = await fateOf(2, '	__skb_queue_tail(&vsock->rx_recycle, skb);', (mail) =>
      swap(mail, '+	__skb_queue_tail(&vsock->rx_recycle, skb);', '+	consume(old, GFP_ATOMIC);'),
    );
    expect(brief(fate)).toEqual(['changed', '	consume(old, GFP_ATOMIC);']);
    expect(fate.similarity).toBeLessThan(0.4);
  });

  it('says removed of a line that was taken out', async () => {
    const edit: Edit = (mail) => swap(mail, '+	__skb_queue_purge(&vsock->rx_recycle);\n', '');
    expect(await fateOf(2, '	__skb_queue_purge(&vsock->rx_recycle);', edit)).toEqual({
      what: 'removed',
      file: null,
      hunk: null,
      side: null,
      line: null,
      similarity: 0,
    });
  });

  it('says removed of an added line whose hunk is gone, and unknown of the context around it', async () => {
    const edit: Edit = (mail) => mail.replace(/^@@ -770,6[\s\S]*?(?=^@@)/m, '');
    expect((await fateOf(2, '	__skb_queue_purge(&vsock->rx_recycle);', edit)).what).toBe('removed');
    expect((await fateOf(2, '	mutex_unlock(&vsock->rx_lock);', edit)).what).toBe('unknown');
  });

  it('says unknown of context that the smaller hunk does not show any more', async () => {
    const edit: Edit = (mail) =>
      swap(mail, ' 	mutex_lock(&vsock->rx_lock);\n 	while ((skb', ' 	while ((skb');
    const before = await filesOf(2);
    const map = lineMap(before, await filesOf(2, edit));
    const hunk = before[0]?.hunks[4];
    const fates = hunk?.lines.map(({ newLine }) => map(TRANSPORT, 'new', newLine ?? 0).what);
    expect(fates).toEqual(['unknown', ...new Array(6).fill('unchanged')]);
  });

  it('says moved of lines that are in another function now', async () => {
    const helper = /^\+\/\* Give an rx buffer[\s\S]*?^\+\}\n\+\n/m;
    const moved = (mail: string): string => {
      const text = helper.exec(mail)?.[0] ?? '';
      const rest = mail.replace(helper, '');
      return rest.replace(
        /^-- $/m,
        () =>
          `@@ -600,6 +600,6 @@ static bool allow(void)\n 	return seqpacket_allow;\n }\n \n${text} static void work(void)\n {\n 	run();\n-- `,
      );
    };
    const before = await filesOf(1);
    const after = await filesOf(1, moved);
    const map = lineMap(before, after);
    for (const text of [
      '	return virtqueue_add_inbuf(vq, &sg, 1, skb, GFP_KERNEL);',
      '	struct scatterlist sg;',
    ]) {
      const fate = map(...place(before, text));
      expect(brief(fate)).toEqual(['moved', text]);
      expect(fate.hunk).toBe(after[0]?.hunks.at(-1));
    }
    expect(map(...place(before, '	struct scatterlist pkt, *p;')).what).toBe('unchanged');
  });

  it('says moved of lines that another patch has now', async () => {
    const edit: Edit = (mail) => mail.replace(/^@@ -770,6[\s\S]*?(?=^@@)/m, '');
    const other = fileDiff(
      TRANSPORT,
      '@@',
      ' 	while (more())',
      '+	__skb_queue_purge(&vsock->rx_recycle);',
      ' 	unlock();',
    );
    const before = await filesOf(2);
    const after = await filesOf(2, edit);
    const fate = lineMap(before, after, [...after, other])(
      ...place(before, '	__skb_queue_purge(&vsock->rx_recycle);'),
    );
    expect(brief(fate)).toEqual(['moved', '	__skb_queue_purge(&vsock->rx_recycle);']);
    expect(fate.hunk).toBe(other.hunks[0]);
  });

  it('says file-dropped when the patch does not touch the file any more', async () => {
    const before = await filesOf(3);
    const after = before.slice(1);
    const header = place(before, '#define VIRTIO_VSOCK_LARGE_RX_BUF_SIZE		SKB_WITH_OVERHEAD(1024 * 32)');
    expect(lineMap(before, after)(...header).what).toBe('file-dropped');
    expect(lineMap(before, after)(...place(before, '	bool large = true;')).what).toBe('unchanged');
    // Another patch still does, and does not have the line.
    const other = fileDiff('include/linux/virtio_vsock.h', '@@', ' #endif', '+/* end of it */');
    expect(lineMap(before, after, [other])(...header).what).toBe('removed');
  });

  it('follows lines through a hunk that was split, and through two that were merged', async () => {
    const split: Edit = (mail) =>
      swap(
        mail,
        '+	struct sk_buff *copy;\n',
        '+	struct sk_buff *copy;\n 	first();\n@@ -640,1 +640,1 @@ recv(void)\n 	second();\n',
      );
    const before = await filesOf(2);
    const after = await filesOf(2, split);
    for (const [one, other] of [
      [before, after],
      [after, before],
    ] as const) {
      const map = lineMap(one, other);
      for (const text of [
        '	memcpy(copy->head, skb->head, VIRTIO_VSOCK_SKB_HEADROOM + payload_len);',
        '	struct sk_buff *copy;',
      ]) {
        expect(map(...place(one, text)).what).toBe('unchanged');
      }
    }
  });

  it('says changed of context that the next version removes, and of an added line that is context now', async () => {
    const before = await filesOf(1);
    const after = await filesOf(1, (mail) =>
      mail.replace(/^ 	struct virtqueue \*vq;$/m, '-	struct virtqueue *vq;'),
    );
    const fate = lineMap(before, after)(...place(before, '	struct virtqueue *vq;'));
    expect([fate.what, fate.side, fate.similarity]).toEqual(['changed', 'old', 1]);
    const landed = await filesOf(1, (mail) =>
      mail.replace(/^\+	struct scatterlist sg;$/m, ' 	struct scatterlist sg;'),
    );
    const now = lineMap(before, landed)(...place(before, '	struct scatterlist sg;'));
    expect([now.what, now.side, now.similarity]).toEqual(['changed', 'new', 1]);
  });

  it('follows a renamed file, by either of its names', () => {
    const before = fileDiff('a.c', '@@', ' 	begin(it);', '+	work_on_it(now);', ' 	end(it);');
    const after: FileDiff = { ...before, newPath: 'b.c', change: 'renamed' };
    expect(lineMap([before], [after])('a.c', 'new', 11)).toMatchObject({ what: 'unchanged', file: 'b.c' });
    expect(lineMap([after], [before])('b.c', 'new', 11)).toMatchObject({ what: 'unchanged', file: 'a.c' });
    expect(lineMap([after], [before])('a.c', 'old', 10)).toMatchObject({ what: 'unchanged', file: 'a.c' });
  });

  it('does not take a brace or a blank line for the same that stands elsewhere', () => {
    const before = fileDiff(
      'a.c',
      '@@',
      ' 	begin(it);',
      '+	if (ready_for(it)) {',
      '+		consume_all(it);',
      '+	}',
      ' 	end(it);',
    );
    const after = fileDiff(
      'a.c',
      '@@',
      ' 	begin(it);',
      ' 	end(it);',
      '@@ -90,1 +90,1 @@',
      ' 	prepare(other);',
      '+	while (has_more(other)) {',
      '+		advance(other);',
      '+	}',
      ' 	finish(other);',
    );
    expect(lineMap([before], [after])('a.c', 'new', 13).what).toBe('removed');
  });

  it('knows nothing of a line that is in no hunk', async () => {
    const files = await filesOf(1);
    const map = lineMap(files, files);
    expect(map(TRANSPORT, 'new', 1).what).toBe('unknown');
    expect(map('no/such/file.c', 'new', 310).what).toBe('unknown');
    expect(map(TRANSPORT, 'old', Number.NaN).what).toBe('unknown');
    expect(lineMap([], [])(TRANSPORT, 'new', 1).what).toBe('unknown');
  });
});

describe('lineMap on anything', () => {
  const text = fc.constantFrom(
    '',
    '}',
    'return ret;',
    'take_the_lock(a);',
    'walk_the_list(b, c);',
    'walk_the_list(b);',
  );
  const line = fc.tuple(fc.constantFrom(' ', '+', '-'), text).map(([column, words]) => column + words);
  const hunk = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => ['@@', ...lines]);
  const file = fc
    .tuple(fc.constantFrom('a.c', 'b.c'), fc.array(hunk, { minLength: 1, maxLength: 3 }))
    .map(([name, hunks]) => fileDiff(name, ...hunks.flat()));
  const files = fc.array(file, { maxLength: 3 });

  it('points at a line that is there, with the same text unless it changed', () => {
    fc.assert(
      fc.property(files, files, files, (before, after, others) => {
        const map = lineMap(before, after, others);
        const there = new Set([...after, ...others].flatMap(({ hunks }) => hunks));
        const lines = before.flatMap((one) =>
          one.hunks.flatMap((part) => part.lines.map((each) => ({ name: one.newPath ?? '', each }))),
        );
        for (const { name, each } of lines) {
          const side = each.kind === 'del' ? 'old' : 'new';
          const number = (side === 'old' ? each.oldLine : each.newLine) ?? 0;
          const fate = map(name, side, number);
          const gone = ['removed', 'file-dropped', 'unknown'].includes(fate.what);
          expect([fate.hunk, fate.file, fate.side, fate.line].every((part) => (part === null) === gone)).toBe(
            true,
          );
          if (gone) continue;
          expect(fate.hunk !== null && there.has(fate.hunk)).toBe(true);
          // A diff may name a file twice, so that there are several lines of this number.
          const texts = lines
            .filter((other) => other.name === name)
            .filter(({ each: { oldLine, newLine } }) => (side === 'old' ? oldLine : newLine) === number)
            .map((other) => other.each.text);
          if (fate.what !== 'changed') expect(texts).toContain(textAt(fate));
        }
      }),
    );
  });

  it('does not hang on 100,000 lines that all are others', () => {
    const lines = (word: string): FileDiff => {
      const base = fileDiff('a.c', '@@', '+x');
      const all = Array.from({ length: 100_000 }, (_, at) => ({
        kind: 'add' as const,
        text: `${word}_${at}(${at % 7});`,
        oldLine: null,
        newLine: at + 1,
      }));
      return { ...base, hunks: base.hunks.map((one) => ({ ...one, lines: all })) };
    };
    const map = lineMap([lines('one')], [lines('other')]);
    const begin = performance.now();
    for (let at = 1; at <= 500; at++) expect(map('a.c', 'new', at * 200).similarity).toBeLessThan(1);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
