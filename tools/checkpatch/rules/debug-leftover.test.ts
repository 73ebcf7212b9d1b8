// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { debugLeftover } from './debug-leftover.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> => {
  const all = await found(debugLeftover, { patches: [{ diff: adds(path, lines) }] });
  return all.map((text) => text.replace(`1 ${path}:`, ''));
};

it('finds what was for the author', async () => {
  expect(
    await of([
      '\ttrace_printk("x %d\\n", a);',
      '\tprintk("here\\n");',
      '\tpr_info("%s:%d\\n", __func__, __LINE__);',
      '\tpr_err("%s: got here 2\\n", __func__);',
      '\tprintk(KERN_ERR ">>>>\\n");',
    ]),
  ).toEqual([
    '11 trace_printk() is left in',
    '12 a message that says only "here"',
    '13 a message that prints the number of its line',
    '14 a message that says only "got here 2"',
    '15 a message that says only ">>>>"',
  ]);
});

it('is silent about messages', async () => {
  expect(
    await of([
      '\tpr_info("there is no room here\\n");',
      '\tpr_debug("test of the queue failed\\n");',
      '\tpr_info("%d\\n", a);',
      '\tpr_info("-----\\n");',
    ]),
  ).toEqual([]);
  expect(await of(['\t/* trace_printk("here") */', '\tf("here");', '#define X printk("here")'])).toEqual([]);
  expect(await of(['\tprintk("here");'], 'tools/testing/vsock/util.c')).toEqual([]);
});
