// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
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

/** The pagers of these tests that still run, by a number of seconds that nobody else sleeps. */
function sleepers(seconds: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [program, time] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return program?.endsWith('sleep') === true && time === seconds;
    } catch {
      return false;
    }
  });
}

it.each([
  ['1000.25', 'sleep 1000.25'],
  ['1000.5', 'sleep 1000.5; echo not reached'],
  ['1000.75', 'cat | (sleep 1000.75; true)'],
])('ends the pager and what its shell started when it is told to: %s', async (seconds, command) => {
  const end = new AbortController();
  const shown = throughPager('text\n', command, { env: process.env, signal: end.signal });
  await vi.waitFor(() => expect(sleepers(seconds)).toHaveLength(1), { timeout: 20_000 });
  end.abort();
  expect(await shown).toBe(true);
  await vi.waitFor(() => expect(sleepers(seconds)).toEqual([]), { timeout: 20_000 });
});

it.each([1, 2, 3, 4, 5])('ends it however early it is told to, %i', async (ms) => {
  const seconds = `2000.${ms}`;
  const end = new AbortController();
  const shown = throughPager('text\n', `sleep ${seconds}; true`, { env: process.env, signal: end.signal });
  setTimeout(() => end.abort(), ms);
  expect(await shown).toBe(true);
  await vi.waitFor(() => expect(sleepers(seconds)).toEqual([]), { timeout: 20_000 });
});
