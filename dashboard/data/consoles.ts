// SPDX-License-Identifier: MIT
/** The consoles of a run that is over, from the logs of its record. */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Machine } from '../../core/run.ts';

/** Of a log its end is read: more than anybody reads in a terminal. */
const MOST_BYTES = 1024 * 1024;

/** Of each machine, the consoles of all its boots one after the other. A log that is not there has no lines. */
export async function readConsoles(dir: string): Promise<Record<Machine, string[]>> {
  const logs = path.join(dir, 'logs');
  const names = (await readdir(logs).catch(() => [])).sort();
  const of = async (machine: Machine): Promise<string[]> => {
    const found = names.filter((name) => name.endsWith(`${machine}-console.log`));
    const texts = await Promise.all(found.map(async (name) => await endOf(path.join(logs, name))));
    return texts.flatMap((text, at) => [
      ...(found.length > 1 ? [`== ${found[at]}`] : []),
      ...text.replace(/\r/g, '').trimEnd().split('\n'),
    ]);
  };
  return { host: await of('host'), guest: await of('guest') };
}

async function endOf(file: string): Promise<string> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const from = Math.max(0, size - MOST_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
  return buffer.toString('utf8', 0, bytesRead);
}
