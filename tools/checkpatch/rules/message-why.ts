// SPDX-License-Identifier: MIT
import { messageParts } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Rule } from '../rule.ts';

/** Fewer words hardly name a reason. */
const LEAST = 6;

export const messageWhy: Rule = {
  id: 'message-why',
  kind: 'series',
  severity: 'note',
  title: 'a message says more than the subject does',
  explanation: `The message is read "weeks, months or even years later, it can give the reader the needed details to grasp the
reasoning for why the patch was created". One that repeats the subject, has less than ${LEAST} words, or only names
the commit that is reverted says nothing of that. Whether a longer one gives a reason is for a person to judge.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'say why the patch is needed',
  check: ({ series }) =>
    series.patches.flatMap(({ index, subject, body }) => {
      const text = messageParts(body)
        .prose.flatMap(({ lines }) => lines)
        .join(' ');
      const own = text.replace(/\bThis reverts commit [0-9a-f]{7,64}( \("[^"]{0,300}"\))?\.?/, '');
      const words = wordsOf(own);
      const place = placed('message', index);
      if (text === '') return [];
      if (words.length === 0)
        return [{ place, quote: null, text: 'the message does not say why it is reverted' }];
      const repeats = ` ${wordsOf(subject).join(' ')} `.includes(` ${words.join(' ')} `);
      if (repeats) return [{ place, quote: null, text: 'the message repeats the subject' }];
      if (words.length >= LEAST) return [];
      const count = words.length === 1 ? 'one word' : `${words.length} words`;
      return [{ place, quote: null, text: `the message has ${count}` }];
    }),
};

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}
