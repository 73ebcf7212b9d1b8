// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { moduleParamDesc } from './module-param-desc.ts';

const PATH = 'drivers/vhost/vsock.c';
const of = async (lines: readonly string[]): Promise<string[]> =>
  await found(moduleParamDesc, { patches: [{ diff: adds(PATH, lines) }] });

it('finds a parameter that is not described', async () => {
  expect(
    await of([
      'module_param(size, uint, 0444);',
      'MODULE_PARM_DESC(other, "x");',
      '/* MODULE_PARM_DESC(size, "y") */',
    ]),
  ).toEqual([`1 ${PATH}:11 the new module parameter "size" has no MODULE_PARM_DESC()`]);
});

it('is silent when it is described, in the same patch or another', async () => {
  expect(
    await of(['module_param_named(size, a, uint, 0444);', 'MODULE_PARM_DESC(', '\tsize, "x");']),
  ).toEqual([]);
  const patches = [
    { diff: adds(PATH, ['module_param(size, uint, 0444);']) },
    { diff: adds(PATH, ['MODULE_PARM_DESC(size, "x");']) },
  ];
  expect(await found(moduleParamDesc, { patches })).toEqual([]);
});

it('is silent about a renamed one', async () => {
  const diff = adds(PATH, ['module_param(b, int, 0);']).replace(' /* behind */', '-module_param(a, int, 0);');
  expect(await found(moduleParamDesc, { patches: [{ diff: diff.replace('+10,3', '+10,2') }] })).toEqual([]);
});
