// SPDX-License-Identifier: MIT
import { fixesOf } from '../fixes.ts';
import { messageParts, readTrailer } from '../message-parts.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const fixesBlankLine: Rule = {
  id: 'fixes-blank-line',
  kind: 'series',
  severity: 'warning',
  title: 'a Fixes: line stands among the other trailers, without a blank line between',
  explanation: `Trailers are the last paragraph of a message, and git and the bots read that paragraph only: a Fixes: line above
a blank line is none for them. netdev's checks reject it.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'move it directly above the Signed-off-by:',
  check: ({ series }) =>
    series.patches.flatMap(({ index, body }) => {
      const { tail } = messageParts(body);
      const last = tail.at(-1);
      const lines = body.split('\n');
      return fixesOf(body).flatMap(({ line, text, split }): Found[] => {
        if (last === undefined || line >= last.start) return [];
        // In the middle of a paragraph it has a blank line only where that ends.
        const below = lines[line + (split ? 1 : 0)] ?? '';
        const apart = below.trim() === '' || readTrailer(below) === null;
        if (!apart) return [];
        const what = 'the Fixes: line is apart from the trailers below';
        return [{ place: placed('message', index, line), quote: text, text: what }];
      });
    }),
};
