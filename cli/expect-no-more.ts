// SPDX-License-Identifier: MIT
import { RespinError } from '../core/errors.ts';

/** @throws RespinError TOO_MANY_ARGUMENTS (usage) for more words than a verb takes */
export function expectNoMore(args: readonly string[], most: number, usage: string): void {
  if (args.length <= most) return;
  throw new RespinError({
    code: 'TOO_MANY_ARGUMENTS',
    blame: 'usage',
    message: `${args.slice(most).join(' ')} is too much`,
    hint: `respin ${usage}`,
  });
}
