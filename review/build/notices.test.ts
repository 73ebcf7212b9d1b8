// SPDX-License-Identifier: MIT
/** What is said to have become of a version → its state, and no comment that is owed. */
import { expect, it } from 'vitest';
import type { Review } from '../../core/review.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { built, mailedVersion, reply } from './fixture.ts';

const MONA = 'Mona Maintainer <mona@example.org>';

async function reviewWith(...more: ReviewMail[]): Promise<Review> {
  return built([...(await mailedVersion(1)), ...(await mailedVersion(2)), ...more]).review;
}

const TITLES = [1, 2, 3, 4].map(
  (at) => `  - [net-next,v2,${at}/4] vsock: title ${at}
    https://git.example.org/netdev/net-next/c/0123456789a${at}`,
);

const BOT = `Hello:

This series was applied to netdev/net-next.git (main)
by Mona Maintainer <mona@example.org>:

On Sun, 22 Nov 2026 09:00:00 +0000 you wrote:
> The guest posts rx buffers of 4 KiB each. That is
> [...]

Here is the summary with links:
${TITLES.join('\n')}

You are awesome, thank you!
-- 
Deet-doot-dot, I am a bot.
https://git.example.org/patchwork/pwbot.html
`;

it("of patchwork's bot: tree, who, when, commits; and nothing to answer", async () => {
  const notice = await reply({
    ...{ id: 'n1', to: 0, version: 2, from: 'patchwork-bot+netdevbpf@example.org', day: 28, body: BOT },
  });
  const { versions, comments } = await reviewWith(notice);
  expect(comments).toEqual([]);
  expect(versions.map(({ applied }) => applied)).toEqual([
    null,
    {
      ...{ how: 'applied', tree: 'netdev/net-next.git (main)', by: 'Mona Maintainer', patches: null },
      ...{ date: '2026-11-28T12:00:00Z', messageId: 'n1@example.org' },
      commits: [1, 2, 3, 4].map((patch) => ({ patch, commit: `0123456789a${patch}` })),
    },
  ]);
});

it('of b4 ty: no comment that asks, though the list is long', async () => {
  const body = `On Sun, 22 Nov 2026 09:00:00 +0000, Ada Author wrote:
> The guest posts rx buffers of 4 KiB each.
> 

Applied to vsock-next, thanks!

${[1, 2, 3, 4].map((at) => `[${at}/4] vsock/virtio: a title of some length, number ${at}\n      commit: ${String(at).repeat(40)}`).join('\n')}

Best regards,
-- 
Mona Maintainer <mona@example.org>
`;
  const { versions, comments } = await reviewWith(
    await reply({ id: 'n1', to: 0, version: 2, from: MONA, body }),
  );
  expect(versions[1]?.applied).toMatchObject({ tree: 'vsock-next', by: 'Mona Maintainer', patches: null });
  expect(versions[1]?.applied?.commits).toHaveLength(4);
  expect(comments.map(({ asks, anchor }) => [asks, anchor.on])).toEqual([[false, 'cover']]);
});

it('patch by patch, until all are', async () => {
  const said = async (to: number, body: string) =>
    await reply({ id: `n${to}`, to, version: 2, from: MONA, body, day: 23 + to });
  const some = [await said(1, 'Applied, thanks!\n'), await said(2, 'Applied patches 2-3, thanks.\n')];
  expect((await reviewWith(...some)).versions[1]?.applied).toMatchObject({ patches: [1, 2, 3], tree: null });
  const all = [...some, await said(4, 'Queued up, thanks\n')];
  expect((await reviewWith(...all)).versions[1]?.applied).toMatchObject({
    ...{ patches: null, how: 'applied', messageId: 'n1@example.org' },
  });
});

it('not of the author, who applies a suggestion, nor of who tries the series', async () => {
  const { versions } = await reviewWith(
    await reply({ id: 'c1', to: 2, version: 2, body: 'Please use a helper.\n' }),
    await reply({
      ...{ id: 'a1', to: 'c1', from: 'Seed <maintainers@users.noreply.r-seed-1742b4e7.example>' },
      body: '> Please use a helper.\n\nApplied, thanks!\n',
    }),
    await reply({ id: 't1', to: 0, version: 2, body: 'I applied it to net-next and ran vsock_test.\n' }),
  );
  expect(versions.map(({ applied }) => applied)).toEqual([null, null]);
});

it("in a command to patchwork's bot, the last of them", async () => {
  const { versions, comments } = await reviewWith(
    await reply({ id: 'n1', to: 0, from: MONA, body: 'pw-bot: cr\n' }),
    await reply({ id: 'n2', to: 0, from: MONA, body: 'pw-bot: superseded\n', day: 24 }),
  );
  expect(versions.map(({ patchwork }) => patchwork?.state ?? null)).toEqual(['superseded', null]);
  expect(comments.filter(({ asks }) => asks)).toEqual([]);
});
