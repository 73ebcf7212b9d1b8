// SPDX-License-Identifier: MIT
/** How make is told which objects count what runs: Documentation/dev-tools/gcov.rst. */
import path from 'node:path';

/**
 * As the tree's Makefile has CFLAGS_GCOV, and two more. atomic: gcc counts some arcs and computes the others from them, so
 * a count that two CPUs lose makes another line one that never ran. No early inlining: it comes before the counters, and
 * of a line that only calls an inline function nothing would be left.
 */
const CFLAGS_GCOV = [
  ...['-fprofile-arcs', '-ftest-coverage', '-fno-tree-loop-im'],
  ...['-fprofile-update=atomic', '-fno-early-inlining'],
].join(' ');

/**
 * make's variables for these sources, none when there are none. kbuild knows an object by its name
 * alone (scripts/Makefile.lib), so one of the same name elsewhere counts as well.
 */
export function gcovVariables(sources: readonly string[]): string[] {
  const names = new Set(sources.map((source) => path.posix.basename(source, '.c')));
  if (names.size === 0) return [];
  return [`CFLAGS_GCOV=${CFLAGS_GCOV}`, ...[...names].sort().map((name) => `GCOV_PROFILE_${name}.o=y`)];
}
