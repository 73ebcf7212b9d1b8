// SPDX-License-Identifier: MIT
/** A thread on a public-inbox server (lore.kernel.org is one) → its mails, out of its `t.mbox.gz`. */
import { isFromLine } from '../../patches/mbox.ts';
import { unpacked } from './chunks.ts';
import { type DownloadOptions, download, type Fetch, type WebLimits } from './download.ts';
import { notMail } from './download-errors.ts';
import { mailsOfBlocks } from './mbox-file.ts';
import type { RawMail, Reading } from './reading.ts';
import { parseThreadUrl, threadAddress } from './web-address.ts';

/**
 * Fetches a thread whole, then cuts it: half of one would look like one in which nobody answered.
 * @throws RespinError SOURCE_ADDRESS, SOURCE_NOT_FOUND, SOURCE_NOT_MAIL, SOURCE_TOO_LARGE (usage),
 *   SOURCE_OUT_OF_REACH, SOURCE_REFUSED, SOURCE_DAMAGED (machine), INTERRUPTED
 */
export async function* mailsOfThread(
  source: string,
  { fetch, limits }: { fetch: Fetch; limits: WebLimits },
  reading: Reading,
): AsyncGenerator<RawMail, void, void> {
  const { thread, fetch: url } = threadAddress(source);
  const onBytes: DownloadOptions['onBytes'] = (bytes, total) => {
    Object.assign(reading.progress, { bytes, total });
    reading.tell();
  };
  const bytes = await download(url, { fetch, limits, signal: reading.signal, redirect: redirected, onBytes });
  const blocks = unpacked(inParts(bytes), { shown: thread, blame: 'machine', limit: limits.unpacked });
  yield* mailsOfBlocks(onlyMbox(blocks, url), { shown: thread, quoting: 'mboxrd' }, reading);
}

/** A server may send on to the page of the thread, and not to its mbox. */
function redirected(target: URL): string | null {
  if (!/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') return null;
  return parseThreadUrl(target)?.fetch ?? target.href;
}

async function* inParts(bytes: Buffer): AsyncGenerator<Buffer> {
  const part = 1 << 20;
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}

/** A file may be any text, what a server says for a thread may not. */
async function* onlyMbox(blocks: AsyncIterable<Buffer>, url: string): AsyncGenerator<Buffer> {
  let first = true;
  for await (const block of blocks) {
    if (first && !isFromLine(block, 0)) throw notMail(url);
    first = false;
    yield block;
  }
  if (first) throw notMail(url);
}
