// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { staticInHeader } from './static-in-header.ts';

const PATH = 'include/net/af_vsock.h';
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(staticInHeader, { patches: [{ diff: adds(path, lines) }] });

it('finds a static function that is not inline', async () => {
  expect(await of(['', 'static int', 'f(int a)', '{', '\treturn a;', '}'])).toEqual([
    `1 ${PATH}:12 f() has its body in a header and is static but not inline`,
  ]);
});

it('finds one that is not static', async () => {
  expect(await of(['', 'int f(int a) { return a; }'])).toEqual([
    `1 ${PATH}:12 f() has its body in a header and is not static inline`,
  ]);
});

it('is silent about what belongs there', async () => {
  const lines = [
    '',
    'static inline int',
    'f(int a)',
    '{',
    '\treturn a;',
    '}',
    'static __always_inline void g(void) { }',
    'static int __maybe_unused h(void) { return 0; }',
    'static int i(int a);',
    '#define J(a) static int a(void) {',
    'static const struct k l = {',
    '};',
    'struct m {',
    '};',
    '__FORTIFY_INLINE int o(void) { return 0; }',
    'CGROUP_ATTRS',
    'void p(void)',
    '{',
    '}',
    'DEFINE_GUARD(n, int, a) {',
    '}',
  ];
  expect(await of(lines)).toEqual([]);
});

it('is silent about .c files, templates and tests', async () => {
  const lines = ['', 'static int f(void)', '{', '}'];
  expect(await of(lines, 'net/core/dev.c')).toEqual([]);
  expect(await of(lines, 'arch/x86/kvm/mmu/paging_tmpl.h')).toEqual([]);
  expect(await of(lines, 'tools/testing/vsock/util.h')).toEqual([]);
});

it('is silent about one that only changes', async () => {
  const diff = [
    `diff --git a/${PATH} b/${PATH}`,
    `--- a/${PATH}`,
    `+++ b/${PATH}`,
    '@@ -1,2 +1,2 @@',
    '-static int f(int a)',
    '+static int f(int a, int b)',
    ' {',
    '',
  ].join('\n');
  expect(await found(staticInHeader, { patches: [{ diff }] })).toEqual([]);
});
