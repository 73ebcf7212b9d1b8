// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { barrierComment } from './barrier-comment.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(barrierComment, { patches: [{ diff: adds(path, ['', ...lines, '']) }] });

it('finds one without a comment', async () => {
  expect(await of(['\ta = 1;', '\tsmp_wmb();'])).toEqual([`1 ${PATH}:13 smp_wmb() has no comment`]);
  expect(await of(['\tsmp_store_release(&a, 1);'])).toEqual([
    `1 ${PATH}:12 smp_store_release() has no comment`,
  ]);
  expect(await of(['\t/* of another */', '', '\tmb();'])).toHaveLength(1);
});

it('is silent about one with a comment on, above or below the line', async () => {
  expect(await of(['\tsmp_wmb(); /* pairs with f() */'])).toEqual([]);
  expect(await of(['\t/* pairs with f() */', '\ta = 1;', '\tif (b)', '\t\tsmp_wmb();'])).toEqual([]);
  expect(await of(['\tsmp_mb();', '\t/* now nobody sleeps */'])).toEqual([]);
});

it('is silent about what is no barrier', async () => {
  expect(
    await of([
      '\ta = READ_ONCE(b);',
      '\tclimb(a);',
      '\tskb->mb(1);',
      '\tpr_info("mb()");',
      '#define f() smp_mb()',
    ]),
  ).toEqual([]);
  expect(await of(['\tmb();'], 'arch/x86/include/asm/barrier.h')).toEqual([]);
});

it('is silent where the hunk does not show what stands above', async () => {
  const diff = adds(PATH, ['\tsmp_mb();', '\tint a;']).replace(' /* before */', ' \ta = 1;');
  expect(await found(barrierComment, { patches: [{ diff }] })).toEqual([]);
});

it('is silent about one that moves', async () => {
  const diff = adds(PATH, ['', '\tmb();']).replace(' /* behind */', '-\t\tmb();').replace('+10,4', '+10,3');
  expect(await found(barrierComment, { patches: [{ diff }] })).toEqual([]);
});

it('is silent about one that changes', async () => {
  const diff = adds(PATH, ['', '\tsmp_store_release(&b, 1);']).replace(
    ' /* behind */',
    '-\tsmp_store_release(&a, 1);',
  );
  expect(await found(barrierComment, { patches: [{ diff: diff.replace('+10,4', '+10,3') }] })).toEqual([]);
});
