// SPDX-License-Identifier: MIT
import type { Context } from './command.ts';

/**
 * Removes records older than the newest `keep-runs` of their kind. The result is out by now: what goes wrong here must
 * not take its place.
 */
export async function pruneRecords(
  context: Context,
  records: { prune(keep: number): Promise<unknown> },
): Promise<void> {
  try {
    const { settings } = await context.settings();
    await records.prune(settings.keepRuns);
  } catch (error) {
    context.warn(`old records are still there: ${error instanceof Error ? error.message : error}`);
  }
}
