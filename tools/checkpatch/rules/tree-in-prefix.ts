// SPDX-License-Identifier: MIT

import { parseSubject } from '../../../patches/subject.ts';
import { isNetdevs } from '../netdev-files.ts';
import { notMailsYet } from '../not-mails-yet.ts';
import { placed, SERIES } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const OWN = /^net(?:-next)?$/i;
/** Trees beside netdev's own whose series are copied to its list: `bpf-next`, `nf`, `wireless-next`, `iwl-net`. */
const OTHER =
  /^(?:bpf|nf|ipsec|wireless|wifi|iwlwifi|ath|mt76|can|rdma|batadv|bluetooth|iwl-net|[a-z0-9-]+-(?:next|fixes))$/i;

const ADVICE =
  "make the mails with git format-patch --subject-prefix='PATCH net-next' (or 'PATCH net' for fixes)";

export const treeInPrefix: Rule = {
  id: 'tree-in-prefix',
  kind: 'series',
  severity: 'error',
  title: 'every subject names the tree, net or net-next, and all the same one',
  explanation: `Maintainers and the bots that build every posting go by the words in brackets: "you should explicitly
mark which tree your patch is targeting". net takes fixes of what is in mainline, net-next all that is new;
both are spelled in lower case. RFC may stand beside the tree. Series for another tree that are only copied
to netdev, such as bpf-next, name that one. A series that touches netdev's files alone and names no tree is
warned of under the generic rules, too.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#indicating-target-tree',
  needs: 'mails',
  advice: ADVICE,
  check: ({ series, mails, setting, profile }) => {
    const early = notMailsYet(series);
    if (early !== null) return early;
    const named = mails.map(({ patch, subject }) => {
      const { prefixes } = parseSubject(subject);
      const tree = prefixes.find((word) => OWN.test(word)) ?? null;
      return { patch, subject, tree, other: prefixes.find((word) => OTHER.test(word)) };
    });
    const elsewhere = named.find(({ tree, other }) => tree === null && other !== undefined)?.other;
    if (elsewhere !== undefined && named.every(({ tree }) => tree === null)) {
      return { notForThis: `it is for ${elsewhere}` };
    }
    const first = named.find(({ tree }) => tree !== null)?.tree?.toLowerCase();
    if (first === undefined) {
      const text =
        mails.length === 1
          ? 'the subject names neither net nor net-next'
          : `none of the ${mails.length} subjects names net or net-next`;
      if (profile === 'netdev') return [{ place: SERIES, quote: null, text }];
      if (!isNetdevs(series)) return { notForThis: 'it is not for netdev alone' };
      const advice = `${ADVICE}; respin check --profile netdev asks its other rules`;
      return [{ place: SERIES, quote: null, text, advice, severity: 'warning' }];
    }
    const found: Found[] = named.flatMap(({ patch, subject, tree }) => {
      const text =
        tree === null
          ? `the subject names no tree, others say ${first}`
          : tree.toLowerCase() !== first
            ? `the subject says ${tree}, others say ${first}`
            : tree !== first
              ? `the tree is spelled ${tree}, not ${first}`
              : null;
      return text === null ? [] : [{ place: placed('subject', patch), quote: subject, text }];
    });
    const { prefix } = setting;
    if (prefix !== null && OWN.test(prefix) && prefix !== first) {
      const text = `the mails say ${first}, series.toml says ${prefix}`;
      const advice = 'fix the one that is wrong';
      found.push({ place: SERIES, quote: null, text, advice, severity: 'warning' });
    }
    return found;
  },
};
