// SPDX-License-Identifier: MIT
import type { Hunk } from '../../../core/series.ts';
import { type Declaration, declarationBlocks, declarationIn } from '../c-declarations.ts';
import { cLines, isKernelC, oldCLines, removedTexts } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** Where the convention is netdev's own; a series for netdev may reach elsewhere. */
const NETWORKING = /^(?:net|drivers\/net|include\/net|drivers\/vhost|drivers\/ptp)\//;

export const reverseXmasTree: Rule = {
  id: 'reverse-xmas-tree',
  kind: 'source',
  severity: 'warning',
  title: 'local variables stand from the longest line to the shortest',
  explanation: `Netdev has a convention of its own for the declarations at the top of a function or block: "Order
the variable declaration lines longest to shortest". Where one needs the value of another above it, the document asks to
"move the initialization out of line"; this rule lets such a pair pass.

Only what a patch adds is looked at, and only where it shows the whole block of declarations. Static variables, macros,
declarations over several lines or with a comment have no place in the order.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#local-variable-ordering-reverse-xmas-tree-rcs',
  needs: 'mails',
  profile: 'netdev',
  advice: 'order the declarations from the longest line to the shortest',
  check: ({ series }) =>
    series.patches.flatMap((patch) => {
      const removed = removedTexts(patch);
      return patch.files
        .filter((file) => isKernelC(pathOf(file)))
        .flatMap((file) =>
          file.hunks.flatMap((hunk) =>
            outOfOrder(hunk, removed).map(({ at, why }): Found => {
              const { line } = at.line;
              return {
                place: atLine({ patch, file, hunk, line, at: at.line.at }),
                quote: line.text,
                text: why,
                severity: NETWORKING.test(pathOf(file)) ? 'warning' : 'note',
              };
            }),
          ),
        );
    }),
};

/** The first one of each block that was added and is in the wrong place. */
function outOfOrder(hunk: Hunk, removed: ReadonlySet<string>): { at: Declaration; why: string }[] {
  const before = new Set(oldNames(hunk));
  return declarationBlocks(cLines(hunk), hunk.heading).flatMap((block) => {
    const known = new Set<string>();
    for (const [index, one] of block.entries()) {
      const above = block[index - 1];
      if (above !== undefined && isLonger(one, above) && ![...one.uses].some((word) => known.has(word))) {
        const wrong = [one, above].find(
          ({ line, names }) =>
            line.line.kind === 'add' &&
            !removed.has(line.line.text.trim()) &&
            !names.some((name) => before.has(name)),
        );
        if (wrong === one) return [{ at: one, why: `${said(one)} is longer than the declaration above it` }];
        if (wrong !== undefined) {
          return [{ at: above, why: `${said(above)} is shorter than the declaration below it` }];
        }
      }
      for (const name of one.names) known.add(name);
    }
    return [];
  });
}

function isLonger(one: Declaration, above: Declaration): boolean {
  return one.width !== null && above.width !== null && !one.apart && one.width > above.width;
}

function said({ names }: Declaration): string {
  return `the declaration of ${names.join(', ')}`;
}

/** One whose type alone changes stays where it was. */
function oldNames(hunk: Hunk): string[] {
  return oldCLines(hunk)
    .filter(({ line }) => line.kind === 'del')
    .flatMap((line) => declarationIn(line)?.names ?? []);
}
