// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { functionBodies } from './function-bodies.ts';

function bodies(source: string, notBuilt: readonly number[] = []): [number, number][] {
  const built = [true, ...source.split('\n').map((_, index) => !notBuilt.includes(index + 1))];
  return functionBodies(source, built);
}

it('finds functions, not types, initializers and macros', () => {
  const source = [
    ...[
      'struct a {',
      '\tint b;',
      '};',
      'static inline int f(int a)',
      '{',
      '\tif (a) {',
      '\t\ta++;',
      '\t}',
      '\treturn a;',
      '}',
    ],
    ...[
      'static const struct a c = {',
      '\t.b = f(1),',
      '};',
      '#define G(x) do { \\',
      '\tx; \\',
      '} while (0)',
      'void g(void) { }',
    ],
  ].join('\n');
  expect(bodies(source)).toEqual([
    [5, 10],
    [17, 17],
  ]);
});

it('passes over branches that are not compiled', () => {
  const source = [
    'int f(int a)',
    '{',
    '#ifdef X',
    '\tif (a) {',
    '#else',
    '\tif (!a) {',
    '#endif',
    '\t}',
    '}',
    'int g(void)',
    '{',
    '}',
  ].join('\n');
  expect(bodies(source, [4])).toEqual([
    [2, 9],
    [11, 12],
  ]);
});

it('takes braces in strings and comments for none', () => {
  expect(bodies('int f(void)\n{\n\tputs("}"); /* } */\n}\n')).toEqual([[2, 4]]);
});
