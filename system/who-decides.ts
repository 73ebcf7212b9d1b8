// SPDX-License-Identifier: MIT
import { userInfo } from 'node:os';
import { run } from './exec.ts';

/** The user's name as git would sign it, so that a file says the same as the log; else that of the account. */
export async function whoDecides(cwd: string, signal?: AbortSignal): Promise<string> {
  const options = { cwd, ...(signal === undefined ? {} : { signal }) };
  const name = await run('git', ['config', 'user.name'], options)
    .then(({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim() : ''))
    .catch(() => '');
  return name === '' ? userInfo().username : name;
}
