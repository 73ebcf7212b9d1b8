// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSubject } from '../../patches/subject.ts';
import { readPageMail } from '../mails/page-mail.ts';
import { asOneSeries } from '../store/series-mails.ts';
import { buildReview } from './build-review.ts';
import { diffVersions } from './diff-versions.ts';
import { built, mailedVersion, reply } from './fixture.ts';

const QUOTE = `On Sun, 22 Nov 2026, the maintainers wrote:
> @@ -328,8 +330,10 @@ static void virtio_vsock_rx_fill(struct virtio_vsock *vsock)
>  	do {
> -		skb = virtio_vsock_alloc_linear_skb(VIRTIO_VSOCK_DEFAULT_RX_BUF_SIZE,
> -						    GFP_KERNEL);
> +		skb = __skb_dequeue(&vsock->rx_recycle);
`;

const COMMENT = await reply({
  id: 'r1',
  to: 2,
  body: `${QUOTE}\nrx_recycle is never freed when the probe fails.\n\nThanks,\nRita\n`,
});
const ANSWER = await reply({
  id: 'a1',
  to: 'r1',
  from: 'Seed <maintainers@users.noreply.r-seed-1742b4e7.example>',
  day: 24,
  body: '> rx_recycle is never freed when the probe fails.\n\nGood catch, in v2.\n',
});

const PAGE = await readPageMail(
  readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt')),
  'v8-review.txt',
);

const SUBJECT_2 = parseSubject('Re: [PATCH net-next 2/4] vsock/virtio: copy small packets');

const renamed = (text: string): string => text.replaceAll('rx_recycle', 'rx_again');

describe('a comment', () => {
  it('stands on its line, with the answer under it', async () => {
    const { review } = built([...(await mailedVersion(1)), COMMENT, ANSWER]);
    expect(review.comments).toHaveLength(1);
    expect(review.comments[0]).toMatchObject({
      version: 'v1',
      text: 'rx_recycle is never freed when the probe fails.',
      anchor: { on: 'line', patch: 2, file: 'net/vmw_vsock/virtio_transport.c', side: 'new', line: 333 },
      replies: [{ text: 'Good catch, in v2.', depth: 1, answers: 'r1@example.org' }],
    });
    const hunk = review.versions[0]?.patches[1]?.files[0]?.hunks.find(({ comments }) => comments.length > 0);
    expect(hunk?.header).toMatch(/^@@ -328,8 \+330,10 @@/);
  });

  it('is followed into the next version, with what speaks for its end', async () => {
    const v2 = await mailedVersion(2, (text, index) => {
      const log = '---\nChanges in v2:\n- free rx_recycle when the probe fails (Rita)\n';
      return index === 2 ? renamed(text).replace(/^---\n/m, log) : text;
    });
    const { review } = built([...(await mailedVersion(1)), ...v2, COMMENT, ANSWER]);
    expect(review.comments[0]?.fate).toMatchObject([
      {
        version: 'v2',
        what: 'changed',
        anchor: { patch: 2, line: 333 },
        evidence: [
          { kind: 'reply', text: 'Good catch, in v2.' },
          { kind: 'changelog', text: 'free rx_recycle when the probe fails (Rita)' },
        ],
      },
    ]);
  });

  it('is on changed lines when what was quoted above its last line is rewritten', async () => {
    const lines = [
      '+		if (!skb)',
      '+			skb = virtio_vsock_alloc_linear_skb(VIRTIO_VSOCK_DEFAULT_RX_BUF_SIZE,',
      '+							    GFP_KERNEL);',
      ' 		if (!skb)',
    ];
    const quote = (shown: string[]): string =>
      `${QUOTE}${shown.map((line) => `> ${line}\n`).join('')}\nIs it freed?\n`;
    const fateOf = async (shown: string[], from: string, to: string) => {
      const v2 = await mailedVersion(2, (text, index) => (index === 2 ? text.replace(from, to) : text));
      const comment = await reply({ id: 'r4', to: 2, body: quote(shown) });
      return built([...(await mailedVersion(1)), ...v2, comment]).review.comments[0]?.fate[0];
    };
    const [dequeue, once] = [
      '+		skb = __skb_dequeue(&vsock->rx_recycle);',
      '+		skb = recycled_skb(vsock);',
    ];
    const gone = { what: 'changed', evidence: [{ kind: 'interdiff', text: dequeue, source: 'v2' }] };
    expect(await fateOf(lines, dequeue, once)).toMatchObject({ ...gone, anchor: { line: 337 } });
    expect(await fateOf(lines.slice(0, 1), dequeue, once)).toMatchObject({ ...gone, anchor: { line: 334 } });
    // What is below the comment, or further above, is not what it is about.
    const flags = ['GFP_KERNEL);\n 		if', 'GFP_ATOMIC);\n 		if'] as const;
    expect(await fateOf(lines.slice(0, 1), ...flags)).toMatchObject({ what: 'unchanged', evidence: [] });
    expect(await fateOf(lines, ...flags)).toMatchObject({ what: 'changed' });
  });

  it('is answered by its author from another address', async () => {
    const home = await reply({
      ...{ id: 'a2', to: 'r1', from: 'seed 1742b4e7 MAINTAINERS <home@example.com>', day: 24 },
      body: '> rx_recycle is never freed when the probe fails.\n\nWill free it.\n',
    });
    const { review } = built([...(await mailedVersion(1)), ...(await mailedVersion(2)), COMMENT, home]);
    expect(review.comments[0]?.fate[0]?.evidence).toMatchObject([{ kind: 'reply', text: 'Will free it.' }]);
  });

  it('is not said to be dropped where a version is there in part', async () => {
    const v2 = await mailedVersion(2, (text, index) => (index === 2 ? null : text));
    const { review } = built([...(await mailedVersion(1)), ...v2, COMMENT]);
    expect(review.comments[0]?.fate).toMatchObject([{ version: 'v2', what: 'unknown' }]);
  });

  it('has no evidence in what is said of another patch', async () => {
    const v2 = await mailedVersion(2, (text, index) => {
      if (index === 0)
        return text.replace('\n\n', '\n\nChanges in v2:\n- patch 4: rx_recycle in the text (Rita)\n\n');
      return index === 3
        ? text.replace(/^---\n/m, '---\nChanges in v2:\n- rx_recycle is freed here\n')
        : text;
    });
    const { review } = built([...(await mailedVersion(1)), ...v2, COMMENT]);
    expect(review.versions[1]?.changelog).toHaveLength(2);
    expect(review.comments[0]?.fate[0]?.evidence).toEqual([]);
  });

  it('has no evidence in what only its quoted context has in common, nor has a robot any', async () => {
    const log = (entry: string) =>
      mailedVersion(2, (text, index) =>
        index === 0 ? text.replace('\n\n', `\n\nChanges in v2:\n- ${entry}\n\n`) : text,
      );
    const body = `${QUOTE}\nThe probe can fail.\n`;
    const evidence = async (entry: string, from?: string) => {
      const comment = await reply({ id: 'r5', to: 2, body, ...(from === undefined ? {} : { from }) });
      const { review } = built([...(await mailedVersion(1)), ...(await log(entry)), comment]);
      return review.comments[0]?.fate[0]?.evidence.map(({ text }) => text);
    };
    expect(await evidence('virtio_vsock_alloc_linear_skb() has its own file')).toEqual([]);
    expect(await evidence('the probe is shorter')).toEqual([]);
    expect(await evidence('the probe is shorter (Rita)')).toHaveLength(1);
    expect(await evidence('rx_recycle has a limit')).toHaveLength(1);
    expect(await evidence('rx_recycle has a limit', 'kernel test robot <lkp@example.org>')).toEqual([]);
  });

  it('has no evidence in a word that another comment of the same reviewer has more in common with', async () => {
    const evidence = async (entry: string) => {
      const v2 = await mailedVersion(2, (text, index) =>
        index === 0 ? text.replace('\n\n', `\n\nChanges in v2:\n- ${entry}\n\n`) : text,
      );
      const said = (id: string, words: string, from?: string) =>
        reply({ id, to: 2, body: `${QUOTE}\n${words}\n`, ...(from === undefined ? {} : { from }) });
      const { review } = built([
        ...(await mailedVersion(1)),
        ...v2,
        await said('r1', 'Nothing wakes up a sender whose packet was refused.'),
        await said('r2', 'Please keep pr_debug() where the packet is refused.'),
        await said('r3', 'Please split the part that decides.'),
        await said('m1', 'Is a refused packet counted?', 'Mei Tanaka <mei@example.org>'),
      ]);
      return review.comments
        .filter(({ fate }) => fate[0]?.evidence.some(({ kind }) => kind === 'changelog'))
        .map(({ messageId }) => messageId.slice(0, 2))
        .sort();
    };
    // Of one word alone: on both that have it.
    expect(await evidence('wake up who was refused (Rita)')).toEqual(['r1', 'r2']);
    expect(await evidence('keep the pr_debug() of what is refused (Rita)')).toEqual(['r2']);
    expect(await evidence('keep the pr_debug() of what is refused (Mei)')).toEqual(['m1']);
    expect(await evidence('split off a helper (Rita)')).toEqual(['r3']);
    expect(await evidence('split off a helper (Joanna)')).toEqual([]);
    expect(await evidence('what is refused is counted (Mei, Rita)')).toEqual(['m1', 'r1', 'r2']);
  });

  it('is spoken of by an entry with a name that the author answered with', async () => {
    const answer = await reply({
      id: 'a2',
      to: 'r1',
      from: 'Seed <maintainers@users.noreply.r-seed-1742b4e7.example>',
      day: 24,
      body: '> rx_recycle is never freed when the probe fails.\n\nvsock_drain_all() will see to it.\n',
    });
    const v2 = await mailedVersion(2, (text, index) =>
      index === 0 ? text.replace('\n\n', '\n\nChanges in v2:\n- add vsock_drain_all()\n\n') : text,
    );
    const { review } = built([...(await mailedVersion(1)), ...v2, COMMENT, answer]);
    expect(review.comments[0]?.fate[0]?.evidence.map(({ text }) => text)).toEqual([
      'vsock_drain_all() will see to it.',
      'add vsock_drain_all()',
    ]);
  });

  it('is no line of thanks above a tag, nor a closing in another language', async () => {
    const thanks = await reply({
      id: 't2',
      to: 2,
      body: `${QUOTE}\nThanks!\n\nReviewed-by: Rita Reviewer <rita@example.org>\n`,
    });
    const mvh = await reply({ id: 'r2', to: 2, body: `${QUOTE}\nIs it freed?\n\nMvh\nRita\n` });
    const { review } = built([...(await mailedVersion(1)), thanks, mvh]);
    expect(review.comments.map(({ text }) => text)).toEqual(['Is it freed?']);
  });

  it('shows a quoted line once that a mailer has wrapped', async () => {
    const wrapped = QUOTE.replace('DEFAULT_RX_BUF_SIZE,', 'DEFAULT_RX_BUF_SIZE,').replace(
      'virtio_vsock_alloc_linear_skb(',
      'virtio_vsock_alloc_linear_skb(\n> ',
    );
    const { review } = built([
      ...(await mailedVersion(1)),
      await reply({ id: 'r3', to: 2, body: `${wrapped}\nIs it freed?\n` }),
    ]);
    const quoted = review.comments[0]?.anchor.quoted ?? [];
    expect(quoted).toHaveLength(new Set(quoted).size);
    expect(quoted.filter((line) => line.includes('alloc_linear_skb'))).toHaveLength(1);
  });

  it('has the same id whatever else is imported, in whatever order', async () => {
    const one = built([...(await mailedVersion(1)), COMMENT]).review.comments[0]?.id;
    const other = built([
      ANSWER,
      COMMENT,
      ...(await mailedVersion(2)),
      ...(await mailedVersion(1)).reverse(),
    ]);
    expect(other.review.comments[0]?.id).toBe(one);
    expect(one).toMatch(/^c[0-9a-f]{7}$/);
  });
});

describe('two versions side by side', () => {
  it('show what changed in a hunk, and the comment at its line', async () => {
    const v2 = await mailedVersion(2, (text) => renamed(text));
    const all = built([...(await mailedVersion(1)), ...v2, COMMENT]);
    const diff = diffVersions(all, 'v1', 'v2');
    expect(diff.patches.map(({ before, after, change }) => [before, after, change])).toEqual([
      [1, 1, 'unchanged'],
      [2, 2, 'diff'],
      [3, 3, 'unchanged'],
      [4, 4, 'unchanged'],
    ]);
    const hunk = diff.patches[1]?.hunks.find(({ comments }) => comments.length > 0);
    expect(hunk?.kind).toBe('changed');
    expect(hunk?.lines.filter(({ mark }) => mark !== ' ').map(({ mark, text }) => mark + text)).toEqual([
      '-+\t\tskb = __skb_dequeue(&vsock->rx_recycle);',
      '++\t\tskb = __skb_dequeue(&vsock->rx_again);',
    ]);
    expect(hunk?.lines.find(({ comments }) => comments.length > 0)?.text).toContain('rx_recycle');
  });

  it('show a comment on the message at its line', async () => {
    const line = 'limits the queue counts payload bytes. One byte in a 32 KiB buffer would';
    const asked = await reply({ id: 'r6', to: 2, body: `> ${line}\n\nHas that been seen?\n` });
    const v2 = await mailedVersion(2, (text) => text.replace('One byte in a', 'One byte of a'));
    const diff = diffVersions(built([...(await mailedVersion(1)), ...v2, asked]), 'v1', 'v2');
    expect(diff.patches[1]?.message.filter(({ comments }) => comments.length > 0)).toMatchObject([
      { mark: '-', text: line, comments: diff.comments.map(({ id }) => id) },
    ]);
    expect([diff.patches[1]?.comments, diff.elsewhere]).toEqual([[], []]);
  });

  it('leave out no comment they count', async () => {
    const onCover = await reply({ id: 'r4', to: 0, body: 'Which machine was this measured on?\n' });
    const onPatch = await reply({ id: 'r5', to: 3, body: 'Could this be the first patch?\n' });
    const v2 = await mailedVersion(2, (text) => renamed(text));
    const all = built([...(await mailedVersion(1)), ...v2, COMMENT, onCover, onPatch]);
    const { comments, elsewhere, patches } = diffVersions(all, 'v1', 'v2');
    const idOf = (mail: number | null): string[] =>
      comments.filter(({ anchor }) => anchor.patch === mail).map(({ id }) => id);
    expect(elsewhere).toEqual(idOf(0));
    expect(patches[2]?.comments).toEqual(idOf(3));
    const placed = patches.flatMap((one) => [one, ...one.hunks].flatMap((part) => part.comments));
    expect([...placed, ...elsewhere].sort()).toEqual(comments.map(({ id }) => id).sort());
    expect(comments).toHaveLength(3);
  });

  it('do not call a patch dropped that may only be missing', async () => {
    const v2 = await mailedVersion(2, (text, index) => (index === 4 ? null : text));
    const diff = diffVersions(built([...(await mailedVersion(1)), ...v2]), 'v1', 'v2');
    expect(diff.patches.find(({ before }) => before === 4)?.change).toBe('unknown');
    expect(diff.missing).toEqual(['v2: patch 4/4']);
  });
});

it('a version without a cover letter does not take the title from the series', async () => {
  const v2 = await mailedVersion(2, (text, index) => (index === 0 ? null : text));
  const { review } = built([...(await mailedVersion(1)), ...v2]);
  expect(review.versions.map(({ version }) => version)).toEqual(['v1', 'v2']);
  expect(review.title).toBe(built(await mailedVersion(1)).review.title);
});

it('a trailer goes stale when its patch changes', async () => {
  const tag = await reply({
    id: 't1',
    to: 2,
    body: '> +\n\nReviewed-by: Rita Reviewer <rita@example.org>\n',
  });
  const same = built([...(await mailedVersion(1)), ...(await mailedVersion(2)), tag]);
  expect(same.review.versions[0]?.trailers).toMatchObject([{ state: 'given', counts: true }]);
  const changed = built([...(await mailedVersion(1)), ...(await mailedVersion(2, renamed)), tag]);
  expect(changed.review.versions[0]?.trailers).toMatchObject([{ state: 'stale', counts: false }]);
});

describe("the seed page: a web archive's text of a reply", () => {
  const { review } = built(PAGE === null ? [] : [PAGE]);
  const [version] = review.versions;

  it('is v8 of the series, of which only a part is there', () => {
    expect(version).toMatchObject({ version: 'v8', date: '2022-12-15', prefixes: ['net-next'] });
    expect(version?.missing).toEqual(['patch 1/1 itself: only what a reply quotes of it is there']);
    expect(version?.patches[0]?.files.map(({ path: name, known }) => [name, known])).toEqual([
      ['drivers/vhost/vsock.c', 'whole'],
      ['include/linux/virtio_vsock.h', 'partial'],
      ['net/vmw_vsock/virtio_transport.c', 'none'],
      ['net/vmw_vsock/virtio_transport_common.c', 'none'],
      ['net/vmw_vsock/vsock_loopback.c', 'none'],
    ]);
  });

  it('has two comments, at their lines', () => {
    expect(
      review.comments.map(({ anchor }) => [anchor.file, anchor.hunk?.slice(0, 24), anchor.line]),
    ).toEqual([
      ['drivers/vhost/vsock.c', '@@ -108,40 +107,33 @@ vh', 121],
      ['include/linux/virtio_vsock.h', '@@ -7,6 +7,106 @@', 47],
    ]);
    expect(review.comments[1]?.text).toMatch(
      /^Maybe, we can have a single\n[\s\S]*strong opinion on that\.$/,
    );
  });

  it('has a tag under a condition, and rows whose percentages are right', () => {
    expect(version?.trailers).toMatchObject([
      { kind: 'Reviewed-by', name: 'Stefano Garzarella', state: 'conditional', counts: false },
    ]);
    expect(version?.performance.map(({ direction, change, right }) => [direction, change, right])).toEqual([
      ['g2h', 18, true],
      ['g2h', 46, true],
      ['h2g', 67, true],
      ['h2g', 28, true],
    ]);
  });
});

describe('a patch that is missing', () => {
  const tag = 'Reviewed-by: Rita Reviewer <rita@example.org>';
  const reference = async () => {
    const mail = await reply({
      id: 'm1',
      to: 2,
      body: `${QUOTE}\nThis leaks.\n\nOtherwise fine:\n\n${tag}\n`,
    });
    // As mailers write it: the cover letter is in References.
    return { ...mail, answers: [...mail.answers, '20261122-vsock-rx-buffers-v1-0@example.org'] };
  };

  it('is not the cover letter: its comments and tags are its own', async () => {
    const mails = await mailedVersion(1, (text, index) => (index === 2 ? null : text));
    const { review } = built([...mails, { ...(await reference()), subject: SUBJECT_2 }]);
    expect(review.versions.map(({ version }) => version)).toEqual(['v1']);
    expect(review.versions[0]?.missing).toEqual([
      'patch 2/4 itself: only what a reply quotes of it is there',
    ]);
    expect(review.comments).toMatchObject([{ version: 'v1', anchor: { patch: 2, on: 'line' } }]);
    expect(review.versions[0]?.trailers).toMatchObject([{ scope: [2], patches: [2] }]);
  });
});

it('as it was when v1 was the newest: tags of later versions are not among those of v1', async () => {
  const late = await reply({
    id: 'l1',
    to: 2,
    version: 2,
    body: '> +\n\nReviewed-by: Rita Reviewer <rita@example.org>\n',
  });
  const series = asOneSeries([...(await mailedVersion(1)), ...(await mailedVersion(2)), late], new Map());
  if (series === null) throw new Error('the mails are no series');
  const old = buildReview(series, { name: 'x', links: new Map(), problems: [], met: () => null, upTo: 'v1' });
  expect(old.review.versions.map(({ version, trailers }) => [version, trailers])).toEqual([['v1', []]]);
});
