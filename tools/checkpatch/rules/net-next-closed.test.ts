// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found } from '../fixture.ts';
import { netNextClosed } from './net-next-closed.ts';

const closed = { open: false, source: '--net-next' };

it('finds a series for net-next while it is closed', async () => {
  expect(await found(netNextClosed, { patches: [{}], prefix: 'net-next', netNext: closed })).toEqual([
    '- series net-next is closed, says --net-next',
  ]);
});

it('is silent while it is open, for RFC, and for net', async () => {
  const open = { open: true, source: '--net-next' };
  expect(await found(netNextClosed, { patches: [{}], prefix: 'net-next', netNext: open })).toEqual([]);
  expect(await found(netNextClosed, { patches: [{}], prefix: 'RFC net-next', netNext: closed })).toEqual([
    'not for this: RFC may be posted at any time',
  ]);
  expect(await found(netNextClosed, { patches: [{}], prefix: 'net', netNext: closed })).toEqual([
    'not for this: it is not for net-next',
  ]);
  expect(await found(netNextClosed, { patches: [{}], prefix: 'net-next' })).toEqual([
    'not for this: nobody said whether net-next is open (--net-next)',
  ]);
});
