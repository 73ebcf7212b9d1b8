// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { messageWrap } from './message-wrap.ts';

const LONG = 'This sentence was written in an editor that does not wrap lines at any column.';
const check = async (line: string): Promise<string[]> =>
  await found(messageWrap, { patches: [{}, { message: `Say why.\n\n${line}\n\n${SIGNED}` }] });

it('finds a line of 76 columns, counted in characters', async () => {
  expect(await check(LONG)).toEqual([`2 message:3 the line has ${LONG.length} columns`]);
  expect(await check(`- ${'wörd '.repeat(15)}`.trim())).toEqual(['2 message:3 the line has 76 columns']);
  expect(await check(`${'wörd '.repeat(15)}.`)).toEqual(['2 message:3 the line has 76 columns']);
  expect(await check(`${'wörd '.repeat(14)}words`)).toEqual([]);
});

it.each([
  `> ${LONG}`,
  `    ${LONG}`,
  `[   12.345678] vsock: ${LONG}`,
  `CPU: 0 PID: 1 Comm: vsock_test\nRIP: 0010:f+0x1/0x2\n${LONG}`,
  ` int f(void); ${LONG}`,
  `$ ${LONG}`,
  `${LONG} https://example.org/`,
  `net/vmw_vsock/af_vsock.c:12:3: error: ${LONG}`,
  `RIP: 0010:vsock_connect+0x12/0x34 ${LONG}`,
  `4 KiB      0.937 Gb/s      ${LONG}   1`,
  `| 4 KiB | ${LONG} |`,
  `Since commit 123456789abc ("vsock: ${LONG}") it is`,
  `/sys/kernel/${'x'.repeat(70)}`,
  `Reported-by: ${LONG} <bob@example.org>`,
])('is silent on %j', async (line) => {
  expect(await check(line)).toEqual([]);
});
