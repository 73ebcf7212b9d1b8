// SPDX-License-Identifier: MIT
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { RunRecord } from '../../core/run.ts';
import type { Context } from '../command.ts';

/**
 * The tree a series is reproduced on: `--tree`, else what its series.toml says, else that of the settings. A repository
 * without a commit is taken at the base of the series.
 * @param own what series.toml says, or null
 * @throws RespinError BASE_UNKNOWN (usage)
 */
export async function treeOf(context: Context, own: string | null, base: string | null): Promise<string> {
  const { settings, origins } = await context.settings({ tree: context.text('tree') });
  const tree = origins.tree === 'flag' ? settings.tree : (own ?? settings.tree);
  if (tree.startsWith('git:') && !tree.includes('#')) {
    if (base !== null) return `${tree}#${base}`;
    throw new RespinError({
      code: 'BASE_UNKNOWN',
      blame: 'usage',
      message: `no mail says which commit of ${printable(tree)} the series is made on`,
      hint: `name one: --tree ${printable(tree)}#COMMIT`,
    });
  }
  return tree;
}

/** Said once it is known what was tried. */
export function warnOfOtherBase(
  context: Context,
  base: string | null,
  { source, commit }: RunRecord['tree'],
): void {
  if (base === null || commit.startsWith(base)) return;
  context.warn(
    `the series is made on commit ${base.slice(0, 12)}, and was tried on ${printable(source)}: --tree git:/path/to/linux takes that commit`,
  );
}
