// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { consoleCommands, mismatch } from './console-blocks.ts';

it('reads commands with their output and status', () => {
  const page = [
    'text',
    '```console',
    '$ one',
    'a',
    '',
    'b',
    '$ two \\',
    '  more   # exit status 1',
    '```',
    '$ none',
    '```console',
    '$ three  # exit status 1',
    '…',
    '```',
  ];
  expect(consoleCommands(page.join('\n'))).toEqual([
    { line: 3, command: 'one', status: 0, output: ['a', '', 'b'] },
    { line: 7, command: 'two \\\n  more   # exit status 1', status: 0, output: null },
    { line: 12, command: 'three', status: 1, output: ['…'] },
  ]);
  expect(() => consoleCommands('```console\nno command\n```')).toThrow('line 2');
});

it('compares line by line, an ellipsis for what may be anything', () => {
  expect(mismatch(['a', 'b'], 'a\nb\n')).toBe(null);
  expect(mismatch(['a…c', '…', 'z'], 'abc\n1\n2\nz\n')).toBe(null);
  expect(mismatch(['…', 'b', '…'], 'a\nb\nb\nc\n')).toBe(null);
  expect(mismatch(['…'], '')).toBe(null);
  expect(mismatch(['a.c'], 'abc\n')).toContain('a.c');
  expect(mismatch(['a'], 'a\nb\n')).toContain('more is printed');
  expect(mismatch(['…', 'x', '…'], 'a\nb\n')).toContain('x');
  expect(
    mismatch(['    g2h  h2g', 'v1  pass 31  pass 31'], '    g2h      h2g\nv1  pass 31  flaky 1 of 31\n'),
  ).toBe(null);
  expect(mismatch(['v1  pass 31'], 'v1  FAIL 1 of 31\n')).toContain('pass 31');
  expect(mismatch(['v1  FAIL 1'], 'v1  flaky 1\n')).toContain('FAIL 1');
  // A file has no blanks at the end of its lines.
  expect(mismatch(['a'], 'a  \n')).toBe(null);
});
