// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { readReview } from '../../review/store/read-review.ts';
import { readMailSet } from '../../review/store/series-mails.ts';
import { changeState } from '../../review/store/state.ts';
import type { Context } from '../command.ts';
import { seriesFolder } from './which-series.ts';

/** `respin review link MSGID vN`: the posting this mail is of is that version, whatever its subject says. */
export async function link(context: Context, [given = '', version = '']: string[]): Promise<ExitCode> {
  const id = given.replace(/^<|>$/g, '');
  if (!/^(?:rfc-)?v[1-9]\d{0,3}$/.test(version)) {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `"${printable(version)}" is not a version`,
      hint: 'versions are v1, v2 and so on, or rfc-v1',
    });
  }
  const folder = await seriesFolder(context);
  const mail = (await readMailSet(folder)).mails.find(({ messageId }) => messageId === id);
  if (mail === undefined || (mail.role !== 'patch' && mail.role !== 'cover')) {
    throw new RespinError({
      code: 'MAIL_UNKNOWN',
      blame: 'usage',
      message: `${printable(id)} is no patch or cover letter of this series`,
      hint: 'import it with --series NAME first; respin review show --json has the Message-IDs',
    });
  }
  await changeState(folder, (state) => void state.links.set(id, version), context.signal);
  const review = await readReview(folder);
  const versions = review.versions.map((one) => one.version).join(' ');
  if (context.json) context.printJson({ schema: 'respin.link/1', messageId: id, version, versions });
  else context.stdout.write(`${printable(mail.subject.subject)} is ${version}; the series has ${versions}\n`);
  return 0;
}
