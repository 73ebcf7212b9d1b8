// SPDX-License-Identifier: MIT
/** docs/rules.md says what the catalogue holds. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { RULE_KINDS } from '../../core/check.ts';
import { formatRulesMarkdown } from '../../reports/check-rules.ts';
import { RULES } from '../../tools/checkpatch/catalogue.ts';
import { projectFiles, projectText } from './files.ts';

it('docs/rules.md is what the catalogue says', () => {
  const renew = 'renew it: bin/respin check --list --markdown >docs/rules.md';
  expect(projectText('docs/rules.md') === formatRulesMarkdown(RULES), renew).toBe(true);
});

it('every rule is a file of its name, and every rule that is a file is in the catalogue', () => {
  const files = projectFiles()
    .filter((file) => /^tools\/checkpatch\/rules\/[^/]+(?<!\.test)\.ts$/.test(file))
    .filter((file) => /^export const \w+: Rule = /m.test(projectText(file)))
    .map((file) => path.basename(file, '.ts'));
  expect(RULES.map(({ id }) => id).sort()).toEqual(files.sort());
});

it('every rule has all there is to say of it', () => {
  const wrong = RULES.filter(
    ({ id, kind, title, explanation, link, advice }) =>
      !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) ||
      !RULE_KINDS.includes(kind) ||
      // No full stop: they stand in a sentence.
      [title, advice].some((text) => text.trim() === '' || /[.\n]$/.test(text)) ||
      explanation.trim() === '' ||
      !/^https:\/\/\S+$/.test(link),
  );
  expect(wrong.map(({ id }) => id)).toEqual([]);
});
