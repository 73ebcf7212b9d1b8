// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Place, placesOf } from './places.ts';

/** `new:3 of @@ …` and the like: a place in one word or two. */
function told(place: Place): string {
  switch (place.in) {
    case 'message':
    case 'notes':
      return `${place.in}:${place.line}`;
    case 'file':
      return `file ${place.file}`;
    case 'hunk':
      return `hunk:${place.line}`;
    case 'line':
      return `${place.side}:${place.line}`;
    case 'nothing':
      return '-';
  }
}

const MAIL: [string, string][] = [
  ['From: Ann Author <ann@example.org>', '-'],
  ['', '-'],
  ['Do it.', 'message:1'],
  ['', 'message:2'],
  ['Signed-off-by: Ann Author <ann@example.org>', 'message:3'],
  ['---', '-'],
  ['v2: rebased', 'notes:1'],
  [' net/a.c | 2 +-', 'notes:2'],
  ['', 'notes:3'],
  ['diff --git a/net/a.c b/net/a.c', 'file net/a.c'],
  ['index 111111111111..222222222222 100644', 'file net/a.c'],
  ['--- a/net/a.c', 'file net/a.c'],
  ['+++ b/net/a.c', 'file net/a.c'],
  ['@@ -10,3 +10,3 @@ int main(void)', 'hunk:10'],
  [' int a;', 'new:10'],
  ['-int b;', 'old:11'],
  ['+int c;', 'new:11'],
  [' int d;', 'new:12'],
  ['@@ -20 +20 @@', 'hunk:20'],
  ['--- a line that looks like a file', 'old:20'],
  ['+++ and another', 'new:20'],
  ['\\ No newline at end of file', '-'],
  ['-- ', '-'],
  ['2.47.1', '-'],
];

describe('placesOf', () => {
  it('says of each line of a patch mail what it is part of', () => {
    const places = placesOf(MAIL.map(([line]) => line)).map(told);
    expect(MAIL.map(([line], at) => [line, places[at]])).toEqual(MAIL);
  });

  it('takes a quote that begins in the middle of a diff', () => {
    const lines = ['@@ -1,9 +1,9 @@ void f(void)', ' {', '+\tg();', '@@ -40,3 +41,3 @@', ' }'];
    expect(placesOf(lines, true).map(told)).toEqual(['hunk:1', 'new:1', 'new:2', 'hunk:41', 'new:41']);
  });

  it('takes a cover letter as one message', () => {
    expect(placesOf(['Hello,', '', 'please look.']).map(told)).toEqual([
      'message:1',
      'message:2',
      'message:3',
    ]);
  });

  it('goes on below a name that no tool would take', () => {
    const lines = ['--- "a/\\x', '+++ "b/\\x', '@@ -1 +1 @@', '-a', '+b'];
    expect(placesOf(lines, true).map(told).slice(2)).toEqual(['hunk:1', 'old:1', 'new:1']);
  });
});

describe('whatever the lines are', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...MAIL.map(([one]) => one),
      '',
      '+',
      '-',
      ' ',
      '@@ -0,0 +1,999999999 @@',
      'rename from x',
      'diff --git ',
      '--- ',
      '+++ ',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );

  it('each has one place, and the lines of a side are counted from their hunk on', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.boolean(), (lines, isQuote) => {
        const places = placesOf(lines, isQuote);
        expect(places).toHaveLength(lines.length);
        const last = { old: 0, new: 0 };
        for (const place of places) {
          if (place.in === 'hunk') [last.old, last.new] = [0, 0];
          if (place.in !== 'line') continue;
          expect(place.line).toBeGreaterThan(last[place.side] - 1);
          if (last[place.side] > 0) expect(place.line).toBeGreaterThan(last[place.side]);
          last[place.side] = place.line;
          expect(place.hunk).toMatch(/^@@ /);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('what is behind the last hunk does not change the places before it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (more) => {
        const lines = MAIL.map(([one]) => one);
        // A `+++` line may make the one above it a file's.
        const places = placesOf([...lines, '', ...more]).slice(0, lines.length);
        expect(places).toEqual(placesOf(lines));
      }),
    );
  });

  it.each([
    ['lines of dashes', '--- a'],
    ['lines of a hunk', '@@ -1,9 +1,9 @@'],
    ['names', 'diff --git a/x b/x'],
    ['blank lines', ''],
  ])('100,000 %s do not hold it up', (_, one) => {
    const started = performance.now();
    placesOf(new Array<string>(100_000).fill(one));
    placesOf([`${one}${'x'.repeat(1_000_000)}`]);
    placesOf([`diff --git ${'a/x b/x '.repeat(100_000)}`]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
