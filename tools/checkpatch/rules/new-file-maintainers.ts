// SPDX-License-Identifier: MIT
import { noMaintainers, parseMaintainers, sectionsOf } from '../maintainers.ts';
import { inFile } from '../places.ts';
import type { Rule } from '../rule.ts';

export const newFileMaintainers: Rule = {
  id: 'new-file-maintainers',
  kind: 'source',
  severity: 'warning',
  title: 'MAINTAINERS has every new file',
  explanation: `scripts/get_maintainer.pl finds who is to be asked about a change by the F: patterns of MAINTAINERS. Of
a file that no section names nobody is told: its changes go to the list for all of the kernel. Whoever brings a file is
the first who would look after it: "you could take the role as you write your new code".

A file counts as named when the file as it is after the last patch names it, with F:, or with N: and without X:, in any
section but THE REST.`,
  link: 'https://docs.kernel.org/process/maintainers.html',
  needs: 'tree',
  advice: 'add an F: line to the section that looks after it, or a section of its own',
  ofSeries: true,
  check: async ({ series, tree }) => {
    const added = series.patches.flatMap((patch) =>
      patch.files.filter(({ change }) => change === 'added').map((file) => ({ patch, file })),
    );
    const gone = new Set(series.patches.flatMap(({ files }) => files.map(removedPath)));
    const kept = added.filter(({ file }) => !gone.has(file.newPath));
    const last = series.patches.at(-1);
    if (kept.length === 0 || last === undefined) return { notForThis: 'no new file in it' };
    const { after, file: fileOf, applied } = await tree();
    const text = await fileOf(after(last.index), 'MAINTAINERS');
    if (text === null) throw noMaintainers(applied.tree.source);
    const sections = parseMaintainers(text);
    return kept
      .filter(({ file }) => sectionsOf(file.newPath ?? '', sections).length === 0)
      .map(({ patch, file }) => ({
        place: inFile(patch, file),
        quote: null,
        text: `no section of MAINTAINERS has the new file ${file.newPath}`,
      }));
  },
};

function removedPath({ change, oldPath }: { change: string; oldPath: string | null }): string | null {
  return change === 'deleted' || change === 'renamed' ? oldPath : null;
}
