// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Finding } from '../core/check.ts';
import { displayWidth } from '../core/table.ts';
import { FILE, findingOf, HUNK, placeAt, placeIn, RULES, reportOf, runOf } from './check-fixture.ts';
import { formatCheckSummary } from './check-summary.ts';
import { type CheckTextOptions, formatCheck } from './check-text.ts';

const WAIVER = { rule: 'long-line', by: 'Ann Author', date: '2026-11-25', reason: 'a table' };
const text = (findings: Finding[], options: CheckTextOptions = {}): string =>
  formatCheck(reportOf(findings), RULES, { width: 80, ...options });

describe('what is found', () => {
  it('stands below its patch, file and hunk, with its line, advice and id', () => {
    expect(text([findingOf('f1234567', { rule: 'xmas-tree', severity: 'error' })])).toBe(
      `1/2 vsock: do a thing
  ${FILE}
    ${HUNK}
    error  xmas-tree                                                    f1234567
       12 + │         int a;
            ╰ the line is too long
            → break it

1 error in 2 patches of a-series v2 (netdev rules); 4 rules ran; 1.2s
`,
    );
  });

  it('is in order: series, cover letter, mail, message, files', () => {
    const shown = text([
      findingOf('f0000001', { place: placeIn('series', null), quote: null }),
      findingOf('f0000002', { place: placeIn('cover', 0, 3), quote: 'Faster.' }),
      findingOf('f0000003', { place: placeIn('subject', 1), quote: 'vsock: do a thing' }),
      findingOf('f0000004', { place: placeIn('message', 1, 2), quote: 'Words.' }),
      findingOf('f0000005', { place: placeAt(7, { side: 'old', patch: 2 }) }),
    ]);
    const kept = shown.split('\n').filter((line) => !/^ {4}warning|too long|→|@@|^$/.test(line));
    expect(kept).toEqual([
      'series',
      'cover letter: vsock: two things',
      '        3   │ Faster.',
      '1/2 vsock: do a thing',
      '  message',
      '        2   │ Words.',
      '2/2 vsock: do another',
      `  ${FILE}`,
      '        7 - │         int a;',
      '5 warnings in 2 patches of a-series v2 (netdev rules); 4 rules ran; 1.2s',
    ]);
  });

  it('is told once when one rule says the same of a file several times, hunk by hunk', () => {
    const other = '@@ -30,6 +30,7 @@ static void vsock_close(void)';
    const shown = text([
      findingOf('f0000001'),
      findingOf('f0000002', { place: placeAt(13), quote: '\tint b;' }),
      findingOf('f0000003', { place: placeAt(31, { hunk: other }), quote: '\tint c;' }),
      findingOf('f0000004', { place: placeAt(12, { patch: 2 }) }),
    ]);
    expect(shown).toMatch(/^ {4}warning {2}long-line {2}3 times +f0000001 f0000002 f0000003$/m);
    expect(shown).toContain(
      `       13 + │         int b;\n            ${other}\n       31 + │         int c;\n            ╰`,
    );
    expect(shown.match(/break it/g)).toHaveLength(2);
  });

  it('many times is shown by its first lines, and all with the option', () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      findingOf(`f00000${10 + at}`, { place: placeAt(at + 1), quote: `\tint v${at};` }),
    );
    expect(text(many)).toContain('… 24 more: 7, 8, 9,');
    expect(text(many)).not.toContain('int v6;');
    expect(text(many, { all: true })).toContain('int v29;');
    expect(text(many, { all: true })).toContain('f0000039');
  });

  it('differs in type or words: told one by one', () => {
    const shown = text([findingOf('f0000001', { type: 'A' }), findingOf('f0000002', { type: 'B' })]);
    expect(shown).toContain('long-line A');
    expect(shown).toContain('long-line B');
  });

  it('is one line when waived, and void waivers are told', () => {
    const report = reportOf([findingOf('f0000001', { waiver: WAIVER })], {
      voidWaivers: [{ id: 'f0000009', about: '1/2 net/x.c:3: too long', ...WAIVER }],
    });
    const shown = formatCheck(report, RULES, { width: 80 });
    expect(shown).toContain('    waived long-line line 12 f0000001: a table (Ann Author, 2026-11-25)\n');
    expect(shown).toContain(
      'a waiver is void: what was waived has changed or is gone\n  f0000009 long-line: ',
    );
    expect(shown).toContain(
      'nothing found in 2 patches of a-series v2 (netdev rules); 1 waived; 4 rules ran',
    );
    expect(shown).not.toContain('✓');
  });
});

describe('what could not tell', () => {
  const unknown = {
    state: 'unknown' as const,
    why: 'there is no tree',
    hint: 'apt-get install linux-source',
  };

  it('is a table: the rules beside the reason and what would let them', () => {
    const rules = [runOf('long-line'), runOf('people', unknown), runOf('xmas-tree', unknown)];
    const shown = formatCheck(reportOf([], { rules }), RULES, { width: 80 });
    expect(shown).toBe(`could not tell
  people     there is no tree
  xmas-tree  → apt-get install linux-source

nothing found in 2 patches of a-series v2 (netdev rules); 1 rule ran, 2 could
not tell, 1 was left out; 1.2s
`);
  });

  it('is counted when one reason keeps many rules from it, and named with the option', () => {
    const names = Array.from({ length: 9 }, (_, at) => `rule-${at}`);
    const report = reportOf([], { rules: [...names.map((one) => runOf(one, unknown)), runOf('long-line')] });
    expect(formatCheck(report, RULES, { width: 80 })).toContain(`could not tell
  9 rules  there is no tree
           → apt-get install linux-source

`);
    expect(formatCheck(report, RULES, { all: true })).toContain('\n  rule-8\n');
  });

  it('is no pass in a word', () => {
    const rules = [runOf('people', unknown)];
    expect(formatCheck(reportOf([], { rules }), RULES)).not.toMatch(/✓|nothing found/);
    expect(formatCheckSummary(reportOf([], { rules }), RULES, { label: 'check    ', width: 80 })).toBe(
      'check    no rule could tell; 0 rules ran, 1 could not tell, 3 were left out;\n         1.2s\n',
    );
  });

  it('what a rule is not for is told with the option', () => {
    const rules = [runOf('people', { state: 'not-for-this', why: 'no mail was sent' })];
    const report = reportOf([], { rules });
    expect(formatCheck(report, RULES)).toContain('1 is not for this series');
    expect(formatCheck(report, RULES)).not.toContain('no mail was sent');
    expect(formatCheck(report, RULES, { all: true })).toContain('people  no mail was sent');
  });
});

it('says in one line that all is fine, and how many rules ran', () => {
  expect(text([])).toBe('✓ nothing found in 2 patches of a-series v2 (netdev rules); 4 rules ran; 1.2s\n');
});

it('a rule of another profile was not left out', () => {
  const rules = [runOf('long-line'), runOf('people'), runOf('builds')];
  const report = reportOf([], { rules, profile: 'generic' });
  expect(formatCheck(report, RULES)).toBe(
    '✓ nothing found in 2 patches of a-series v2 (generic rules); 3 rules ran; 1.2s\n',
  );
});

describe('the terminal', () => {
  const hostile = [
    findingOf('f0000001', {
      type: 'X\x1b[2J',
      place: placeAt(1_000_000, {
        file: `net/${'deep/'.repeat(40)}\x1b[31m\u202e.c`,
        hunk: `@@ ${'x'.repeat(300)} \x07`,
      }),
      quote: `\t\t\t\t\t\t\t\t\t\t\t\t\t${'語'.repeat(90)}\r\n\x1b]0;x\x07`,
      text: `wrong\x1b[2J ${'word '.repeat(60)}`,
      advice: 'do\nit\x9b',
    }),
    findingOf('f0000002', { waiver: { ...WAIVER, reason: `\x1b[2J${'because '.repeat(40)}` } }),
  ];

  it.each([80, 60, 132])('of %i columns fits them, whatever the patch holds', (width) => {
    const shown = text(hostile, { width });
    for (const line of shown.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    expect(shown).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('gets colour only when it may, and the same words', () => {
    const findings = [
      findingOf('f0000001', { severity: 'error' }),
      findingOf('f0000002', { waiver: WAIVER }),
    ];
    const color = text(findings, { color: true });
    expect(color).toContain('\x1b[31merror\x1b[m');
    expect(color.replace(/\x1b\[\d*m/g, '')).toBe(text(findings));
  });

  it('without UTF-8 gets ASCII of what is not quoted', () => {
    const shown = text([findingOf('f0000001', { quote: 'x'.repeat(200) })], { ascii: true });
    expect(shown).toMatch(/^[\n\x20-\x7e]*$/);
    expect(shown).toContain('            -> break it\n');
  });
});

it('below a verdict stand the counts and the errors', () => {
  const report = reportOf([
    findingOf('f0000001', { severity: 'error', rule: 'xmas-tree', text: 'not in order' }),
    findingOf('f0000002'),
    findingOf('f0000003', { severity: 'error', waiver: WAIVER }),
  ]);
  expect(formatCheckSummary(report, RULES, { label: 'check    ', width: 80 })).toBe(
    `check    1 error, 1 warning; 1 waived; 4 rules ran; 1.2s
         error xmas-tree, 1/2 ${FILE}:12: not in order
`,
  );
});
