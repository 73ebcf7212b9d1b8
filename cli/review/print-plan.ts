// SPDX-License-Identifier: MIT
/** What is done with the trailers that were given, for people. */
import type { TrailerPlan } from '../../review/out/trailer-plan.ts';
import type { Context } from '../command.ts';

/** The trailers that were added, on stdout; those that were not, and why, on stderr. */
export function printPlan(context: Context, plan: TrailerPlan): void {
  for (const [patch, lines] of [...plan.add].sort(([a], [b]) => a - b)) {
    for (const { line } of lines) context.stdout.write(`patch ${patch}  + ${line}\n`);
  }
  for (const { line, patches, why } of plan.left) {
    const on =
      patches.length === 0 ? '' : `${patches.length === 1 ? 'patch' : 'patches'} ${patches.join(', ')}: `;
    context.warn(`not added: ${on}${line}: ${why}`);
  }
  for (const doubt of plan.doubts) context.warn(doubt);
}

/** The same for --json. */
export function planJson(plan: TrailerPlan) {
  return {
    added: [...plan.add].map(([patch, lines]) => ({ patch, trailers: lines.map(({ line }) => line) })),
    notAdded: plan.left,
    doubts: plan.doubts,
  };
}
