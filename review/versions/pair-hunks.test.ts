// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileDiff } from '../../core/series.ts';
import { pairHunks } from './pair-hunks.ts';
import { fileDiff, filesOf } from './versions-fixture.ts';

const brief = (before: readonly FileDiff[], after: readonly FileDiff[]): string[] =>
  pairHunks(before, after).map(({ before: one, after: other }) => {
    const place = (at: { file: number; hunk: number } | null): string => (at ? `${at.file}.${at.hunk}` : '-');
    return `${place(one)}:${place(other)}`;
  });

const call = (name: string, ...changes: string[]): string[] => [
  `@@ -10,1 +10,1 @@ static void ${name}(void)`,
  ` 	struct ${name}_state state;`,
  ' ',
  ...changes,
  ` 	${name}_done(&state);`,
  ' }',
];

describe('pairHunks', () => {
  it('pairs the hunks of a patch with themselves', async () => {
    const files = await filesOf(2);
    const pairs = pairHunks(files, await filesOf(2));
    expect(pairs).toHaveLength(6);
    for (const { before, after, similarity } of pairs) {
      expect(before).toEqual(after);
      expect(similarity).toBe(1);
    }
  });

  it('finds what stayed when a hunk was dropped and another put in', async () => {
    const drop = (mail: string): string => mail.replace(/^@@ -328,8[\s\S]*?(?=^@@)/m, '');
    const add = (mail: string): string =>
      mail.replace(/^@@ -770,6/m, `${call('suspend', '+	suspend_prepare(&state);').join('\n')}\n$&`);
    const after = await filesOf(2, (mail) => add(drop(mail)));
    const expected = ['0.0:0.0', '0.1:-', '0.2:0.1', '0.3:0.2', '-:0.3', '0.4:0.4', '0.5:0.5'];
    expect(brief(await filesOf(2), after)).toEqual(expected);
  });

  it('goes by the function where the same change is made many times', () => {
    const change = ['-	kfree(p);', '+	kfree_sensitive(p);'];
    const before = fileDiff('a.c', ...['one', 'two', 'three'].flatMap((name) => call(name, ...change)));
    const after = fileDiff('a.c', ...['two', 'three', 'four'].flatMap((name) => call(name, ...change)));
    expect(brief([before], [after])).toEqual(['0.0:-', '0.1:0.0', '0.2:0.1', '-:0.2']);
  });

  it('pairs what was rewritten in place, and says that nothing of it is left', () => {
    const before = fileDiff('a.c', ...call('one', '+	take_lock(&big);', '+	walk_list(&all);'));
    const after = fileDiff('a.c', ...call('one', '+	schedule_work(&later);'));
    expect(pairHunks([before], [after])).toEqual([
      { before: { file: 0, hunk: 0 }, after: { file: 0, hunk: 0 }, similarity: 0 },
    ]);
  });

  it('does not pair hunks that only have braces and blank lines in common', () => {
    const before = fileDiff('a.c', ...call('one', '+	if (a) {', '+	}'), ...call('two', '+	walk(&b);'));
    const after = fileDiff('a.c', ...call('two', '+	walk(&b);'), ...call('nine', '+	for (;;) {', '+	}'));
    expect(brief([before], [after])).toEqual(['0.0:-', '0.1:0.0', '-:0.1']);
  });

  it('gives the larger part of a split hunk its partner, the other none', () => {
    const many = Array.from({ length: 8 }, (_, at) => `+	step_${at}_of_it(dev);`);
    const before = fileDiff(
      'a.c',
      '@@',
      ' 	begin();',
      ...many,
      ' 	between();',
      '+	last_of_all(dev);',
      ' 	end();',
    );
    const after = fileDiff(
      'a.c',
      '@@',
      ' 	begin();',
      ...many,
      ' 	other();',
      '@@ -50,1 +50,1 @@',
      ' 	between();',
      '+	last_of_all(dev);',
      ' 	end();',
    );
    expect(brief([before], [after])).toEqual(['0.0:0.0', '-:0.1']);
    expect(brief([after], [before])).toEqual(['0.0:0.0', '0.1:-']);
  });

  it('follows a file that is renamed, by the patch or between versions', () => {
    const lines = call('one', '+	walk(&b);');
    const plain = fileDiff('a.c', ...lines);
    const renamed: FileDiff = { ...plain, newPath: 'b.c', change: 'renamed' };
    const created = (name: string): FileDiff => ({
      ...fileDiff(name, '@@', '+int walk_the_list(void);', '+int walk_it_back(void);'),
      oldPath: null,
      change: 'added',
    });
    expect(brief([plain], [renamed])).toEqual(['0.0:0.0']);
    expect(brief([renamed], [plain])).toEqual(['0.0:0.0']);
    expect(brief([created('x.h'), plain], [plain, created('y.h')])).toEqual(['1.0:0.0', '0.0:1.0']);
    expect(brief([plain], [fileDiff('other.c', ...call('two', '+	run();'))])).toEqual(['0.0:-', '-:0.0']);
  });

  it('has every hunk of both sides once', () => {
    const line = fc.constantFrom(' 	alpha();', ' 	beta();', ' ', '+	gamma(delta);', '-	epsilon();', '+}');
    const hunk = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => ['@@', ...lines]);
    const file = fc.tuple(fc.constantFrom('a.c', 'b.c'), fc.array(hunk, { minLength: 1, maxLength: 5 }));
    const files = fc.array(
      file.map(([name, hunks]) => fileDiff(name, ...hunks.flat())),
      { maxLength: 3 },
    );
    const all = (list: FileDiff[]): string[] =>
      list.flatMap((one, at) => one.hunks.map((_, rank) => `${at}.${rank}`));
    fc.assert(
      fc.property(files, files, (before, after) => {
        const rows = brief(before, after).map((row) => row.split(':'));
        const side = (at: number): string[] => rows.map((row) => row[at] ?? '').filter((one) => one !== '-');
        expect(side(0).toSorted()).toEqual(all(before));
        expect(side(1)).toEqual(all(after));
      }),
    );
  });

  it('does not hang on 20,000 hunks of one line each', () => {
    const make = (word: string): FileDiff => {
      const file = fileDiff('a.c', '@@', '+	x();');
      const one = file.hunks[0];
      if (one === undefined) throw new Error('no hunk');
      const hunks = Array.from({ length: 20_000 }, (_, at) => ({
        ...one,
        lines: [
          { kind: 'add' as const, text: `${word}(${at % 500}, ${at % 3});`, oldLine: null, newLine: at },
        ],
      }));
      return { ...file, hunks };
    };
    const begin = performance.now();
    expect(pairHunks([make('set_value_of_it')], [make('set_value_of_it')])).toHaveLength(20_000);
    expect(pairHunks([make('set_value_of_it')], [make('get_value_of_it')]).length).toBeGreaterThan(20_000);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
