// SPDX-License-Identifier: MIT
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

/** `vsock/virtio: `, `perf tools: `, `x86/mm, kexec: `, `Revert "vsock: …"`. */
const PREFIX = /^(?:(?:partially )?revert ")?[^\s:"][^:"]{0,59}: ?\S/i;
const NO_BLANK = /^(?:Revert ")?[^\s:"]{1,40}:[^\s:]/;

export const subjectPrefix: Rule = {
  id: 'subject-prefix',
  kind: 'series',
  severity: 'warning',
  title: 'a subject begins with its subsystem: `vsock/virtio: …`',
  explanation: `"The subsystem in the email's Subject should identify which area or subsystem of the kernel is being patched."
People look through lists and logs by it. What the subsystem is called there, git log --oneline of the files tells.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'begin it as git log --oneline shows others for these files',
  check: ({ series }) =>
    series.patches.flatMap(({ index, subject }) => {
      const place = placed('subject', index);
      if (!PREFIX.test(subject)) return [{ place, quote: subject, text: 'the subject names no subsystem' }];
      if (!NO_BLANK.test(subject)) return [];
      return [{ place, quote: subject, text: 'no space follows the subsystem', advice: 'put one there' }];
    }),
};
