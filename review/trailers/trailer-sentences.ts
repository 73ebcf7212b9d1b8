// SPDX-License-Identifier: MIT
/** Lines of a paragraph → its sentences, each on one line. */

/** Nobody's sentence is longer; rules that look at one need not care about time. */
const LONGEST = 600;
/** Of a longer line only the end is looked at. */
const LONGEST_LINE = 4000;

const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|resp|approx|incl|mr|ms|dr|no)\.$/i;

const UNFINISHED =
  /(?:[,–-]|(?:^| )(?:my|your|his|her|our|their|the|an?|to|of|for|with|and|or|but|in|on|from|this|that|by|is|are|as|if|once|when))$/i;

/** @param lines of one paragraph: no blank line among them */
export function sentencesOf(lines: readonly string[]): string[] {
  const sentences: string[] = [];
  for (const text of statements(lines)) {
    let start = 0;
    for (const mark of text.matchAll(/[.!?]["')\]]{0,2}(?= [^a-z])/g)) {
      const end = mark.index + mark[0].length;
      if (ABBREVIATION.test(text.slice(Math.max(start, end - 8), end))) continue;
      sentences.push(text.slice(start, end));
      start = end;
    }
    sentences.push(text.slice(start));
  }
  return sentences.map((one) => one.trim().slice(-LONGEST)).filter((one) => one !== '');
}

/** Joins wrapped lines. One that ends well before the margin was ended on purpose. */
function statements(lines: readonly string[]): string[] {
  const groups: string[][] = [];
  let previous = '';
  for (const line of lines) {
    const text = line.slice(-LONGEST_LINE).replaceAll(/\s+/g, ' ').trim();
    const word = text.split(' ', 1)[0] ?? '';
    const broken = /^[A-Z(]/.test(text) && !UNFINISHED.test(previous) && previous.length + word.length < 50;
    if (groups.length === 0 || broken) groups.push([text]);
    else groups.at(-1)?.push(text);
    previous = text;
  }
  return groups.map((group) => group.join(' '));
}
