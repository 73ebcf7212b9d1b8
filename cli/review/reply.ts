// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Comment } from '../../core/review.ts';
import { findWords } from '../../review/out/find-words.ts';
import { replyMail } from '../../review/out/reply-mail.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import type { Context } from '../command.ts';
import { findComment } from './decide.ts';
import { mailOut } from './mail-out.ts';
import { ownPerson } from './own-person.ts';

/** `respin review reply ID [--to MSGID] [--out FILE]` */
export async function reply(context: Context, [id = '']: string[]): Promise<ExitCode> {
  const self = await ownPerson(context);
  const { folder, comment } = await findComment(context, id);
  const to = context.text('to')?.replace(/^<|>$/g, '') ?? null;
  const { comments } = await readWholeReview(folder);
  const words = findWords(comments, comment, to);
  if (words === null) throw noSuchMail(comment, to);
  const { mail, warnings } = await replyMail(words, self);
  if (to === null) warnings.push(...laterWords(comment, self.email));
  await mailOut(context, mail, warnings);
  return 0;
}

/** Who answers the comment itself should know that others did. */
function laterWords(comment: Comment, own: string): string[] {
  const last = comment.replies.at(-1);
  if (last === undefined || last.author.email.toLowerCase() === own.toLowerCase()) return [];
  const name = printable(last.author.name);
  return [`${name} has answered this comment as well: --to ${printable(last.messageId)} answers that`];
}

function noSuchMail(comment: Comment, to: string | null): RespinError {
  const ids = [...new Set(comment.replies.map(({ messageId }) => messageId))];
  return new RespinError({
    code: 'MAIL_UNKNOWN',
    blame: 'usage',
    message:
      to === null
        ? `the mail of ${comment.id} cannot be found`
        : `${printable(to)} says nothing under ${comment.id}`,
    hint:
      ids.length === 0
        ? 'nobody has answered this comment; without --to it is the comment that is answered'
        : `--to takes ${ids.slice(0, 5).map(printable).join(', ')}`,
  });
}
