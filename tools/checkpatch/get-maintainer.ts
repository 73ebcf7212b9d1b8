// SPDX-License-Identifier: MIT
/** Whom a patch goes to, as the tree's own scripts/get_maintainer.pl says. */
import { RespinError } from '../../core/errors.ts';
import { GET_MAINTAINER } from '../../kernel-tree/script-tree.ts';
import { readPerson } from '../../patches/trailer-person.ts';
import { run, tail } from '../../system/exec.ts';

export interface Recipient {
  name: string;
  /** In lower case. */
  email: string;
  kind: 'maintainer' | 'reviewer' | 'list';
  /** As a person says it: `maintainer of VIRTIO AND VHOST VSOCK DRIVER`. */
  role: string;
}

/**
 * @param scripts the folder of scriptTree, with the touched files
 * @param mail of a patch, or of several: decoded
 * @throws RespinError TOOL_MISSING, GET_MAINTAINER (machine), INTERRUPTED
 */
export async function recipientsOf(scripts: string, mail: string, signal: AbortSignal): Promise<Recipient[]> {
  const { exitCode, stdout, stderr } = await run(
    'perl',
    [GET_MAINTAINER, '--nogit', '--nogit-fallback', '--norolestats', '--roles'],
    // A .get_maintainer.conf at home is the user's taste.
    { cwd: scripts, input: mail, env: { HOME: scripts }, signal },
  ).catch((error: unknown) => {
    throw error instanceof RespinError && error.code === 'TOOL_MISSING'
      ? perlMissing(error.message, error)
      : error;
  });
  if (exitCode === 0) return recipientsIn(stdout);
  if (/Can't locate \S{1,80} in @INC/.test(stderr)) throw perlMissing(tail(stderr, 1));
  throw new RespinError({
    code: 'GET_MAINTAINER',
    blame: 'machine',
    message: `get_maintainer.pl failed: ${tail(stderr, 1)}`,
    detail: tail(stderr, 20),
  });
}

function perlMissing(message: string, cause?: unknown): RespinError {
  return new RespinError({
    code: 'TOOL_MISSING',
    blame: 'machine',
    message,
    hint: 'apt-get install perl',
    cause,
  });
}

/** Lines like `"M. Falk" <mira@example.org> (maintainer:VSOCK (VM),reviewer:NET)`, each address once. */
export function recipientsIn(output: string): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const line of output.split('\n')) {
    const { person, rest } = readPerson(line);
    const role = /^\((.*)\)$/.exec(rest)?.[1];
    const email = person?.email.toLowerCase();
    if (person === null || email === undefined || role === undefined || found.has(email)) continue;
    const said = role.replace(/^([a-z][a-z ]{0,40}):/, '$1 of ');
    found.set(email, { name: person.name, email, kind: kindOf(role), role: said });
  }
  return [...found.values()];
}

function kindOf(roles: string): Recipient['kind'] {
  if (/^[a-z ]{0,30}\blist\b/.test(roles)) return 'list';
  return /(?:^|,)(?:maintainer|supporter|odd fixer)(?::|$)/.test(roles) ? 'maintainer' : 'reviewer';
}
