// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { RULES, ruleOf } from './check-fixture.ts';
import { formatRule, formatRuleList, formatRulesMarkdown } from './check-rules.ts';

const RULE = {
  ...ruleOf('long-line', { profile: 'netdev', title: 'no line is < 0 columns' }),
  explanation: 'One paragraph that the source\nfile breaks.\n\nAnother with a_name and <angle>.',
  advice: 'break *it*',
};

it('the list has a line for each rule, in its columns', () => {
  expect(formatRuleList(RULES, { width: 80 })).toBe(`rule       kind    severity  profile  what must hold
long-line  series  warning   all      what long-line wants
xmas-tree  source  note      netdev   what xmas-tree wants
people     people  warning   all      what people wants
builds     build   error     all      what builds wants
`);
});

it('one rule is explained in paragraphs that fit, with link and waiver', () => {
  const text = formatRule(RULE, { width: 60 });
  expect(text).toContain('One paragraph that the source file breaks.\n\nAnother');
  expect(text).toContain('profile   netdev\n');
  expect(text).toContain(`see       ${RULE.link}\n`);
  expect(text).toContain('respin check --waive ID');
  expect(text).not.toContain('\x1b');
});

it('the page has them by kind, and takes no word of theirs for markup', () => {
  const page = formatRulesMarkdown([
    { ...RULE, kind: 'build' },
    { ...RULE, id: 'a', kind: 'series' },
  ]);
  expect(page.match(/^##+ .*/gm)).toEqual([
    '## The series and its mails',
    '### a',
    '## Builds',
    '### long-line',
  ]);
  expect(page).toContain('**no line is &lt; 0 columns** (warning, needs the mails alone, netdev only)');
  expect(page).toContain('Another with a\\_name and &lt;angle&gt;.');
  expect(page).toContain('break \\*it\\*');
});
