// SPDX-License-Identifier: MIT
import { run } from '../system/exec.ts';

/**
 * Whether a repository is a partial clone (git-clone(1) --filter): reading an object that it
 * does not have makes git fetch it, which writes into the user's repository.
 */
export async function isPartialClone(repository: string): Promise<boolean> {
  const pattern = '^(extensions\\.partialclone|remote\\..*\\.promisor)$';
  const { exitCode } = await run('git', ['-C', repository, 'config', '--get-regexp', pattern]);
  return exitCode === 0;
}
