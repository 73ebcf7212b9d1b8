// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import type { PatchedFile } from './added-lines.ts';
import { coverageOf, type Seen } from './line-states.ts';

const HUNK = '@@ -1,2 +1,9 @@';

/** All lines but those that begin with `=` are added. */
function fileOf(path: string, lines: readonly string[]): PatchedFile {
  return {
    path,
    lines: lines.map((text, index) => ({
      text: text.replace(/^=/, ''),
      origin: text.startsWith('=') ? null : { patch: 2, hunk: HUNK, at: index + 1 },
    })),
  };
}

function seenOf(path: string, code: number[], left: number[], counts: Record<number, number>[] = []): Seen {
  return {
    code: new Map([[path, new Set(code)]]),
    left: new Map([[path, new Set(left)]]),
    counts: counts.map(
      (one) => new Map([[path, new Map(Object.entries(one).map(([line, n]) => [Number(line), n]))]]),
    ),
  };
}

const states = (file: PatchedFile, seen: Seen): string[] =>
  coverageOf(file, seen).lines.map(({ state }) => state);

const SOURCE = [
  ...[
    '=int f(int a)',
    '={',
    '\t/* why */',
    '\tg(a);',
    '#ifdef CONFIG_X',
    '\tx();',
    '#else',
    '\ty();',
    '#endif',
  ],
  ...['\tif (a)', '\t\treturn 1;', '\th();', '=\treturn 0;', '=}'],
];

it('a line ran, never did, has no code or is not built', () => {
  const path = 'net/a.c';
  const seen = seenOf(
    path,
    [1, 4, 8, 10, 12, 13],
    [1, 2, 4, 8, 10, 11, 12, 13, 14],
    [
      { 4: 3, 10: 3, 12: 3 },
      { 4: 1, 10: 2, 12: 1 },
    ],
  );
  const file = coverageOf(fileOf(path, SOURCE), seen);
  expect(file.lines.map(({ line, state }) => `${line} ${state}`)).toEqual([
    ...['3 no-code', '4 ran', '5 no-code', '6 not-built', '7 no-code', '8 never', '9 no-code'],
    ...['10 ran', '11 ran', '12 ran'],
  ]);
  expect(file.lines[1]).toMatchObject({
    counts: [
      [0, 3],
      [1, 1],
    ],
    patch: 2,
    hunk: HUNK,
    at: 4,
  });
  // No count of gcov's: it is what is missing between the lines around it.
  expect(file.lines[8]).toMatchObject({ line: 11, counts: [[1, 1]], inferred: true });
  expect(file.around).toEqual([]);
});

it('what stands beside a line that never ran is kept', () => {
  const file = coverageOf(
    fileOf('net/a.c', ['=int f(void)', '={', '\tg();', '=\treturn 0;', '=}']),
    seenOf('net/a.c', [1, 3, 4], [1, 2, 3, 4, 5]),
  );
  expect(file.around.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
});

it('an inline function that nobody calls is not seen', () => {
  const path = 'include/linux/a.h';
  const lines = [
    'static inline int f(void)',
    '{',
    '\treturn 1;',
    '}',
    '/* more */',
    'static inline int g(void)',
    '{',
    '\treturn 2;',
    '}',
  ];
  expect(
    states(fileOf(path, lines), seenOf(path, [6, 8], [1, 2, 3, 4, 6, 7, 8, 9], [{ 6: 1, 8: 1 }])),
  ).toEqual([
    ...['no-code', 'no-code', 'not-seen', 'no-code', 'no-code', 'ran', 'no-code', 'ran', 'no-code'],
  ]);
});

it.each([
  ['tools/testing/vsock/vsock_test.c', 'not-built', /not a part of the kernel/],
  ['drivers/net/a.c', 'not-built', /not built by this configuration/],
  ['include/net/a.h', 'not-seen', /no object that counts includes it/],
  ['arch/x86/lib/a.S', 'not-seen', /assembly/],
  ['Documentation/a.rst', 'no-code', /no C/],
])('%s is %s', (path, state, why) => {
  const file = coverageOf(fileOf(path, ['a;']), seenOf('net/other.c', [1], [1], [{ 1: 1 }]));
  expect(file.why).toMatch(why);
  expect(file.lines.map((line) => line.state)).toEqual([state]);
});
