// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { inlineInC } from './inline-in-c.ts';

const HEAD = 'static inline int vsock_room(struct sock *sk)';
const of = async (path: string, lines: readonly string[]): Promise<string[]> =>
  await found(inlineInC, { patches: [{ diff: adds(path, lines) }] });

it('finds an inline function in a .c file', async () => {
  expect(await of('net/vmw_vsock/af_vsock.c', ['/* inline */', HEAD, '{'])).toEqual([
    '1 net/vmw_vsock/af_vsock.c:12 vsock_room() is inline in a .c file',
  ]);
  expect(await of('net/vmw_vsock/af_vsock.c', ['static inline struct sk_buff *', 'f(int a)'])).toEqual([
    '1 net/vmw_vsock/af_vsock.c:11 a function is inline in a .c file',
  ]);
});

it('is silent in headers, in user space, about words and __always_inline', async () => {
  expect(await of('include/net/af_vsock.h', [HEAD])).toEqual([]);
  expect(await of('tools/testing/vsock/util.c', [HEAD])).toEqual([]);
  expect(
    await of('net/core/dev.c', [
      '/* static inline */',
      'static __always_inline int f(void)',
      '\tpr_info("static inline");',
      '#define inline noinline',
      'static noinline int g(void)',
      'static inline void stub(void) { }',
      'static inline int stub2(int a) { return 0; }',
    ]),
  ).toEqual([]);
});

it('is silent about one that was inline before', async () => {
  const diff = [
    'diff --git a/net/core/dev.c b/net/core/dev.c',
    '--- a/net/core/dev.c',
    '+++ b/net/core/dev.c',
    '@@ -1,2 +1,2 @@',
    '-static inline int f(int a)',
    '+static inline int f(int a, int b)',
    ' {',
    '',
  ].join('\n');
  expect(await found(inlineInC, { patches: [{ diff }] })).toEqual([]);
});
