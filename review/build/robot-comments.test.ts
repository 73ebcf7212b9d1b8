// SPDX-License-Identifier: MIT
/** A robot's report → comments at the lines it names. */
import { describe, expect, it } from 'vitest';
import type { Comment } from '../../core/review.ts';
import { built, mailedVersion, reply } from './fixture.ts';

const ROBOT = 'kernel test robot <robot@example.org>';
const FILE = 'net/vmw_vsock/virtio_transport.c';

async function commentsOn(to: number, body: string, head = ''): Promise<Comment[]> {
  const text = `Hi Ada,

kernel test robot noticed the following build warnings:

[auto build test WARNING on net-next/main]
${head}
If you fix the issue in a separate patch/commit (i.e. not just a new version of
the same patch/commit), kindly add following tags
| Reported-by: kernel test robot <robot@example.org>

All warnings (new ones prefixed by >>):

${body}
-- 
the robot
https://git.example.org/robot/wiki
`;
  const report = await reply({ id: 'b1', to, from: ROBOT, body: text });
  return built([...(await mailedVersion(1)), report]).review.comments;
}

const placeOf = ({ anchor: { on, patch, file, side, line } }: Comment) => [on, patch, file, side, line];

describe('a report on one patch', () => {
  const WARNING = `>> ${FILE}:333:24: warning: unused variable 'skb' [-Wunused-variable]
     333 |                 skb = __skb_dequeue(&vsock->rx_recycle);
         |                 ^~~
`;

  it('is at its line, begins with what it found, and has to be answered', async () => {
    const [one, ...others] = await commentsOn(2, WARNING);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ version: 'v1', asks: true });
    expect(one?.anchor).toMatchObject({
      ...{ on: 'line', patch: 2, file: FILE, side: 'new', line: 333, confidence: 1 },
      ...{ quoted: ['+\t\tskb = __skb_dequeue(&vsock->rx_recycle);'], named: { file: FILE, line: 333 } },
    });
    expect(one?.anchor.hunk).toMatch(/^@@ -328,8 \+330,10 @@/);
    expect(one?.text).toMatch(/^>> net\/vmw_vsock\/virtio_transport.c:333:24: warning: unused/);
    expect(one?.text).toContain('| Reported-by: kernel test robot');
    expect(one?.text).not.toContain('robot/wiki');
  });

  it('is found by its text where the base of the robot is another one', async () => {
    const [one] = await commentsOn(2, WARNING.replaceAll('333', '341'));
    expect(one && placeOf(one)).toEqual(['line', 2, FILE, 'new', 333]);
    expect(one?.anchor.confidence).toBeLessThan(1);
  });

  it('is at its number where no source is printed, less sure', async () => {
    const [one] = await commentsOn(2, `/build/src/${FILE}:333:24: warning: x`);
    expect(one && placeOf(one)).toEqual(['line', 2, FILE, 'new', 333]);
    expect(one?.anchor.confidence).toBe(0.9);
  });

  it('is on the file where no hunk has the line, on the patch where the file is not in it', async () => {
    const [far] = await commentsOn(2, `>> ${FILE}:1800:5: warning: x`);
    expect(far && placeOf(far)).toEqual(['file', 2, FILE, null, null]);
    expect(far?.anchor).toMatchObject({ named: { file: FILE, line: 1800 }, confidence: 0.6 });
    const [other] = await commentsOn(2, '>> net/core/skbuff.c:10:5: warning: x');
    expect(other && placeOf(other)).toEqual(['patch', 2, null, null, null]);
    // The text on that line is another one, and nowhere else.
    const [wrong] = await commentsOn(2, WARNING.replace('__skb_dequeue', 'skb_peek'));
    expect(wrong && placeOf(wrong)).toEqual(['file', 2, FILE, null, null]);
  });

  it('names a line of the patch before: two lines less above it', async () => {
    const [one] = await commentsOn(2, `>> ${FILE}:318:2: warning: x`);
    expect(one && placeOf(one)).toEqual(['line', 1, FILE, 'new', 316]);
    const [later] = await commentsOn(1, `>> ${FILE}:338:2: warning: x`);
    expect(later && placeOf(later)).toEqual(['line', 1, FILE, 'new', 338]);
  });

  it('is what its link says it is, whatever it answers', async () => {
    const link = '\npatch link:    https://lore.example.org/r/20261122-vsock-rx-buffers-v1-2%40example.org\n';
    const [one] = await commentsOn(0, WARNING, link);
    expect(one && placeOf(one)).toEqual(['line', 2, FILE, 'new', 333]);
    const subject = `\npatch subject: [PATCH net-next 2/4] vsock/virtio: copy small packets out of large rx buffers\n`;
    const [other] = await commentsOn(0, WARNING, subject);
    expect(other && placeOf(other)).toEqual(['line', 2, FILE, 'new', 333]);
  });

  it('follows its line into the next version, as any comment does', async () => {
    const report = await reply({ id: 'b1', to: 2, from: ROBOT, body: WARNING });
    const v2 = await mailedVersion(2, (text) => text.replaceAll('rx_recycle', 'rx_again'));
    const { review } = built([...(await mailedVersion(1)), ...v2, report]);
    expect(review.comments[0]?.fate).toMatchObject([
      { version: 'v2', what: 'changed', anchor: { line: 333 } },
    ]);
  });
});

describe('a report on the whole series', () => {
  it('is at the patch that added the line', async () => {
    const [one] = await commentsOn(0, `>> ${FILE}:318:2: warning: x`);
    expect(one && placeOf(one)).toEqual(['line', 1, FILE, 'new', 316]);
    const [two] = await commentsOn(0, `>> ${FILE}:359:2: warning: x`);
    expect(two && placeOf(two)).toEqual(['line', 2, FILE, 'new', 333]);
    const [three] = await commentsOn(0, `>> ${FILE}:361:2: warning: x`);
    expect(three && placeOf(three)).toEqual(['line', 3, FILE, 'new', 361]);
    const [none] = await commentsOn(0, '>> net/core/skbuff.c:10:5: warning: x');
    expect(none && placeOf(none)).toEqual(['cover', 0, null, null, null]);
  });

  it('has a comment for each place, and an answer goes to the one it quotes', async () => {
    const body = `>> ${FILE}:318:2: warning: one
>> ${FILE}:359:2: warning: two
   ${FILE}:359:2: note: of two
`;
    const mails = await mailedVersion(1);
    const report = await reply({ id: 'b1', to: 0, from: ROBOT, body });
    const answer = await reply({
      id: 'a1',
      to: 'b1',
      from: 'Ada Author <ada@example.org>',
      day: 24,
      body: `> >> ${FILE}:359:2: warning: two\n\nFixed in v2.\n`,
    });
    const { comments } = built([...mails, report, answer]).review;
    expect(comments.map((one) => [one.text.split(': ').at(-1), one.replies.map(({ text }) => text)])).toEqual(
      [
        ['one', []],
        ['of two', ['Fixed in v2.']],
      ],
    );
  });
});

it('somebody who quotes with marks of his own and shows what a compiler said is no robot', async () => {
  const patch = (await mailedVersion(1))[2];
  const quoted = (patch?.lines ?? []).slice(0, 12).map((line) => `| ${line}`);
  const body = [
    'On Sunday somebody wrote:',
    '',
    ...quoted,
    '',
    'Who frees the buffer here? With it applied I get this:',
    '',
    `${FILE}:333:24: warning: unused variable 'skb'`,
    '',
  ].join('\n');
  const mail = await reply({ id: 'h1', to: 2, body });
  const { comments } = built([...(await mailedVersion(1)), mail]).review;
  expect(comments.map(({ anchor: { on, named } }) => [on, named])).toEqual([['message', null]]);
  expect(comments[0]?.text).toMatch(/^Who frees the buffer here\?/);
});
