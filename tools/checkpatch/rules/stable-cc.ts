// SPDX-License-Identifier: MIT
import type { Patch } from '../../../core/series.ts';
import { placed, SERIES, textLines } from '../places.ts';
import type { CheckInput, Found, Rule } from '../rule.ts';
import { atTrailer, type PatchTrailer, trailersOf } from '../trailers.ts';

/** The second is for fixes that are not public yet, the third keeps the stable team's tools off. */
const ADDRESSES = ['stable@vger.kernel.org', 'stable@kernel.org', 'stable+noautosel@kernel.org'];
const MEANT = /(?:^|[\s<"'])(?:linux-)?stable(?:\+[\w-]{1,40})?(?:@|["']?$)/i;
const SHOWN = 'Cc: stable@vger.kernel.org # 5.10.x';

export const stableCc: Rule = {
  id: 'stable-cc',
  kind: 'series',
  severity: 'warning',
  title: `a fix for stable trees says so as ${SHOWN}`,
  explanation: `The stable team's tools find a fix by the line "Cc: stable@vger.kernel.org" among the trailers of the
commit. What they are to know beside follows behind a #: the oldest version, "# 5.10.x", or what has to be
picked first. Without it they go by Fixes:. A mail to the list does not do it, nor a line below ---. netdev once
wanted no such line; it says now: "Please follow the standard stable rules".`,
  link: 'https://docs.kernel.org/process/stable-kernel-rules.html#option-1',
  needs: 'mails',
  advice: `write it as ${SHOWN}`,
  check: (input) => {
    const { patches } = input.series;
    const found = patches.flatMap((patch) => foundIn(patch, input));
    const tagged = patches.some((patch) => trailersOf(patch).some(isStable));
    return tagged || found.length > 0 ? found : sentWithout(input);
  },
};

function foundIn(patch: Patch, { profile }: CheckInput): Found[] {
  const trailers = trailersOf(patch);
  const tags = trailers.filter(isStable);
  if (tags.length === 0) return belowDashes(patch);
  const found = tags.flatMap((tag) => ofForm(patch, tag));
  const [first] = tags;
  const fixes = trailers.some(({ kind }) => kind === 'Fixes');
  const versioned = tags.some(({ note }) => note !== null && /\d/.test(note));
  const aside = tags.some(({ value }) => /noautosel/i.test(value));
  if (first !== undefined && !fixes && !aside && (profile === 'netdev' || !versioned)) {
    found.push({
      ...atTrailer(patch, first),
      severity: 'note',
      text: 'it is for stable trees, and no Fixes: says since when it is needed',
      advice: profile === 'netdev' ? 'add the Fixes: line' : 'add the Fixes: line, or the version after a #',
    });
  }
  return found;
}

function ofForm(patch: Patch, tag: PatchTrailer): Found[] {
  const at = atTrailer(patch, tag);
  const { person, note, value } = tag;
  if (person === null)
    return [{ ...at, text: `"${value.slice(0, 60)}" is not the address of the stable list` }];
  const email = person.email.toLowerCase();
  if (!ADDRESSES.includes(email)) {
    return [{ ...at, severity: 'error', text: `${person.email} is not the address of the stable list` }];
  }
  if (email.includes('noautosel') && (note === null || !/^#\s{0,9}\S/.test(note))) {
    return [{ ...at, text: 'the reason is missing', advice: 'say after a # why it is not for stable trees' }];
  }
  if (note === null || note.startsWith('#')) return [];
  return [{ ...at, text: `"${note.slice(0, 60)}" follows the address without a #` }];
}

/** send-email copies the list, and git am drops the line. */
function belowDashes({ index, notes }: Patch): Found[] {
  for (const { line, text } of textLines(notes)) {
    if (!/^cc:/i.test(text) || !ADDRESSES.some((one) => text.toLowerCase().includes(one))) continue;
    return [
      {
        place: placed('notes', index, line),
        quote: text,
        severity: 'note',
        text: 'the Cc: of the stable list stands below ---, where git am drops it',
        advice: 'move it above ---, or take it out',
      },
    ];
  }
  return [];
}

function sentWithout({ series, mails }: CheckInput): Found[] | { notForThis: string } {
  const copied = mails.some(({ to, cc }) =>
    [...to, ...cc].some(({ email }) => email.toLowerCase() === ADDRESSES[0]),
  );
  if (!copied) return { notForThis: 'it is not for stable trees' };
  // [PATCH 5.10.y]: a backport is sent to the list as it is.
  if (series.patches.some(({ prefixes }) => prefixes.some((word) => /\d\.\d|stable/i.test(word)))) return [];
  return [
    {
      place: SERIES,
      quote: null,
      severity: 'note',
      text: 'it was sent to the stable list, and no patch has the Cc: line',
      advice: `what is for stable trees has the line ${SHOWN}`,
    },
  ];
}

function isStable({ kind, value }: PatchTrailer): boolean {
  return kind === 'Cc' && MEANT.test(value.split('#', 1)[0]?.trim() ?? '');
}
