// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, checkInput } from '../../tools/checkpatch/fixture.ts';
import { guessProfile, profileOf } from './check-steps.ts';

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

it.each([
  [
    'git:/src/linux#main..vsock',
    ['net/vmw_vsock/af_vsock.c', 'drivers/vhost/vsock.c', 'tools/testing/x.c'],
    'netdev',
  ],
  ['main..vsock', ['net/vmw_vsock/af_vsock.c', 'fs/exec.c'], 'generic'],
  ['main..docs', ['Documentation/networking/vsock.rst'], 'generic'],
  // Mails say it in their subjects; that they do not is a finding.
  ['vsock.mbox', ['net/vmw_vsock/af_vsock.c'], 'generic'],
])('commits are of the list that their files go to: %s with %j', async (source, files, profile) => {
  const patches = files.map((file) => ({ diff: adds(file, ['x']) }));
  const { series } = await checkInput({ patches, source });
  expect(profileOf(series, { prefix: null, lists: [] })).toBe(profile);
});
