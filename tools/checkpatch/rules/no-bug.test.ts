// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { noBug } from './no-bug.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(noBug, { patches: [{ diff: adds(path, lines) }] });

it('finds each of them', async () => {
  expect(await of(['\tif (!sk)', '\t\tBUG();', '\tBUG_ON(sk);', '\tVM_BUG_ON_PAGE(p, p);'])).toEqual([
    `1 ${PATH}:12 a new BUG()`,
    `1 ${PATH}:13 a new BUG_ON()`,
    `1 ${PATH}:14 a new VM_BUG_ON_PAGE()`,
  ]);
});

it('is silent about others, about words and about user space', async () => {
  expect(
    await of(['\tBUILD_BUG_ON(1);', '\tWARN_ON_ONCE(1); /* not BUG() */', '\tpr_err("BUG()");']),
  ).toEqual([]);
  expect(await of(['#define X BUG()'])).toEqual([]);
  expect(await of(['\tBUG_ON(1);'], 'tools/perf/util/a.c')).toEqual([]);
});

it('is silent about one that moves', async () => {
  const diff = adds(PATH, ['\t\tBUG_ON(sk);'])
    .replace(' /* behind */', '-\tBUG_ON(sk);')
    .replace('+10,3', '+10,2');
  expect(await found(noBug, { patches: [{ diff }] })).toEqual([]);
});

it('is silent about one that changes', async () => {
  const diff = adds(PATH, ['\tBUG_ON(!vsk);'])
    .replace(' /* behind */', '-\tBUG_ON(!sk);')
    .replace('+10,3', '+10,2');
  expect(await found(noBug, { patches: [{ diff }] })).toEqual([]);
});
