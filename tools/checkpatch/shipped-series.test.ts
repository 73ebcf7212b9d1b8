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

it('has neither error nor warning in it, and no rule asks for what is not there', async () => {
  const series = await readSeries('vsock-rx-buffers', { cwd: '/' });
  const mails = await Promise.all(
    [...(series.cover === null ? [] : [{ index: 0, ...series.cover }]), ...series.patches].map(
      async ({ index, mail, origin }) => await mailFacts(index, mail, origin),
    ),
  );
  const input = { ...(await checkInput({ patches: [{}] })), series, mails };
  const raised = [];
  for (const rule of RULES_OF_MAILS) {
    const result = await rule.check(input);
    if ('notForThis' in result) continue;
    const found = 'found' in result ? result.found : result;
    raised.push(...found.map(({ text, severity = rule.severity }) => `${severity} ${rule.id}: ${text}`));
  }
  expect(RULES_OF_MAILS.length).toBeGreaterThan(20);
  expect(raised.filter((line) => !line.startsWith('note '))).toEqual([]);
});
