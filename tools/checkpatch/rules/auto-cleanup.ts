// SPDX-License-Identifier: MIT
import { definitions } from '../c-functions.ts';
import { cLines, isKernelC } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const NETWORKING = /^(?:net|drivers\/net)\//;
const MOST_LINES = 20;

export const autoCleanup: Rule = {
  id: 'auto-cleanup',
  kind: 'source',
  severity: 'warning',
  title: 'networking code releases what it holds in the open',
  explanation: `Netdev "remains skeptical about promises of all auto-cleanup APIs". Its handbook discourages __free()
in networking core and drivers outright, and guard() "within any function longer than 20 lines", where the end of what it
guards is out of sight; scoped_guard() and plain locking are preferred. How long a function is can be told only as far
as the patch shows it.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#using-device-managed-and-cleanup-h-constructs',
  needs: 'mails',
  profile: 'netdev',
  advice: 'release it where it ends, with a label for errors',
  check: ({ series }) =>
    series.patches.flatMap((patch) =>
      patch.files
        .filter((file) => isKernelC(pathOf(file)) && NETWORKING.test(pathOf(file)))
        .flatMap((file) =>
          file.hunks.flatMap((hunk) => {
            const lines = cLines(hunk);
            const long = longFunctions(lines);
            return lines.flatMap((one, index): Found[] => {
              if (one.line.kind !== 'add' || one.directive || /^\S/.test(one.code)) return [];
              const place = atLine({ patch, file, hunk, line: one.line, at: one.at });
              const at = { place, quote: one.line.text };
              if (/\s__free\(/.test(one.code))
                return [{ ...at, text: '__free() is discouraged in networking code' }];
              const name = /^\s+guard\(/.test(one.code) ? long.get(index) : undefined;
              if (name === undefined) return [];
              const text = `guard() in ${name}(), which has more than ${MOST_LINES} lines`;
              return [{ ...at, text, severity: 'note', advice: 'use scoped_guard() or plain locking' }];
            });
          }),
        ),
    ),
};

/** The name of the function around each line of one that is too long, as far as it is shown. */
function longFunctions(lines: ReturnType<typeof cLines>): Map<number, string> {
  const names = new Map<number, string>();
  const all = definitions(lines);
  for (const [at, { name, open, close }] of all.entries()) {
    const end = close ?? all[at + 1]?.open ?? lines.length;
    if (end - open - 1 <= MOST_LINES) continue;
    for (let line = open; line < end; line++) names.set(line, name);
  }
  return names;
}
