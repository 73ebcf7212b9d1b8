// SPDX-License-Identifier: MIT
/** Whether net-next takes patches, by what the user says: respin asks no server. */
import { stat } from 'node:fs/promises';
import { RespinError } from '../../core/errors.ts';
import { readBytes } from '../../patches/series-folder.ts';
import type { CheckInput } from '../../tools/checkpatch/rule.ts';

/** The page has a few hundred words; of another file no more is read through. */
const LONGEST = 200_000;

/**
 * @param said as the setting net-next holds it; null when it is not set
 * @param origin where it was said, for messages
 * @throws RespinError BAD_SETTING (usage) for days that are none and for a page that does not say,
 *   FILE_UNREADABLE
 */
export async function netNextState(
  said: string | null,
  origin: string,
  now: Date,
): Promise<CheckInput['netNext']> {
  const source = origin === 'flag' ? '--net-next' : origin;
  if (said === null) return null;
  if (said === 'open' || said === 'closed') return { open: said === 'open', source };
  const days = /^([\d-]+)\.\.([\d-]+)$/.exec(said);
  if (days === null) return await ofPage(said, source);
  const [, first = '', last = ''] = days;
  if (!isDay(first) || !isDay(last) || last < first) {
    throw wrong(source, `${said} is not the first and the last day that net-next is closed`);
  }
  const today = now.toISOString().slice(0, 10);
  return { open: today < first || today > last, source: `${source}: ${said}` };
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && date.toJSON()?.startsWith(text) === true;
}

/** The page says it in words, or in the name of the picture of a door sign. */
async function ofPage(file: string, source: string): Promise<CheckInput['netNext']> {
  const text = Buffer.from(await readBytes(file))
    .toString('utf8')
    .slice(0, LONGEST);
  const states = [text.replace(/<[^<>]*>/g, ' '), text].map((one) => {
    const open = /\bopen\b(?!\()/i.test(one);
    return open === /\bclosed\b/i.test(one) ? null : open;
  });
  const open = states.find((state) => state !== null);
  if (open === undefined) throw wrong(source, `${file} does not say whether net-next is open or closed`);
  const saved = (await stat(file)).mtime.toISOString().slice(0, 10);
  return { open, source: `${file} of ${saved}` };
}

function wrong(source: string, what: string): RespinError {
  return new RespinError({
    code: 'BAD_SETTING',
    blame: 'usage',
    message: `${source}: ${what}`,
    hint: 'net-next is to be open, closed, days such as 2026-12-07..2026-12-20, or a saved copy of https://netdev.bots.linux.dev/net-next.html',
  });
}
