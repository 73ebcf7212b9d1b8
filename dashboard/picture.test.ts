// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Desk } from './fixture.ts';
import { frameOf, frameRows } from './frame.ts';
import { readAnsi, terminalSvg } from './picture.ts';
import { ansi, type Line, span, textOf } from './text.ts';

it('a row that was printed is read as it was', () => {
  const row: Line = [
    span('a', { bold: true, color: 'red' }),
    span(' b '),
    span('c', { inverse: true }),
    span('d', { dim: true, color: 'cyan' }),
  ];
  expect(readAnsi([ansi(row, true)])).toEqual([row]);
  expect(readAnsi(['\x1b[1ma\x1b[22mb\x1b[7mc\x1b[27md\x1b[32me', 'f\x1b[39mg'])).toEqual([
    [
      { text: 'a', bold: true },
      { text: 'b' },
      { text: 'c', inverse: true },
      { text: 'd' },
      { text: 'e', color: 'green' },
    ],
    [{ text: 'f', color: 'green' }, { text: 'g' }],
  ]);
});

it('a frame becomes a picture that is XML, with every word of it', () => {
  const rows = frameRows(frameOf(new Desk({ columns: 120, rows: 30 }).inPatch().press('c').state));
  const svg = terminalSvg(rows, 'a patch & its <comments>');
  expect(svg).toContain('<title>a patch &amp; its &lt;comments&gt;</title>');
  expect(svg).toContain('&amp;');
  for (const word of ['Why not a helper?', '+int b;']) expect(rows.map(textOf).join('\n')).toContain(word);
  expect(svg).toContain('Why not a helper?');
  const lint = spawnSync('xmllint', ['--noout', '-'], { input: svg, encoding: 'utf8' });
  // Where it is installed it has nothing to say.
  if (lint.error === undefined) expect(lint.stderr).toBe('');
});
