// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { moduleParam } from './module-param.ts';

const of = async (path: string, lines: readonly string[]): Promise<string[]> =>
  await found(moduleParam, { patches: [{ diff: adds(path, lines) }] });

it('finds every kind of it in networking code', async () => {
  expect(
    await of('drivers/net/veth.c', ['module_param(debug, int, 0644);', 'module_param_named(x, y, int, 0);']),
  ).toEqual([
    '1 drivers/net/veth.c:11 "debug" is a new module parameter',
    '1 drivers/net/veth.c:12 "x" is a new module parameter',
  ]);
});

it('is silent elsewhere, and about words', async () => {
  expect(await of('drivers/vhost/vsock.c', ['module_param(debug, int, 0644);'])).toEqual([]);
  expect(
    await of('net/core/dev.c', ['/* module_param(debug, int, 0644); */', '\tmodule_parameters(x, y);']),
  ).toEqual([]);
});
