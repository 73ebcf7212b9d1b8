// SPDX-License-Identifier: MIT
import type { FileDiff } from '../../../core/series.ts';
import { inFile, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

/** Tests that run against the kernel. Others below tools/testing are built from the kernel's own sources. */
const TESTS = /^tools\/testing\/(?:selftests|vsock)\//;
/** What goes with a test or with the code, and counts for neither. */
const BESIDE = /^(?:tools\/|Documentation\/|MAINTAINERS$|\.)/;

export const selftestsSeparate: Rule = {
  id: 'selftests-separate',
  kind: 'source',
  severity: 'note',
  title: 'a test has a patch of its own',
  explanation: `"Separate each logical change into a separate patch." A test in a patch of its own can be applied to a
kernel without the change, to see it fail there, and a fix can go to stable kernels without it. Netdev's handbook shows a
series in this form: what prepares, what does it, and the selftest last.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#separate-your-changes',
  needs: 'mails',
  advice: 'put the test into a patch of its own, after the change',
  check: ({ series, profile }) =>
    series.patches.flatMap((patch): Found[] => {
      const test = patch.files.find((file) => TESTS.test(pathOf(file)));
      const code = patch.files.find(isKernelFile);
      if (test === undefined || code === undefined) return [];
      return [
        {
          place: inFile(patch, test),
          quote: null,
          text: `a test is changed together with ${pathOf(code)}`,
          severity: profile === 'netdev' ? 'warning' : 'note',
        },
      ];
    }),
};

function isKernelFile(file: FileDiff): boolean {
  return !BESIDE.test(pathOf(file));
}
