// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { fitsScreen, pagerCommand, throughPager } from './pager.ts';

it.each([
  [{}, 'less'],
  [{ PAGER: 'more' }, 'more'],
  [{ PAGER: 'more', GIT_PAGER: 'less -S' }, 'less -S'],
  [{ PAGER: 'more', GIT_PAGER: 'less -S', RESPIN_PAGER: 'most' }, 'most'],
  [{ PAGER: 'more', GIT_PAGER: '' }, null],
  [{ PAGER: 'cat' }, null],
  [{ RESPIN_PAGER: 'cat', PAGER: 'more' }, null],
])('the pager of %j is %s', (env, command) => {
  expect(pagerCommand(env)).toBe(command);
});

it.each([
  ['one\n'.repeat(9), true],
  ['one\n'.repeat(10), false],
  [`${'x'.repeat(20)}\n${'one\n'.repeat(8)}`, true],
  [`${'x'.repeat(21)}\n${'one\n'.repeat(8)}`, false],
  [`\x1b[1m${'x'.repeat(190)}`, false],
  ['', true],
])('a text fits ten lines of twenty columns or not: %j', (text, fits) => {
  expect(fitsScreen(text, { rows: 10, columns: 20 })).toBe(fits);
});

it.each(['no-such-pager', 'no-such-pager -S 2>/dev/null'])('says that %s is not there', async (command) => {
  const options = { env: process.env, signal: new AbortController().signal };
  expect(await throughPager('text\n'.repeat(100_000), command, options)).toBe(false);
});

it('ends the pager when it is told to', async () => {
  const end = new AbortController();
  const shown = throughPager('text\n', 'sleep 1000', { env: process.env, signal: end.signal });
  end.abort();
  expect(await shown).toBe(true);
});
