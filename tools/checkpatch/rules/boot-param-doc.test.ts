// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { bootParamDoc } from './boot-param-doc.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const DIFF = adds(PATH, ['early_param("vsock_off", off);', '__setup("vsock=", on);']);

it('finds each that is new', async () => {
  expect(await found(bootParamDoc, { patches: [{ diff: DIFF }] })).toEqual([
    `1 ${PATH}:11 the new boot parameter "vsock_off" is not documented`,
    `1 ${PATH}:12 the new boot parameter "vsock=" is not documented`,
  ]);
});

it('is silent when another patch documents it', async () => {
  const doc = adds('Documentation/admin-guide/kernel-parameters.txt', ['\tvsock_off\tNo vsock.']);
  expect(await found(bootParamDoc, { patches: [{ diff: DIFF }, { diff: doc }] })).toEqual([]);
});

it('is silent about one whose function changes, and about words', async () => {
  const diff = adds(PATH, ['early_param("vsock_off", off2);']).replace(
    ' /* behind */',
    '-early_param("vsock_off", off);',
  );
  expect(await found(bootParamDoc, { patches: [{ diff: diff.replace('+10,3', '+10,2') }] })).toEqual([]);
  expect(
    await found(bootParamDoc, { patches: [{ diff: adds(PATH, ['/* early_param("a", b); */']) }] }),
  ).toEqual([]);
});
