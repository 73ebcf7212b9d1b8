// SPDX-License-Identifier: MIT
import { RespinError } from '../../core/errors.ts';
import type { Person } from '../../core/series.ts';
import { isAddress } from '../../review/out/addresses.ts';
import { run } from '../../system/exec.ts';
import type { Context } from '../command.ts';

/**
 * Who writes mails and signs waivers: `user.name` and `user.email` of git's configuration.
 * @param otherwise what it would come to without a name
 * @throws RespinError NO_IDENTITY (usage)
 */
export async function ownPerson(
  context: Context,
  otherwise = 'the mail would be from nobody',
): Promise<Person> {
  const read = async (key: string): Promise<string> => {
    const { exitCode, stdout } = await run('git', ['config', '--get', key], {
      cwd: context.cwd,
      signal: context.signal,
    });
    return exitCode === 0 ? stdout.trim() : '';
  };
  const [name, email] = [await read('user.name'), await read('user.email')];
  if (name !== '' && isAddress(email)) return { name, email };
  throw new RespinError({
    code: 'NO_IDENTITY',
    blame: 'usage',
    message: `git does not know who you are, so ${otherwise}`,
    hint: 'git config --global user.name "…"; git config --global user.email you@…',
  });
}
