// SPDX-License-Identifier: MIT
/** The two ways in which a diff can be broken. */
import { RespinError } from '../core/errors.ts';

/** A part of the patch is missing. */
export function truncated(message: string): RespinError {
  return new RespinError({
    code: 'PATCH_TRUNCATED',
    blame: 'series',
    message,
    hint: 'part of the patch is missing: get the mail again, or make the patch again with git format-patch',
  });
}

/** Something in the patch is not as git wrote it. */
export function damaged(message: string): RespinError {
  return new RespinError({
    code: 'MAIL_DAMAGED',
    blame: 'series',
    message,
    hint: 'a mailer has wrapped lines or changed white space: send with git send-email, not pasted into a mail program',
  });
}
