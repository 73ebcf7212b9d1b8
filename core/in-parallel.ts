// SPDX-License-Identifier: MIT
/** Work on many things, some of them at a time. */

/**
 * Calls `work` for each item, in order, `most` at a time.
 * @returns what the calls gave, in the order of the items
 * @throws what the first call that failed threw; no further ones are begun then
 */
export async function inParallel<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, most) }, worker));
  return results;
}
