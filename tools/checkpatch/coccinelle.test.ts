// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { parseReport } from './coccinelle.ts';

it('reads the lines of report mode and passes over what else is printed', () => {
  const output = [
    'warning: line 140: should noop_llseek be a metavariable?',
    'net/vmw_vsock/af_vsock.c:12:3-10: WARNING: kzalloc should be used for buf, instead of kmalloc/memset',
    './drivers/vhost/vsock.c:900:1-7: ERROR: missing unlock on line 880',
    '',
  ].join('\n');
  expect(parseReport(output)).toEqual([
    {
      path: 'net/vmw_vsock/af_vsock.c',
      line: 12,
      text: 'WARNING: kzalloc should be used for buf, instead of kmalloc/memset',
    },
    { path: 'drivers/vhost/vsock.c', line: 900, text: 'ERROR: missing unlock on line 880' },
  ]);
});
