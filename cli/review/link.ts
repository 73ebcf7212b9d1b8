// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import { isVersionName, VERSION_HINT } from '../../core/version-name.ts';
import { readSeriesToml } from '../../patches/series-folder.ts';
import type { VersionPatches } from '../../review/build/version-patches.ts';
import { positionOf } from '../../review/mails/group-series.ts';
import type { ReviewMail } from '../../review/mails/mail.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import { readMailSet } from '../../review/store/series-mails.ts';
import { changeState } from '../../review/store/state.ts';
import type { Context } from '../command.ts';
import { seriesFolder } from './which-series.ts';

/**
 * `respin review link MSGID vN`: the posting this mail is of is that version, whatever its subject says.
 * `link MSGID none` takes that back.
 */
export async function link(context: Context, [given = '', version = '']: string[]): Promise<ExitCode> {
  const id = given.replace(/^<|>$/g, '');
  if (version !== 'none' && !isVersionName(version)) {
    throw new RespinError({
      code: 'SERIES_VERSION',
      blame: 'usage',
      message: `"${printable(version)}" is not a version`,
      hint: `${VERSION_HINT}; none takes a link back`,
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
  if (version !== 'none') refuseTaken((await readWholeReview(folder)).versions, mail, version);
  const changed = await changeState(
    folder,
    ({ links }) => (version === 'none' ? links.delete(id) : links.set(id, version) !== undefined),
    context.signal,
  );
  if (!changed) {
    throw new RespinError({
      code: 'LINK_UNKNOWN',
      blame: 'usage',
      message: `nobody has linked ${printable(id)} to a version`,
      hint: 'the links are in review.toml, in the folder of the series',
    });
  }
  const now = await readWholeReview(folder);
  const versions = now.versions.map((one) => one.version).join(' ');
  const is = now.versions.find(({ mails }) => mails.positions.has(id))?.version ?? version;
  const { versions: listed } = await readSeriesToml(folder);
  if (!listed.some((one) => one.version === is)) {
    context.warn(`series.toml does not list ${is}: run and check take it when it does`);
  }
  if (context.json) context.printJson({ schema: 'respin.link/1', messageId: id, version: is, versions });
  else context.stdout.write(`${printable(mail.subject.subject)} is ${is}; the series has ${versions}\n`);
  return 0;
}

/** Two postings under one name would be one of which half is lost; the rest of a posting may join it. */
function refuseTaken(versions: readonly VersionPatches[], mail: ReviewMail, version: string): void {
  const own = versions.find(({ mails }) => mails.positions.has(mail.messageId));
  const there = versions.find((one) => one.version === version);
  if (own === undefined || there === undefined || own === there) return;
  const taken = new Set(there.mails.positions.values());
  if (!own.mails.posting.mails.some((one) => taken.has(positionOf(one, own.mails.posting)))) return;
  const other = there.mails.posting.mails[0];
  throw new RespinError({
    code: 'VERSION_TAKEN',
    blame: 'usage',
    message: `${version} is another posting already: "${printable(there.mails.posting.title)}"`,
    hint: `first say what that one is: respin review link ${printable(other?.messageId ?? 'MSGID')} vN`,
  });
}
