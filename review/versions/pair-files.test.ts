// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { FileDiff } from '../../core/series.ts';
import { pairFiles } from './pair-files.ts';
import { diffText, fileTitle } from './range-diff-text.ts';
import { fileDiff } from './versions-fixture.ts';

const file = (name: string, word: string): FileDiff =>
  fileDiff(name, '@@', `+int ${word}_of_the_device(void);`);

describe('pairFiles', () => {
  it('goes by path, whatever the order, and takes a path that is there twice in order', () => {
    const [a, b] = [file('a.c', 'start'), file('b.c', 'stop')];
    expect(pairFiles([a, b], [b, a])).toEqual([1, 0]);
    expect(pairFiles([a, a, a], [a, b, a])).toEqual([0, 2, -1]);
  });

  it('goes by the old path, and crosswise, where the patch renames', () => {
    const plain = file('a.c', 'start');
    const renamed = (newPath: string): FileDiff => ({ ...plain, newPath, change: 'renamed' });
    expect(pairFiles([renamed('b.c')], [renamed('c.c')])).toEqual([0]);
    expect(pairFiles([plain], [file('x.c', 'other'), renamed('b.c')])).toEqual([1]);
    expect(pairFiles([renamed('b.c')], [file('b.c', 'other')])).toEqual([0]);
  });

  it('finds a new file by what is in it, and nothing for a file of its own', () => {
    const created = (name: string, word: string): FileDiff => ({
      ...file(name, word),
      oldPath: null,
      change: 'added',
    });
    expect(pairFiles([created('a.h', 'start')], [created('b.h', 'stop'), created('c.h', 'start')])).toEqual([
      1,
    ]);
    expect(pairFiles([created('a.h', 'start')], [created('b.h', 'stop')])).toEqual([-1]);
  });
});

describe('diffText', () => {
  it('has no line number and no blob id', () => {
    expect(diffText([fileDiff('a.c', '@@ -3,1 +3,1 @@ run(void)', ' 	a();', '-	b();', '+	c();')])).toEqual(
      [' ## a.c ##', '@@ a.c: run(void)', ' 	a();', '-	b();', '+	c();'],
    );
  });

  it('names what else happens to a file', () => {
    const base = file('a.c', 'start');
    expect(fileTitle({ ...base, newPath: 'b.c', change: 'renamed' })).toBe('a.c => b.c');
    expect(fileTitle({ ...base, oldPath: null, change: 'added', newMode: '100755' })).toBe(
      'a.c (new, mode 100755)',
    );
    expect(fileTitle({ ...base, newPath: null, change: 'deleted' })).toBe('a.c (deleted)');
    expect(fileTitle({ ...base, oldMode: '100644', newMode: '100755', binary: true })).toBe(
      'a.c (mode change 100644 => 100755, binary)',
    );
  });
});
