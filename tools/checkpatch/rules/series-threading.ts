// SPDX-License-Identifier: MIT
import type { Review } from '../../../core/review.ts';
import { placed } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

export const seriesThreading: Rule = {
  id: 'series-threading',
  kind: 'series',
  severity: 'warning',
  title: 'the patches answer the cover letter, or the first patch, and that answers no older version',
  explanation: `A series is one thread on the list: "the second and following parts of a multi-part patch should be sent
as a reply to the first part". Not each as a reply to the one before, which nests too deep, and not as a reply
to the last version: "The new version of patches should be posted as a separate thread". Patches that were never
mailed have no Message-ID and are not looked at.`,
  link: 'https://docs.kernel.org/process/5.Posting.html#sending-the-patch',
  needs: 'mails',
  advice: 'send all mails at once with git send-email, without --chain-reply-to and --in-reply-to',
  ofSeries: true,
  check: ({ series, mails, review, profile }) => {
    if (mails.some(({ messageId }) => messageId === null)) return { notForThis: 'it was not mailed yet' };
    const [root, ...others] = mails;
    if (root === undefined) return [];
    const ids = new Map(mails.map(({ patch, messageId }) => [messageId, patch]));
    const name = root.patch === 0 ? 'the cover letter' : 'patch 1';
    const found = others.flatMap(({ patch, inReplyTo }): Found[] => {
      if (inReplyTo === root.messageId) return [];
      const answered = inReplyTo === null ? undefined : ids.get(inReplyTo);
      const what =
        inReplyTo === null
          ? 'answers nothing'
          : answered === undefined
            ? 'answers a mail of another thread'
            : `answers patch ${answered}`;
      return [{ place: placed('mail', patch), quote: null, text: `patch ${patch} ${what}, not ${name}` }];
    });
    const older = root.inReplyTo === null ? null : versionOf(root.inReplyTo, review);
    if (older !== null && older !== series.version) {
      found.push({
        place: placed('mail', root.patch),
        quote: null,
        text: `${name} answers a mail of ${older}`,
        advice: 'post the new version as a thread of its own, with a link to the last one',
        severity: profile === 'netdev' ? 'warning' : 'note',
      });
    }
    return found;
  },
};

/** The version that the mail is of, or is a reply to. */
function versionOf(messageId: string, review: Review): string | null {
  for (const { version, cover, patches } of review.versions) {
    if ([cover, ...patches].some((mail) => mail?.messageId === messageId)) return version;
  }
  const said = review.comments.find(
    (comment) =>
      comment.messageId === messageId || comment.replies.some((reply) => reply.messageId === messageId),
  );
  return said?.version ?? null;
}
