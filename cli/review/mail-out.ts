// SPDX-License-Identifier: MIT
/** A written mail → a file, or stdout. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import { formatMail, type OutgoingMail } from '../../review/out/mail-file.ts';
import { outTrouble } from '../../system/file-trouble.ts';
import type { Context } from '../command.ts';

/** @throws RespinError FILE_EXISTS (usage): what is there may be an answer somebody has written; OUT_PATH (usage) */
export async function mailOut(
  context: Context,
  mail: OutgoingMail,
  warnings: readonly string[],
): Promise<void> {
  const text = formatMail(mail);
  const name = context.text('out');
  const file = name === undefined ? null : path.resolve(context.cwd, name);
  if (file !== null) await writeNew(file, text);
  if (context.json) {
    const { body, ...headers } = mail;
    context.printJson({ schema: 'respin.mail/1', file, ...headers, body: body.join('\n'), text, warnings });
    return;
  }
  for (const one of warnings) context.warn(one);
  if (file === null) context.stdout.write(text);
  else context.stdout.write(`${name}: to edit, then git send-email ${name} or mutt -H ${name}\n`);
}

/** @throws RespinError FILE_EXISTS, OUT_PATH (usage) */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw outTrouble(cause, file);
    throw new RespinError({
      code: 'FILE_EXISTS',
      blame: 'usage',
      message: `${file} is there already`,
      hint: 'it may be an answer you have written: remove it, or take another name',
      cause,
    });
  }
}
