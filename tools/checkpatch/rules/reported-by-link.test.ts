// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { found, SIGNED } from '../fixture.ts';
import { reportedByLink } from './reported-by-link.ts';

const RITA = 'Reported-by: Rita Reporter <rita@example.org>';
const REX = 'Reported-and-tested-by: Rex Reporter <rex@example.org>';
const CLOSES = 'Closes: https://example.org/bug/1';
const of = (...lines: string[]) =>
  found(reportedByLink, { patches: [{ message: ['Say why.', '', ...lines, SIGNED].join('\n') }] });

it('finds a report without an address', async () => {
  expect(await of(RITA)).toEqual(['1 message:3 no Closes: with the report of Rita Reporter follows']);
  expect(await of(CLOSES.replace('https:', 'see'), RITA)).toEqual([
    '1 message:4 no Closes: with the report of Rita Reporter follows',
  ]);
});

it('finds a Closes that names no page', async () => {
  expect(await of(RITA, 'Closes: #123')).toEqual([
    '1 message:3 the Closes below the report of Rita Reporter has no address',
  ]);
});

it('finds an address that stands elsewhere', async () => {
  expect(await of(CLOSES, RITA)).toEqual(['1 message:4 the report of Rita Reporter is not on the next line']);
  expect(await of(RITA, 'Tested-by: Rita Reporter <rita@example.org>', CLOSES)).toEqual([
    '1 message:3 the report of Rita Reporter is not on the next line',
  ]);
});

it('is content with Closes, Link, and one of them for several reports', async () => {
  expect(await of(RITA, CLOSES)).toEqual([]);
  expect(await of(RITA, REX, 'Link: <https://example.org/bug/1>')).toEqual([]);
  expect(await of(RITA, CLOSES, REX, CLOSES)).toEqual([]);
});

it('finds the one of two reports that has none', async () => {
  expect(await of(RITA, CLOSES, REX)).toEqual([
    '1 message:5 the report of Rex Reporter is not on the next line',
  ]);
});

it('does not concern a patch nobody asked for', async () => {
  expect(await of()).toEqual(['not for this: no Reported-by in it']);
});
