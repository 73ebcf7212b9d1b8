// SPDX-License-Identifier: MIT

import type { Patch } from '../../../core/series.ts';
import { addedCode, isKernelC } from '../c-lines.ts';
import { atLine } from '../places.ts';
import type { Rule } from '../rule.ts';

const EXPORT = /^EXPORT_SYMBOL(?:_NS)?\((\w+)/;

export const exportSymbol: Rule = {
  id: 'export-symbol',
  kind: 'source',
  severity: 'note',
  title: 'a new export is EXPORT_SYMBOL_GPL()',
  explanation: `What is exported with EXPORT_SYMBOL() can be used by modules under any licence; EXPORT_SYMBOL_GPL() says
that it is an internal matter of the kernel. Which one is right is for the maintainer to say: "Some maintainers and
developers may however require EXPORT_SYMBOL_GPL() when adding any new APIs or functionality."

A patch that also takes such an export away, as one that renames a function does, is left out.`,
  link: 'https://docs.kernel.org/kernel-hacking/hacking.html#export-symbol-gpl',
  needs: 'mails',
  advice: 'use EXPORT_SYMBOL_GPL() unless its neighbours are all EXPORT_SYMBOL()',
  check: ({ series }) => {
    const takers = new Set(series.patches.filter(takesOne));
    return [...addedCode(series, (path) => isKernelC(path) && path.endsWith('.c'))].flatMap((one) => {
      const name = EXPORT.exec(one.code)?.[1];
      if (name === undefined || takers.has(one.patch)) return [];
      const text = `${name} is exported to modules under any licence`;
      return [{ place: atLine(one), quote: one.line.text, text }];
    });
  },
};

function takesOne({ files }: Patch): boolean {
  return files.some(({ hunks }) =>
    hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'del' && EXPORT.test(text))),
  );
}
