// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asks } from './asks.ts';

it.each([
  'LGTM',
  'Looks good to me, thanks!',
  'Nice catch.',
  'Thanks for the fix',
  'Applied to net-next, thanks.',
  'Queued.',
  'This series was applied to netdev/net-next.git (main) by Somebody:',
  'Agreed.',
  'I applied patches 2 and 3 to net-next, patch 1 to net, thanks!',
  '+1',
])('asks for nothing: %s', (text) => {
  expect(asks(text, 'rita@example.org')).toBe(false);
});

it.each([
  'Nice, but please add a comment here.',
  'Thanks. Can you split this?',
  'Looks good to me, except the name.',
  'Applied, but please send a follow-up for the leak.',
  'This leaks.',
  'Why?',
  'Typo: recieve',
  'Please use kfree_skb().',
])('asks for something: %s', (text) => {
  expect(asks(text, 'rita@example.org')).toBe(true);
});

it.each([
  ['With that fixed, you can put my R-b:', false],
  ['With that fixed:', false],
  ['Fine by me now.', false],
  ['For the series:', false],
  ['The approach is fine with me — for the series:', false],
  ['Please use size_t. With that fixed, you can add:', true],
  ['Why not size_t? Other than that:', true],
])('above a tag: %s', (text, owed) => {
  expect(asks(text, 'rita@example.org', true)).toBe(owed);
});

it('a notice of a bot asks for nothing, whatever it says', () => {
  expect(asks('Here is the summary with links: ?', 'patchwork-bot+netdevbpf@example.org')).toBe(false);
});

it('takes any text, quickly', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (text, sender) => void asks(text, sender)));
  expect(asks('good '.repeat(100_000), '')).toBe(true);
  expect(asks(`${'good '.repeat(38)}x`, '')).toBe(true);
});
