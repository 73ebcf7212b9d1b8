// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { FILE, findingOf, LINK, placeAt, placeIn, RULES, reportOf, runOf } from './check-fixture.ts';
import { formatCheckMarkdown } from './check-markdown.ts';

const rows = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('| **'));

it('has counts, a row for each group with the rule as a link, and the advice folded', () => {
  const text = formatCheckMarkdown(
    reportOf([
      findingOf('f0000001'),
      findingOf('f0000002', { place: placeAt(13), quote: 'a `b` c' }),
      findingOf('f0000003', { rule: 'gone', severity: 'error', place: placeIn('series', null), quote: null }),
    ]),
    RULES,
  );
  expect(text).toMatch(
    /^### respin check: vsock: two things v2\n\n1 error, 2 warnings; 4 rules ran; 1.2s; 2 patches/,
  );
  expect(rows(text)).toEqual([
    `| **warning** | 1/2 ${FILE.replaceAll('_', '\\_')}:12 and 1 more | the line is too long | [long-line](${LINK}) |`,
    '| **error** | series | the line is too long | gone |',
  ]);
  expect(text).toContain('<details><summary>What to do</summary>\n\n- 1/2');
  expect(text).toContain('(`f0000001` `f0000002`)');
});

it('says in the open what could not tell', () => {
  const rules = [runOf('people', { state: 'unknown', why: 'no tree', hint: 'apt-get install it' })];
  const text = formatCheckMarkdown(reportOf([], { rules }), RULES);
  expect(text).toContain('Could not tell:\n- people: no tree; apt-get install it\n');
  expect(text).not.toContain('<details>');
});

describe('hostile text', () => {
  const evil = '| @maintainer #12 <script> [x](http://evil.example) `code` **b** \x1b[2J\n\n# Heading';
  const text = formatCheckMarkdown(
    reportOf([
      findingOf('f0000001', {
        text: evil,
        advice: evil,
        quote: `${evil} \`\`\``,
        place: placeAt(1, { file: `net/${evil}` }),
      }),
      findingOf('f0000002', { waiver: { rule: 'long-line', by: evil, date: '', reason: evil } }),
    ]),
    RULES,
  );

  it('stays in its cell and calls nobody', () => {
    expect(rows(text)).toHaveLength(1);
    // Pipes that part cells are those without a backslash.
    expect(rows(text)[0]?.match(/(?<!\\)\|/g)).toHaveLength(5);
    const outside = text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/@m|#1|<script|(?<!\\)\[x|:\/\/evil|^# /m);
    expect(text).not.toContain('\x1b');
  });

  it('cannot end the code it is quoted as', () => {
    expect(text).toMatch(/ {2}````? .* ``` ````/);
  });
});

it('has a limit, which it tells', () => {
  const many = Array.from({ length: 400 }, (_, at) =>
    findingOf(`f${1_000_000 + at}`, { text: `wrong ${at}`, quote: 'x'.repeat(300), advice: 'y'.repeat(300) }),
  );
  const text = formatCheckMarkdown(reportOf(many), RULES);
  expect(rows(text)).toHaveLength(50);
  expect(text).toContain('… and 350 more.');
  expect(text.length).toBeLessThan(65_536);
});
