// SPDX-License-Identifier: MIT
import { RespinError } from '../../../core/errors.ts';
import { aloneOf } from '../alone.ts';
import { SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

export const applies: Rule = {
  id: 'applies',
  kind: 'series',
  severity: 'error',
  title: 'the series applies to its tree',
  explanation: `A series is made against one tree, and whoever applies it does so with git am. One that does not
apply is not looked at. Rules that need the patched tree cannot tell anything then.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#obtain-a-current-source-tree',
  needs: 'tree',
  advice: 'rebase the series on its tree, and send it as git send-email makes it',
  check: async (input) => {
    try {
      await input.tree();
      return [];
    } catch (error) {
      if (!(error instanceof RespinError) || error.blame !== 'series') throw error;
      const alone = aloneOf(input.series);
      if (alone !== null && alone.index > 1) {
        const why = `${alone.index}/${alone.total} may stand on the patches before it: ${error.message}`;
        return { found: [], unknown: why };
      }
      const { message, hint } = error;
      return [{ place: SERIES, quote: null, text: message, ...(hint === undefined ? {} : { advice: hint }) }];
    }
  },
};
