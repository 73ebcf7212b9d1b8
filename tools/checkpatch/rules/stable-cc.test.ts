// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { stableCc } from './stable-cc.ts';

const FIXES = 'Fixes: 123456789abc ("vsock: first version")';
const of = (lines: readonly string[], more: object = {}) =>
  found(stableCc, { patches: [{ message: ['Say why.', '', ...lines, SIGNED].join('\n'), ...more }] });

it.each([
  'stable@vger.kernel.org',
  '<stable@vger.kernel.org>',
  'Stable <Stable@vger.kernel.org>',
  'stable@kernel.org',
  'stable@vger.kernel.org # 5.10.x',
  '<stable@vger.kernel.org> # v5.10+',
  'stable@vger.kernel.org # 3.3.x: a1f84a3: sched: Check for idle',
  'stable@vger.kernel.org # after -rc3',
  'stable+noautosel@kernel.org # needs the next one',
])('is content with Cc: %s', async (value) => {
  expect(await of([FIXES, `Cc: ${value}`])).toEqual([]);
});

it.each([
  ['stable@vger.kernel.com', 'stable@vger.kernel.com is not the address of the stable list'],
  ['linux-stable@vger.kernel.org', 'linux-stable@vger.kernel.org is not the address of the stable list'],
  ['stable', '"stable" is not the address of the stable list'],
  ['stable@vger.kernel.org v5.10+', '"v5.10+" follows the address without a #'],
  ['stable@vger.kernel.org [5.10]', '"[5.10]" follows the address without a #'],
  ['stable+noautosel@kernel.org', 'the reason is missing'],
])('finds Cc: %s', async (value, text) => {
  expect(await of([FIXES, `Cc: ${value}`])).toEqual([`1 message:4 ${text}`]);
});

it('leaves others called so alone', async () => {
  expect(await of(['Cc: Constable Smith <constable@example.org>'])).toEqual([
    'not for this: it is not for stable trees',
  ]);
});

it('finds that nothing says since when', async () => {
  const text = 'it is for stable trees, and no Fixes: says since when it is needed';
  expect(await of(['Cc: stable@vger.kernel.org'])).toEqual([`1 message:3 ${text}`]);
  const versioned = [{ message: `Why.\n\nCc: stable@vger.kernel.org # 5.10.x\n${SIGNED}` }];
  expect(await found(stableCc, { patches: versioned, profile: 'generic' })).toEqual([]);
  expect(await found(stableCc, { patches: versioned })).toEqual([`1 message:3 ${text}`]);
});

it('finds a line that git am drops', async () => {
  expect(await of([FIXES], { notes: 'Cc: stable@vger.kernel.org' })).toEqual([
    '1 notes:1 the Cc: of the stable list stands below ---, where git am drops it',
  ]);
});

it('finds a mail to the list that is no backport', async () => {
  const patches = [{ message: `Why.\n\n${SIGNED}`, cc: 'stable@vger.kernel.org' }];
  expect(await found(stableCc, { patches })).toEqual([
    '- series it was sent to the stable list, and no patch has the Cc: line',
  ]);
  expect(await found(stableCc, { patches, prefix: '5.10.y' })).toEqual([]);
});
