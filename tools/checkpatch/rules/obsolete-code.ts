// SPDX-License-Identifier: MIT
import { isObsolete, readMaintainers, sectionsOf } from '../maintainers.ts';
import { inFile, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const obsoleteCode: Rule = {
  id: 'obsolete-code',
  kind: 'source',
  severity: 'warning',
  title: 'code that MAINTAINERS calls obsolete is left alone',
  explanation: `"Obsolete: Old code. Something tagged obsolete generally means it has been replaced by a better system
and you should be using that": a change there costs a reviewer's time and is of little use, unless it mends what somebody
still runs into. It is what checkpatch.pl says as OBSOLETE, told once for each file and not of one that is removed.`,
  link: 'https://docs.kernel.org/process/maintainers.html',
  needs: 'tree',
  advice: 'say in the message who needs the change, or leave it out',
  check: async ({ series, scripts }) => {
    const folder = await scripts();
    const sections = (await readMaintainers(folder)).filter(isObsolete);
    const found = new Map<string, Found>();
    for (const patch of series.patches) {
      for (const file of patch.files) {
        const name = pathOf(file);
        const [section] = file.change === 'deleted' ? [] : sectionsOf(name, sections);
        if (section === undefined || found.has(name)) continue;
        const text = `${section.title}, which has ${name}, is "${section.status}" in MAINTAINERS`;
        found.set(name, { place: inFile(patch, file), quote: null, text });
      }
    }
    return [...found.values()];
  },
};
