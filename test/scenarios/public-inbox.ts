// SPDX-License-Identifier: MIT
/** For the scenarios: a real public-inbox server on loopback, in a home of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, runOk } from '../../system/exec.ts';

export interface PublicInbox extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/LIST/` */
  list: string;
  /** Brings a mail to the list, as a mail server would. */
  deliver(mail: Uint8Array): Promise<void>;
}

const START = 60_000;

/** Whether Debian's package is there, with all that its server needs. */
export async function hasPublicInbox(): Promise<boolean> {
  const found = await run('sh', ['-c', 'command -v public-inbox-init public-inbox-mda public-inbox-httpd']);
  return found.exitCode === 0;
}

/**
 * Starts a server with one empty list. It ends when it is disposed of or this process dies, by
 * whatever signal. Its port is any that is free; it says which in its log.
 */
export async function startPublicInbox(list: string): Promise<PublicInbox> {
  const home = await mkdtemp(path.join(tmpdir(), 'respin-public-inbox-'));
  const config = path.join(home, 'config');
  const env = { HOME: home, XDG_CACHE_HOME: home, PI_DIR: home, PI_CONFIG: config };
  const address = `${list}@example.org`;
  // By default it would ask SpamAssassin.
  await writeFile(config, '[publicinboxmda]\n\tspamcheck = none\n');
  const place = path.join(home, list);
  await runOk('public-inbox-init', ['-V2', list, place, `http://127.0.0.1/${list}`, address], { env });

  const stop = new AbortController();
  const log: string[] = [];
  let bound: (base: string) => void = () => {};
  const base = new Promise<string>((resolve) => {
    bound = resolve;
  });
  const ended = run('public-inbox-httpd', ['-W0', '-l', 'http://127.0.0.1:0/'], {
    env,
    signal: stop.signal,
    onLine: (line) => {
      log.push(line);
      const found = /bound (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (found !== undefined) bound(found);
    },
  }).then(
    (result) => `status ${result.exitCode}`,
    (error: unknown) => String(error),
  );
  const dispose = async (): Promise<void> => {
    stop.abort();
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('too slow'), START);
  });
  const first = await Promise.race([base, ended, late]);
  clearTimeout(timer);
  if (!first.startsWith('http:')) {
    await dispose();
    throw new Error(`public-inbox-httpd did not start: ${first}\n${log.join('\n')}`);
  }
  return {
    list: `${first}/${list}/`,
    deliver: async (mail) => {
      const to = { ...env, ORIGINAL_RECIPIENT: address };
      await runOk('public-inbox-mda', ['--no-precheck'], { env: to, input: mail });
    },
    [Symbol.asyncDispose]: dispose,
  };
}
