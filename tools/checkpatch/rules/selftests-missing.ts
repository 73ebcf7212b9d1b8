// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import { inFile, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const TEST = /^tools\/testing\/|(?:_test|_kunit|-test)\.c$|\/tests?\//;
const UAPI = /(?:^|\/)include\/uapi\//;
const NETDEVSIM = /^drivers\/net\/netdevsim\//;
/** Fewer lines are not a feature. */
const FEATURE = 10;

export const selftestsMissing: Rule = {
  id: 'selftests-missing',
  kind: 'source',
  severity: 'note',
  title: 'a new interface comes with a test',
  explanation: `Netdev expects that a series "contains a set of kernel selftest" or uses KUnit. Whether a change needs
one is for people; two cases show in the diff: what user space can newly ask for, and netdevsim, which "is reserved for
use by upstream tests only, so any new netdevsim features must be accompanied by selftests". Fixes are left out.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#expected-level-of-testing',
  needs: 'mails',
  profile: 'netdev',
  advice: 'add a selftest as the last patch, or say in the cover letter where the test is',
  ofSeries: true,
  check: ({ series }) => {
    const all = series.patches.flatMap(({ files }) => files.map(pathOf));
    if (all.some((path) => TEST.test(path))) return [];
    const news = series.patches.filter(({ body }) => !/^Fixes:/m.test(body));
    const uapi = first(news, UAPI, 1);
    const netdevsim = first(news, NETDEVSIM, FEATURE);
    return [
      ...uapi.map((one) => ({ ...one, text: 'the series adds to the user-space interface and has no test' })),
      ...netdevsim.map((one) => ({ ...one, text: 'the series adds to netdevsim and has no test' })),
    ];
  },
};

/** The first file of the kind that a patch makes longer by so many lines. */
function first(patches: readonly Patch[], wanted: RegExp, least: number): Omit<Found, 'text'>[] {
  for (const patch of patches) {
    for (const file of patch.files) {
      if (!wanted.test(pathOf(file))) continue;
      const lines = file.hunks.flatMap((hunk) => hunk.lines.map(({ kind }) => kind));
      const more =
        lines.filter((kind) => kind === 'add').length - lines.filter((kind) => kind === 'del').length;
      if (more >= least) return [{ place: inFile(patch, file), quote: null }];
    }
  }
  return [];
}
