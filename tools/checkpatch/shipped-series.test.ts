// SPDX-License-Identifier: MIT
/** What the series of this repository is told by the rules that need its mails alone. */
import { expect, it } from 'vitest';
import { mailFacts } from '../../patches/mail-facts.ts';
import { readSeries } from '../../patches/read-series.ts';
import { RULES } from './catalogue.ts';
import { checkInput } from './fixture.ts';

const RULES_OF_MAILS = RULES.filter(
  ({ kind, needs, id }) =>
    kind === 'series' && (needs === 'mails' || ['base-commit', 'fixes-exists'].includes(id)),
);

it.each(['v1', 'v4'])('%s has neither error nor warning in it', async (version) => {
  const series = await readSeries('vsock-rx-buffers', { cwd: '/', version });
  const mails = await Promise.all(
    [...(series.cover === null ? [] : [{ index: 0, ...series.cover }]), ...series.patches].map(
      async ({ index, mail, origin }) => await mailFacts(index, mail, origin),
    ),
  );
  const input = { ...(await checkInput({ patches: [{}] })), series, mails };
  const raised = [];
  // Where a commit is named the tree has to be asked.
  const rules = RULES_OF_MAILS.filter(({ id }) => id !== 'base-commit' || series.baseCommit === null);
  for (const rule of rules) {
    const result = await rule.check(input);
    if ('notForThis' in result) continue;
    const found = 'found' in result ? result.found : result;
    raised.push(...found.map(({ text, severity = rule.severity }) => `${severity} ${rule.id}: ${text}`));
  }
  expect(RULES_OF_MAILS.length).toBeGreaterThan(20);
  expect(raised.filter((line) => !line.startsWith('note '))).toEqual([]);
});
