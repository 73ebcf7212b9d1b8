// SPDX-License-Identifier: MIT
/**
 * codespell's dictionary has 60,000 words, and checkpatch.pl looks for each of them in every line:
 * most of its time. It is given those that the text has.
 */

/**
 * @param dictionary lines `mistake->correction, another,` as codespell has them
 * @param texts whatever will be looked through
 * @returns the lines with which checkpatch.pl finds what it would find with all of them
 */
export function dictionaryFor(dictionary: string, texts: readonly string[]): string {
  const words = new Set<string>();
  for (const text of texts) for (const word of text.toLowerCase().split(NO_WORD)) words.add(word);
  return dictionary
    .split('\n')
    .filter((line) => {
      const mistake = line.slice(0, Math.max(0, line.indexOf('->'))).trim();
      return words.has(mistake.toLowerCase()) || mistake === '' || NO_WORD.test(mistake);
    })
    .join('\n');
}

/**
 * What stands around a mistake: the script looks for `(?:^|[^\w\-'`])($misspellings)(?:[^\w\-'`]|$)`.
 * More characters end a word here than there, so that none is missed.
 */
const NO_WORD = /[^a-z0-9_\-'`]+/i;
