// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApplied, readBotCommand, withoutCommits } from './notice.ts';

it("reads patchwork's bot", () => {
  expect(
    readApplied(`This series was applied to netdev/net-next.git (main)
by Mona Maintainer <mona@example.org>:

Here is the summary with links:
  - [net-next,v8,1/2] vsock: count
    https://git.example.org/netdev/net-next/c/0123456789ab
  - [net-next,v8,2/2] vsock: a title that is so long that it goes on
    in the next line
    https://git.example.org/netdev/net-next/c/abcdef012345`),
  ).toEqual({
    ...{ how: 'applied', tree: 'netdev/net-next.git (main)', by: 'Mona Maintainer', patches: [1, 2] },
    commits: [
      { patch: 1, commit: '0123456789ab' },
      { patch: 2, commit: 'abcdef012345' },
    ],
  });
  expect(
    readApplied(`This patch was applied to bpf/bpf-next.git (master)
by Mona Maintainer <mona@example.org>:

Here is the summary with links:
  - [bpf-next] vsock: count
    https://git.example.org/bpf/bpf-next/c/0123456789ab`),
  ).toMatchObject({ patches: [1], commits: [{ patch: 1, commit: '0123456789ab' }] });
});

const LIST = `[1/2] vsock: count
      commit: 0123456789abcdef0123456789abcdef01234567
[2/2] vsock: show
      (no commit info)
`;

it('reads b4 ty', () => {
  expect(readApplied(`Applied to vsock-next, thanks!\n\n${LIST}`)).toEqual({
    ...{ how: 'applied', tree: 'vsock-next', by: null, patches: [1, 2] },
    commits: [{ patch: 1, commit: '0123456789abcdef0123456789abcdef01234567' }],
  });
  expect(withoutCommits(`Applied, thanks!\n\n${LIST}`)).toBe('Applied, thanks!\n\n');
});

it.each([
  ['Applied, thanks!', 'applied', null, null],
  ['Applied to net-next, thanks!', 'applied', 'net-next', null],
  ['Series applied to net-next, thanks Ada.', 'applied', 'net-next', 'whole'],
  ['Both applied, thanks.', 'applied', null, 'whole'],
  ["I've applied this series to drm-misc-next.", 'applied', 'drm-misc-next', 'whole'],
  ['LGTM. Queued up for 6.3, thanks.', 'queued', '6.3', null],
  ['Queued.', 'queued', null, null],
  ['Applied patches 1-3 and 5 to net, thanks', 'applied', 'net', [1, 2, 3, 5]],
  ['Applied to the master branch with the typo fixed.', 'applied', 'master', null],
  ['This looks good to me now.\n\nNow applied to my tree, thanks!', 'applied', null, null],
  ['Applied to vhost/linux.git (vhost), thanks', 'applied', 'vhost/linux.git (vhost)', null],
] as const)('reads "%s"', (text, how, tree, patches) => {
  expect(readApplied(text)).toEqual({ how, tree, by: null, patches, commits: [] });
});

it.each([
  'I applied this on top of net-next and tested it.',
  'Applied to net-next locally, works.',
  'I applied the series to net-next. Then I ran vsock_test and it hangs.',
  'Has this been applied?',
  'Applied?',
  'This cannot be applied to net-next.',
  'The patch does not apply to net-next.',
  'The limit is applied in the send path, thanks.',
  'Once that is applied, you can drop this.',
  'merged requests are counted twice',
  'Please wait until it is queued.',
])('takes for no notice: %s', (text) => {
  expect(readApplied(text)).toBeNull();
});

describe('a command to the bot', () => {
  it.each([
    ['pw-bot: cr', 'changes requested'],
    ['This does not build.\n\npw-bot: changes-requested\n', 'changes requested'],
    ['pw-bot: superseded', 'superseded'],
    ['pw-bot: dance', null],
    ['say pw-bot: cr to it', null],
  ])('%j', (text, state) => {
    expect(readBotCommand(text)).toBe(state);
  });
});

it('takes any text, quickly', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readApplied(text);
      readBotCommand(text);
      withoutCommits(text);
    }),
  );
  for (const text of [
    'applied the '.repeat(50_000),
    'the this whole '.repeat(50_000),
    `[${'1/2] x\n['.repeat(50_000)}`,
  ]) {
    expect(readApplied(text)).toBeNull();
  }
});
