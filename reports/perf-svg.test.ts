// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { latencyRecord, matrixRecord, perfRecord, wallRecord } from './perf-fixture.ts';
import { formatPerfSvg } from './perf-svg.ts';

const RECORDS = [
  ['four tests', perfRecord(), 4, 2],
  ['seconds', wallRecord(), 4, 2],
  ['latency', latencyRecord(), 2, 2],
  ['four pairs', matrixRecord(), 4, 4],
] as const;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

it.each(RECORDS)('%s: a bar and a mean for each row, a dot for each run', (_, record, tests, pairs) => {
  const svg = formatPerfSvg(record);
  expect(count(svg, /class="test"/g)).toBe(tests);
  for (const [kind, rows] of [
    ['first', tests],
    ['other', tests * (pairs - 1)],
  ] as const) {
    expect(count(svg, new RegExp(`class="bar ${kind}"`, 'g'))).toBe(rows);
    expect(count(svg, new RegExp(`class="mean ${kind}"`, 'g'))).toBe(rows);
    expect(count(svg, new RegExp(`class="run ${kind}"`, 'g'))).toBe(rows * 5);
  }
});

it.each(RECORDS)('%s: is well formed, all in the picture, and nothing from elsewhere', (_, record) => {
  const svg = formatPerfSvg(record);
  const open: string[] = [];
  for (const [, end, name = '', empty] of svg.matchAll(/<(\/)?(\w+)(?: [\w-]+="[^"<]*")*(\/)?>/g)) {
    if (end !== undefined) expect(open.pop()).toBe(name);
    else if (empty === undefined) open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replace(/<\/?\w+(?: [\w-]+="[^"<]*")*\/?>/g, '')).not.toMatch(/[<>]/);
  expect(svg).not.toMatch(/NaN|Infinity|<script|href|url\(|@import|\bon\w+=/);
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  for (const [, axis, at] of svg.matchAll(/ c?([xy])="([\d.-]+)"/g)) {
    expect(Number(at)).toBeGreaterThanOrEqual(0);
    expect(Number(at)).toBeLessThan(axis === 'x' ? width : height);
  }
});

it('says what the clock sees, what changed, and has colours for a dark page', () => {
  const svg = formatPerfSvg(perfRecord());
  expect(svg).toContain('counts instructions, not cache misses or memory traffic: 2 ns each</text>');
  expect(svg).toContain('>+30.1 %</text>');
  expect(svg).toContain('>~</text>');
  expect(svg).toContain('@media(prefers-color-scheme:dark)');
  expect(formatPerfSvg(wallRecord())).toContain('load average 0.2 to 1.1, 0.00 to 0.90 % stolen</text>');
});

it('hostile text is text', () => {
  const { series, machine } = perfRecord();
  const evil = '</text><script>x</script>&"\x1b\u202e\ufffe';
  const svg = formatPerfSvg(
    perfRecord({
      series: series && { ...series, title: evil },
      machine: machine && { ...machine, reason: evil },
    }),
  );
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;x&lt;/script&gt;&amp;&quot;\\x1b\\u202e\\ufffe');
  expect(svg).not.toContain('<script');
  expect(svg).not.toMatch(/[^\t\n\u0020-\ud7ff\ue000-\ufffd]/);
});

it('a record that cannot say what its figures are worth has none', () => {
  const svg = formatPerfSvg(wallRecord({ boots: [] }));
  expect(svg).toContain('no plot: the record does not say how loaded the machine was</text>');
  expect(svg).not.toMatch(/[GM]b\/s|<circle/);
  const { changes, tests } = perfRecord();
  const partly = formatPerfSvg(perfRecord({ changes: changes.slice(1) }));
  expect(count(partly, />not measured</g)).toBe(1);
  expect(count(partly, /class="bar first"/g)).toBe(tests.length - 1);
});
