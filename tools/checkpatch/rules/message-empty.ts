// SPDX-License-Identifier: MIT
import { messageParts } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

export const messageEmpty: Rule = {
  id: 'message-empty',
  kind: 'series',
  severity: 'error',
  title: 'a patch has a commit message',
  explanation: `"there must be an underlying problem that motivated you to do this work. Convince the reviewer that there is a
problem worth fixing". What stands in the cover letter is not in the tree: every patch says for itself what it
does and why, also when it seems plain.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#describe-your-changes',
  needs: 'mails',
  advice: 'say what is wrong or missing without the patch, and what it does about it',
  check: ({ series }) =>
    series.patches
      .filter(({ body }) => messageParts(body).prose.length === 0)
      .map(({ index, body }) => ({
        place: placed('message', index),
        quote: null,
        text: body.trim() === '' ? 'the message is empty' : 'the message has nothing but trailers',
      })),
};
