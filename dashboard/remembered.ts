// SPDX-License-Identifier: MIT
/** What was made of a part of the state, for as long as that part is the same. */

/** More are made again: a terminal that is resized has many widths. */
const MOST = 8;

/**
 * A function whose results are kept by the object they are made of and what else they depend on.
 * @param key of that: the same string, the same result
 */
export function remembered<O extends object, A extends readonly unknown[], T>(
  make: (of: O, ...rest: A) => T,
  key: (...rest: A) => string,
): (of: O, ...rest: A) => T {
  const kept = new WeakMap<O, Map<string, T>>();
  return (of, ...rest) => {
    let results = kept.get(of);
    if (results === undefined) {
      results = new Map();
      kept.set(of, results);
    }
    const name = key(...rest);
    const known = results.get(name);
    if (known !== undefined) return known;
    if (results.size >= MOST) results.clear();
    const made = make(of, ...rest);
    results.set(name, made);
    return made;
  };
}
