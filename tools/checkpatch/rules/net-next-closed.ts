// SPDX-License-Identifier: MIT
import { SERIES } from '../places.ts';
import type { Rule } from '../rule.ts';

export const netNextClosed: Rule = {
  id: 'net-next-closed',
  kind: 'series',
  severity: 'error',
  title: 'nothing but RFC goes to net-next while it is closed',
  explanation: `During the merge window net-next is closed: what is posted then is not looked at and has to be posted again.
"RFC patches sent for review only are obviously welcome at any time". respin asks no server: say how things stand
with --net-next or the setting net-next: open, closed, the days it is closed as 2026-12-07..2026-12-20, or a copy
of the status page, https://netdev.bots.linux.dev/net-next.html, saved to a file.`,
  link: 'https://docs.kernel.org/process/maintainer-netdev.html#git-trees-and-patch-flow',
  needs: 'mails',
  profile: 'netdev',
  advice: 'post it when net-next is open again, or now as RFC',
  check: ({ series, netNext }) => {
    const prefixes = series.patches.flatMap((patch) => patch.prefixes.map((word) => word.toLowerCase()));
    if (!prefixes.includes('net-next')) return { notForThis: 'it is not for net-next' };
    if (prefixes.includes('rfc')) return { notForThis: 'RFC may be posted at any time' };
    if (netNext === null) return { notForThis: 'nobody said whether net-next is open (--net-next)' };
    if (netNext.open) return [];
    return [{ place: SERIES, quote: null, text: `net-next is closed, says ${netNext.source}` }];
  },
};
