// SPDX-License-Identifier: MIT
import { type AddedCode, addedCode, cLines, isKernelC, removedTexts } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { CheckInput, Rule } from '../rule.ts';

const PARAMETER = /^module_param(?:_\w{1,40})?\(\s*(\w+)\s*,/;

export const moduleParamDesc: Rule = {
  id: 'module-param-desc',
  kind: 'source',
  severity: 'warning',
  title: 'a new module parameter has its MODULE_PARM_DESC()',
  explanation: `"All new module parameters are documented with MODULE_PARM_DESC()", says the checklist for patches:
modinfo is where somebody with the module but without its source looks for what a parameter does. A patch that takes one
away for another, as one that renames it does, is left out.`,
  link: 'https://docs.kernel.org/process/submit-checklist.html#provide-documentation',
  needs: 'mails',
  advice: 'add MODULE_PARM_DESC(name, "what it does") beside it',
  check: ({ series }) => {
    const described = describedIn(series);
    const takers = new Set(
      series.patches.filter((patch) => [...removedTexts(patch)].some((text) => PARAMETER.test(text))),
    );
    return [...addedCode(series, (path) => isKernelC(path) && path.endsWith('.c'))].flatMap((one) => {
      const name = parameterIn(one);
      if (name === null || described.get(pathOf(one.file))?.has(name)) return [];
      if (takers.has(one.patch)) return [];
      return [
        {
          place: atLine(one),
          quote: one.line.text,
          text: `the new module parameter "${name}" has no MODULE_PARM_DESC()`,
        },
      ];
    });
  },
};

/** The name of the parameter that a line makes; null when it makes none. */
export function parameterIn({ code, directive }: AddedCode): string | null {
  return directive ? null : (PARAMETER.exec(code)?.[1] ?? null);
}

/** What is described in each file, as far as the series shows it. */
function describedIn(series: CheckInput['series']): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const file of series.patches.flatMap(({ files }) => files)) {
    if (!isKernelC(pathOf(file))) continue;
    const code = file.hunks.flatMap((hunk) => cLines(hunk).map((one) => one.code)).join('\n');
    const known = names.get(pathOf(file)) ?? new Set();
    for (const [, name = ''] of code.matchAll(/\bMODULE_PARM_DESC\(\s{0,80}(\w+)/g)) known.add(name);
    names.set(pathOf(file), known);
  }
  return names;
}
