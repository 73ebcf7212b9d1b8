// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readReport } from './robot-report.ts';

const SPARSE = `Hi Ada,

kernel test robot noticed the following build warnings:

[auto build test WARNING on net-next/main]

url:    https://git.example.org/robot/linux/commits/Ada-Author/vsock/20261122-180000
base:   net-next/main
patch link:    https://lore.example.org/r/20261122.1%40example.org
patch subject: [PATCH net-next v2 1/2] vsock: count
config: x86_64-randconfig (https://download.example.org/config)

sparse warnings: (new ones prefixed by >>)
   drivers/vhost/vsock.c:90:5: sparse: sparse: symbol 'old' was not declared. Should it be static?
>> drivers/vhost/vsock.c:123:13: sparse: sparse: incorrect type in assignment (different base types) @@     expected restricted __le32 @@
   drivers/vhost/vsock.c:123:13: sparse:     expected restricted __le32 [usertype] len
>> drivers/vhost/vsock.c:130:5: sparse: sparse: symbol 'count' was not declared. Should it be static?

vim +123 drivers/vhost/vsock.c

   121\t{
   122\t\tstruct virtio_vsock_hdr *hdr;
 > 123\t\thdr->len = len;
   124\t}
   129\t
 > 130\tint count;

-- 
the robot
https://git.example.org/robot/wiki`.split('\n');

it('reads what sparse found, those that are new, with the source it prints', () => {
  const report = readReport(SPARSE);
  expect(report).toMatchObject({
    patchId: '20261122.1@example.org',
    patchSubject: '[PATCH net-next v2 1/2] vsock: count',
  });
  expect(report?.findings.map(({ file, line, code }) => [file, line, code])).toEqual([
    ['drivers/vhost/vsock.c', 123, 'hdr->len = len;'],
    ['drivers/vhost/vsock.c', 130, 'int count;'],
  ]);
  const words = report?.findings[0]?.lines.map((at) => SPARSE[at]?.trim().slice(0, 12));
  expect(words?.slice(0, 2)).toEqual(['>> drivers/v', 'vim +123 dri']);
  expect(words).toContain('> 123\t\thdr->');
  expect(words?.some((text) => text?.startsWith('--'))).toBe(false);
});

it('reads gcc: the line and the caret below', () => {
  const report = readReport(
    `All errors (new ones prefixed by >>):

   In file included from include/linux/kernel.h:5,
                    from net/x.c:1:
   net/x.c: In function 'f':
>> ../net/x.c:40:25: error: 'struct s' has no member named 'y'
      40 |         return s->y;
         |                 ^~
   net/x.c:41:1: warning: control reaches end of non-void function [-Wreturn-type]`.split('\n'),
  );
  expect(report?.findings).toEqual([
    { file: '../net/x.c', line: 40, code: 'return s->y;', lines: [5, 6, 7] },
  ]);
});

it('reads smatch, with who wrote the lines, and only what is new', () => {
  const report = readReport(
    `New smatch warnings:
net/x.c:88 vsock_f() warn: variable dereferenced before check 'skb' (see line 80)

Old smatch warnings:
net/x.c:12 vsock_g() error: uninitialized symbol 'ret'.

vim +/skb +88 net/x.c

0123456789abcd Ada Author     2026-03-02   87  \t
fedcba98765432 Rex O. Reviewer 2026-03-02  @88  \tif (skb)
0123456789abcd Ada Author     2026-03-02   89  \t\treturn;

:::::: The code at line 88 was first introduced by commit
:::::: fedcba98765432 ("vsock: check")`.split('\n'),
  );
  expect(report?.findings).toEqual([
    { file: 'net/x.c', line: 88, code: 'if (skb)', lines: [1, 6, 7, 8, 9, 10, 11] },
  ]);
});

it.each([
  'I looked at net/x.c:40 and it is wrong.',
  'See drivers/vhost/vsock.c:123:5 please',
  '> +\tfoo();\n\nnet/x.c:40:3: warning: unused variable',
  '10:30:22: warning: the clock',
  'https://example.org/a.c:10: what',
])('is no report: %s', (text) => {
  expect(readReport(text.split('\n'))).toBeNull();
});

it('takes any text, quickly', () => {
  fc.assert(fc.property(fc.array(fc.string()), (lines) => void readReport(lines)));
  const long = `${'a/'.repeat(900)}x.c:1:1: warning: x`;
  expect(readReport(Array.from({ length: 2000 }, () => long))?.findings).toHaveLength(1);
  expect(readReport([`${'a.'.repeat(500_000)}c:1:1: warning: x`])).toBeNull();
});
