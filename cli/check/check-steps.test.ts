// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { guessProfile } from './check-steps.ts';

it.each([
  [['PATCH', 'net-next'], null, [], 'netdev'],
  // Spelled wrong: the rule that says so is netdev's.
  [['Net-Next'], null, [], 'netdev'],
  [[], 'net', [], 'netdev'],
  [[], null, ['netdev@vger.kernel.org'], 'netdev'],
  [['bpf-next'], 'RFC', ['bpf@vger.kernel.org'], 'generic'],
])('guesses whose rules: %j, prefix %s, lists %j', (prefixes, prefix, lists, profile) => {
  expect(guessProfile(prefixes, { prefix, lists })).toBe(profile);
});
