// SPDX-License-Identifier: MIT
import type { Rule } from '../rule.ts';

export const readable: Rule = {
  id: 'readable',
  kind: 'series',
  severity: 'error',
  title: 'every mail is plain text with a whole patch in it, and none is missing',
  explanation: `Mails that a mailer has changed do not apply: HTML, format=flowed, wrapped lines, CRLF line ends of one
half, patches as attachments. respin reads a series as git am would and refuses what cannot be applied; a
series that cannot be read is checked no further.`,
  link: 'https://docs.kernel.org/process/email-clients.html',
  needs: 'mails',
  advice: 'send the series with git send-email',
  // What is not readable never comes to the rules: unreadable.ts makes the finding.
  check: () => [],
};
