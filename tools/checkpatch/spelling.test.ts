// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionaryFor } from './spelling.ts';

const DICTIONARY = [
  'recieve->receive',
  "dont'->don't",
  'wit->with, wait, disabled',
  'a.b->ab',
  'teh->the',
  '',
];
const of = (...texts: string[]): string[] => dictionaryFor(DICTIONARY.join('\n'), texts).split('\n');

describe('dictionaryFor', () => {
  it('keeps what the text has, however it is written', () => {
    expect(of('We Recieve it.')).toEqual(['recieve->receive', 'a.b->ab', '']);
    expect(of('the', '+\tteh = 1;')).toEqual(['a.b->ab', 'teh->the', '']);
    expect(of("I dont' know\nwit")).toEqual(["dont'->don't", 'wit->with, wait, disabled', 'a.b->ab', '']);
  });

  it('knows a word by what is around it, as the script does', () => {
    expect(of('recieved', 'pre-teh', 'teh_')).toEqual(['a.b->ab', '']);
    expect(of('éteh')).toEqual(['a.b->ab', 'teh->the', '']);
  });

  it('leaves out nothing that would be found', () => {
    const mistakes = DICTIONARY.map((line) => line.split('->')[0] ?? '').filter((word) => word !== '');
    const text = fc.array(
      fc.oneof(fc.constantFrom(...mistakes, ...mistakes.map((word) => word.toUpperCase())), fc.string()),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('', ' ', '-', '\n', '(', 'é'), (parts, glue) => {
        const [line = ''] = parts.join(glue).split('\n');
        const found = (words: readonly string[]): string[] =>
          line.match(new RegExp(`(?:^|[^\\w\\-'\`])(${words.join('|')})(?:[^\\w\\-'\`]|$)`, 'gi')) ?? [];
        const kept = of(line).flatMap((one) => (one === '' ? [] : [one.split('->')[0] ?? '']));
        expect(found(kept)).toEqual(found(mistakes));
      }),
    );
  });
});
