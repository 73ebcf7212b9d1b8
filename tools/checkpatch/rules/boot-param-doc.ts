// SPDX-License-Identifier: MIT
import { addedCode, removedTexts } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const PARAMETER = /^(?:__setup|early_param|core_param)\(\s*"/;

export const bootParamDoc: Rule = {
  id: 'boot-param-doc',
  kind: 'source',
  severity: 'warning',
  title: 'a new boot parameter is documented',
  explanation: `The kernel's command line is an interface for people, and one file says what may stand in it: "Any patch
which adds new parameters should add the appropriate entries to this file." A series that changes anything below
Documentation/ is taken to do so.`,
  link: 'https://docs.kernel.org/process/4.Coding.html#documentation',
  needs: 'mails',
  advice: 'describe it in Documentation/admin-guide/kernel-parameters.txt',
  ofSeries: true,
  check: ({ series }) => {
    const files = series.patches.flatMap((patch) => patch.files.map(pathOf));
    if (files.some((path) => path.startsWith('Documentation/'))) return [];
    const removed = new Map(
      series.patches.map((patch) => [
        patch,
        new Set([...removedTexts(patch)].map((text) => text.split('"')[1])),
      ]),
    );
    return [...addedCode(series)].flatMap((one) => {
      if (one.directive || !PARAMETER.test(one.code)) return [];
      const name = one.strings.trim();
      if (removed.get(one.patch)?.has(name)) return [];
      const text = `the new boot parameter "${name}" is not documented`;
      return [{ place: atLine(one), quote: one.line.text, text }];
    });
  },
};
