// SPDX-License-Identifier: MIT
/** Kernel trees, and a series applied to one. */

/** What a series is applied to when nobody says otherwise. */
export const DEFAULT_TREE = 'debian:linux-source-6.12';

/** Which side of the series a kernel is built from. */
export type Variant = 'base' | 'patched';

export interface Tree {
  /** As the user spells it: `debian:linux-source-6.12`, `git:/path#v6.12`, `tar:/path`. */
  source: string;
  /** Kernel version from the top Makefile, e.g. `6.12.117`; with the package's where it has one. */
  version: string;
  packageVersion: string | null;
  /** Of the package or tarball; null for a git clone, whose commit says as much. */
  sha256: string | null;
  /** The git directory in the cache that holds the objects. */
  gitDir: string;
  /** The commit that is the base. */
  commit: string;
}

export interface AppliedPatch {
  subject: string;
  /** `git patch-id --stable`. */
  patchId: string;
  commit: string;
  messageId: string | null;
}

/** A commit to build: the base itself, or the base with a series on top. */
export interface AppliedSeries {
  tree: Tree;
  variant: Variant;
  /** The commit with everything applied; the tree's own commit for the base. */
  commit: string;
  /** `git rev-parse commit^{tree}`: equal trees build equal kernels. */
  treeHash: string;
  patches: AppliedPatch[];
}
