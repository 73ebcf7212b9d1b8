// SPDX-License-Identifier: MIT
/** Which sources count what runs: those the series touches, and for its headers those that have them. */
import type { AppliedSeries } from '../../core/tree.ts';
import { at, git, tryGit } from '../../kernel-tree/git.ts';

/** C sources that are no part of the kernel, or run where nothing can count: Documentation/dev-tools/gcov.rst. */
const NOT_THE_KERNEL =
  /^(?:tools|scripts|samples|Documentation|usr|certs)\/|^arch\/[^/]+\/(?:boot|tools|um)\//;

/** Where the objects under test are: a header of theirs is seen through these. */
const VSOCK = ['net/vmw_vsock/*.c', 'drivers/vhost/vsock.c', 'drivers/net/vsockmon.c'];

/** Whether a file of the tree can have lines that gcov counts. */
export function isKernelCode(file: string): boolean {
  return /\.[ch]$/.test(file) && !NOT_THE_KERNEL.test(file);
}

/**
 * The sources of the patched tree that are to be profiled, sorted. All vsock sources that include a header of the
 * series are, and where there is none those beside the header: a line of a header runs in the objects that have it.
 * @throws RespinError GIT_FAILED, TREE_BROKEN (machine)
 */
export async function profiledSources(applied: AppliedSeries): Promise<string[]> {
  const { gitDir, commit: base } = applied.tree;
  const args = ['diff', '--name-only', '--no-renames', '--diff-filter=d', '-z', base, applied.commit];
  const changed = (await git(at(gitDir), args)).split('\0').filter((name) => isKernelCode(name));
  const sources = new Set(changed.filter((name) => name.endsWith('.c')));
  const headers = changed.filter((name) => name.endsWith('.h'));
  if (headers.length > 0) for (const name of await includers(applied, headers)) sources.add(name);
  return [...sources].sort();
}

async function includers(applied: AppliedSeries, headers: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const header of headers) {
    // include/linux/x.h is <linux/x.h>; any other is "x.h" to those beside it.
    const asked = header.replace(/^(?:include\/uapi|include|arch\/[^/]+\/include(?:\/uapi)?)\//, '');
    const pattern = `^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]([^>"]*/)?${literal(asked.split('/').at(-1) ?? '')}[>"]`;
    const beside = `${header.slice(0, header.lastIndexOf('/') + 1)}*.c`;
    const places = [...VSOCK, ...(asked === header ? [beside] : [])].map((one) => `:(glob)${one}`);
    const args = ['grep', '-lzE', '-e', pattern, applied.commit, '--', ...places];
    const { exitCode, stdout } = await tryGit(at(applied.tree.gitDir), args, {
      // These are patterns, not names.
      env: { GIT_LITERAL_PATHSPECS: undefined },
    });
    if (exitCode !== 0) continue;
    found.push(
      ...stdout
        .split('\0')
        .filter((name) => name !== '')
        .map((name) => name.slice(applied.commit.length + 1)),
    );
  }
  return found.filter((name) => isKernelCode(name));
}

function literal(text: string): string {
  return text.replace(/[.+*?()[\]{}|^$\\]/g, '\\$&');
}
