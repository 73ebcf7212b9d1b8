// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { preprocessedLines } from './preprocessed-lines.ts';

const here = (printed: string): string | null => (printed.startsWith('net/') ? printed : null);

it('follows the linemarkers from file to file', () => {
  const text = [
    ...['# 0 "net/a.c"', '# 0 "<built-in>"', '#define X', '# 1 "./include/linux/b.h" 1', 'int b;'],
    ...[
      '# 3 "net/a.c" 2',
      'int c;',
      '',
      '# 9 "net/a.h" 1 3',
      'int d;',
      '',
      '#pragma once',
      'int e;',
      '# 7 "net/a.c" 2',
      ' int f;',
    ],
  ].join('\n');
  expect(preprocessedLines(text, here)).toEqual(
    new Map([
      ['net/a.c', new Set([3, 7])],
      ['net/a.h', new Set([9, 11, 12])],
    ]),
  );
});

it('reads names with quotes and backslashes in them', () => {
  const asked: string[] = [];
  preprocessedLines('# 1 "a\\"b\\\\c.c"\nint a;', (printed) => {
    asked.push(printed);
    return null;
  });
  expect(asked).toEqual(['a"b\\c.c']);
});

it('gives each line of a file that is printed whole', () => {
  const line = fc.constantFrom('', 'int a;', '\t', '}');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.integer({ min: 1, max: 1000 }), (lines, first) => {
      const found =
        preprocessedLines([`# ${first} "net/a.c"`, ...lines].join('\n'), here).get('net/a.c') ?? new Set();
      const full = lines.flatMap((text, at) => (text.trim() === '' ? [] : [first + at]));
      expect([...found]).toEqual(full);
    }),
  );
});
