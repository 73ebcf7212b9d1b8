// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Splat } from '../../core/run.ts';
import { Console } from './console.ts';
import { SplatReader } from './splats.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The lines of a real report, from its first to the one that ends it. */
function report(name: string, first: RegExp, last: RegExp): string[] {
  const file = new URL(`../../test/fixtures/splats/${name}.txt`, import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  const from = lines.findIndex((line) => first.test(line));
  const to = lines.findIndex((line, index) => index > from && last.test(line));
  return lines.slice(from, to + 1);
}

function newConsole(): { console: Console; told: Splat[] } {
  const told: Splat[] = [];
  const console = new Console({
    log: { write: () => {}, close: () => {} },
    splats: new SplatReader({ machine: 'host', log: 'host-console.log', boot: 1 }),
    onLine: () => {},
    onSplat: (splat) => told.push(splat),
  });
  return { console, told };
}

const OOPS = report('null-deref', /BUG: kernel NULL/, /end trace/);

it('an oops is told two seconds after its end, though nothing else is printed', () => {
  const { console, told } = newConsole();
  console.take(Buffer.from(`${OOPS.join('\n')}\n`));
  vi.advanceTimersByTime(1_900);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(told.map(({ kind }) => kind)).toEqual(['null-deref']);
  console.end();
  expect(told).toHaveLength(1);
});

it('a machine that stops for seconds in mid-report has its report in one piece', () => {
  const { console, told } = newConsole();
  const half = Math.floor(OOPS.length / 2);
  console.take(Buffer.from(`${OOPS.slice(0, half).join('\n')}\n`));
  vi.advanceTimersByTime(8_000);
  expect(told).toEqual([]);
  console.take(Buffer.from(`${OOPS.slice(half).join('\n')}\n`));
  vi.advanceTimersByTime(2_100);
  expect(told).toHaveLength(1);
  expect(told[0]?.text.split('\n').length).toBeGreaterThan(half);
});

it('a machine that dies in mid-report has told as much as it said', () => {
  const { console, told } = newConsole();
  console.take(Buffer.from(`${OOPS.slice(0, 3).join('\n')}\n`));
  vi.advanceTimersByTime(60_000);
  expect(told.map(({ kind }) => kind)).toEqual(['null-deref']);
});

it('lines without a report start no clock', () => {
  const { console, told } = newConsole();
  console.take(Buffer.from('[    1.000000] vsock: registered\n'));
  expect(vi.getTimerCount()).toBe(0);
  console.end();
  expect(told).toEqual([]);
});
