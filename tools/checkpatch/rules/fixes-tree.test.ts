// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { fixesTree } from './fixes-tree.ts';

const message = `Say why.\n\nFixes: 123456789abc ("vsock: a thing")\n${SIGNED}`;

it('finds a series for net without one', async () => {
  expect(await found(fixesTree, { patches: [{}, {}], prefix: 'net' })).toEqual([
    '- series a series for net has no Fixes: line',
  ]);
});

it('notes one in net-next', async () => {
  expect(await found(fixesTree, { patches: [{}, { message }], prefix: 'net-next' })).toEqual([
    '2 message:3 the patch has a Fixes: line and is for net-next',
  ]);
});

it('is silent when one patch for net has one, and on features for net-next', async () => {
  expect(await found(fixesTree, { patches: [{}, { message }], prefix: 'net' })).toEqual([]);
  expect(await found(fixesTree, { patches: [{}], prefix: 'net-next' })).toEqual([]);
  expect(await found(fixesTree, { patches: [{}] })).toEqual([
    'not for this: neither for net nor for net-next',
  ]);
});
