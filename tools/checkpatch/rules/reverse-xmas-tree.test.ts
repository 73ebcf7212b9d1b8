// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { found, newFile } from '../fixture.ts';
import { reverseXmasTree } from './reverse-xmas-tree.ts';

const PATH = 'net/vmw_vsock/af_vsock.c';
const LONG = '\tstruct virtio_vsock *vsock;';
const SHORT = '\tstruct sk_buff *skb;';
const body = (lines: readonly string[]): string[] => [
  'static int f(struct sock *sk)',
  '{',
  ...lines,
  '',
  '\tg();',
  '}',
];
const of = async (lines: readonly string[], path = PATH): Promise<string[]> =>
  await found(reverseXmasTree, { patches: [{ diff: newFile(path, body(lines)) }] });

/** A hunk as it stands, its first column included. */
const hunk = (lines: readonly string[]): string =>
  [`diff --git a/${PATH} b/${PATH}`, `--- a/${PATH}`, `+++ b/${PATH}`]
    .concat(
      `@@ -10,${lines.filter((one) => !one.startsWith('+')).length} +10,${lines.filter((one) => !one.startsWith('-')).length} @@ static int f(struct sock *sk)`,
    )
    .concat(lines, '')
    .join('\n');
const inHunk = async (lines: readonly string[]): Promise<string[]> =>
  await found(reverseXmasTree, { patches: [{ diff: hunk(lines) }] });

describe('finds', () => {
  it('a longer line below a shorter one', async () => {
    expect(await of([SHORT, LONG, '\tint err;'])).toEqual([
      `1 ${PATH}:4 the declaration of vsock is longer than the declaration above it`,
    ]);
  });

  it('an added line above a longer one that was there', async () => {
    expect(await inHunk([' {', '+\tint err;', ` ${LONG}`, ' ', ' \tg();', ' }'])).toEqual([
      `1 ${PATH}:11 the declaration of err is shorter than the declaration below it`,
    ]);
  });

  it('one in an inner block, of several names', async () => {
    expect(
      await of([
        LONG,
        '',
        '\tif (sk) {',
        '\t\tint a, b;',
        '\t\tunsigned long c, *d[2];',
        '',
        '\t\tg();',
        '\t}',
      ]),
    ).toEqual([`1 ${PATH}:7 the declaration of c, d is longer than the declaration above it`]);
  });

  it('one that only names what is above the block', async () => {
    expect(await of(['\tint len = sk->len;', '\tstruct net *net = sock_net(sk);'])).toHaveLength(1);
  });
});

describe('is silent', () => {
  it('about lines in order, and of equal length', async () => {
    expect(await of([LONG, SHORT, '\tint err;', '\tint len;'])).toEqual([]);
  });

  it('where one needs the other', async () => {
    expect(await of(['\tstruct net *net = n(sk);', '\tstruct vsock_sock *vsk = net->vsock;'])).toEqual([]);
  });

  it('about lines that were there', async () => {
    expect(await inHunk([' {', ` ${SHORT}`, ` ${LONG}`, '+\tint err;', ' ', ' \tg();', ' }'])).toEqual([]);
  });

  it('about one whose type alone changes', async () => {
    expect(await inHunk([' {', '-\tint len;', '+\tu32 len;', ` ${LONG}`, ' ', ' \tg();', ' }'])).toEqual([]);
  });

  it('about one that moves with its function', async () => {
    const lines = ['-{', `-${SHORT}`, `-${LONG}`, '-}', ' {', `+${SHORT}`, `+${LONG}`, ' ', ' \tg();', ' }'];
    expect(await inHunk(lines)).toEqual([]);
  });

  it('where the block is not shown to its end or from its beginning', async () => {
    expect(await inHunk([' {', '+\tint err;', ` ${LONG}`])).toEqual([]);
    expect(await inHunk(['+\tint err;', ` ${LONG}`, ' ', ' \tg();', ' }'])).toEqual([]);
  });

  it('about macros, statics, comments and what takes several lines', async () => {
    const lines = [
      '\tint a;',
      '\tDECLARE_BITMAP(b, 2048);',
      '\tint c;',
      '\tstatic const int d = 2048;',
      '\tint e;',
      '\tint f; /* of the socket */',
      '\tint g;',
      '\t/* of the lock */',
      '\tunsigned long h;',
      '\tint i;',
      '\tint j = of_the_socket(sk,',
      '\t\t\t      1);',
      '\tint k;',
    ];
    expect(await of(lines)).toEqual([]);
  });

  it('about statements and members', async () => {
    expect(await of(['\tint a;', '\treturn something_long;'])).toEqual([]);
    expect(
      await found(reverseXmasTree, {
        patches: [
          { diff: newFile(PATH, ['struct f', '{', '\tint a;', '\tunsigned long b;', '', '\tint c;', '};']) },
        ],
      }),
    ).toEqual([]);
  });
});

it('says less of it outside networking, and nothing of user space', async () => {
  expect(await of([SHORT, LONG], 'drivers/virtio/virtio.c')).toHaveLength(1);
  expect(await of([SHORT, LONG], 'tools/testing/vsock/util.c')).toEqual([]);
});
