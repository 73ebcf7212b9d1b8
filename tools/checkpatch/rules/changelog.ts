// SPDX-License-Identifier: MIT
import type { Review } from '../../../core/review.ts';
import type { Series } from '../../../core/series.ts';
import { versionNumber } from '../../../core/version-name.ts';
import { changelogLines } from '../changelog-lines.ts';
import { placed, SERIES } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const LINK =
  /https?:\/\/\S{0,400}(?:@|lore\.kernel\.org|patch\.msgid\.link|patchwork|patchew|marc\.info|mail-archive|spinics)/i;
/** `Message-ID: <…>` or an id that has digits as ids have, and addresses seldom. */
const MESSAGE_ID = /message-id|<[^\s<>@]{0,200}\d{6}[^\s<>@]{0,200}@[^\s<>]{1,200}>/i;

export const changelog: Rule = {
  id: 'changelog',
  kind: 'series',
  severity: 'warning',
  title:
    'from v2 on a changelog says what changed, below --- or in the cover letter, with a link to the last version',
  explanation: `Who has read the last version wants to read only what is new: "add a patch changelog to the cover letter or
to individual patches explaining difference against previous submission". It stands below the --- line, because
git am keeps what is above: "The version information is not part of the changelog which gets committed to the
git tree." netdev asks for a link to the previous posting, too. Some subsystems (DRM) keep it in the message.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#the-canonical-patch-format',
  needs: 'mails',
  advice: 'write it below the --- line of the patches that changed, or into the cover letter',
  ofSeries: true,
  check: ({ series, review, profile }) => {
    const inMessages = series.patches.flatMap(({ index, body }): Found[] =>
      changelogLines(body, false).map(({ line, text }) => ({
        place: placed('message', index, line),
        quote: text,
        text: `the changelog of the series stands in the commit message`,
        advice: 'move it below the --- line',
        severity: profile === 'netdev' ? 'warning' : 'note',
      })),
    );
    const own = versionNumber(series.version);
    const resent = series.patches.some(({ prefixes }) => prefixes.some((word) => /^resend$/i.test(word)));
    if (own < 2 || resent) return firstOfEach(inMessages);
    const texts = textsOf(series);
    const told =
      inMessages.length > 0 ||
      texts.some((text) => changelogLines(text, true).some(({ versions }) => isOf(versions, own))) ||
      review.versions.some(({ version, changelog: logs }) => version === series.version && logs.length > 0);
    if (!told) {
      const text = `${series.version} does not say what changed since v${own - 1}`;
      return [{ place: SERIES, quote: null, text }];
    }
    return [...firstOfEach(inMessages), ...missingLink(series, texts, review)];
  },
};

/** Notes and cover letter, and messages for a changelog that stands there. */
function textsOf({ cover, patches }: Series): string[] {
  return [cover?.body ?? '', ...patches.map(({ notes }) => notes)];
}

/** `Changes since v1` is of v2, `v1 -> v2` and `v2:` are, and `Changelog:` is of whatever it stands in. */
function isOf(versions: readonly number[], own: number): boolean {
  return versions.length === 0 || versions.includes(own) || versions.includes(own - 1);
}

/** A changelog of five versions is in the wrong place once. */
function firstOfEach(found: readonly Found[]): Found[] {
  return found.filter(({ place }, at) => found[at - 1]?.place.patch !== place.patch);
}

function missingLink(series: Series, texts: readonly string[], review: Review): Found[] {
  const all = [...texts, ...series.patches.map(({ body }) => body.replace(/^(?:Link|Closes):.*$/gim, ''))];
  const ids = review.versions
    .filter(({ version }) => version !== series.version)
    .flatMap(({ cover, patches }) => [cover, ...patches].flatMap((mail) => mail?.messageId ?? []));
  const linked = all.some(
    (text) => LINK.test(text) || MESSAGE_ID.test(text) || ids.some((id) => text.includes(id)),
  );
  if (linked) return [];
  return [
    {
      place: SERIES,
      quote: null,
      text: 'nothing links to the last version',
      advice:
        "add https://lore.kernel.org/ and the Message-ID of its cover letter to the changelog's heading",
      severity: 'note',
    },
  ];
}
