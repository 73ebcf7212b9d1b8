// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { FileDiff } from '../core/series.ts';
import { parseDiff } from './diff.ts';
import { checkPaths } from './safe-paths.ts';

const add = (name: string, mode = '100644', line = 'x'): FileDiff[] =>
  parseDiff(
    `diff --git a/${name} b/${name}\nnew file mode ${mode}\nindex 0000000..1234567\n` +
      `--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+${line}\n\\ No newline at end of file\n`,
  );
const rename = (from: string, to: string): FileDiff[] =>
  parseDiff(`diff --git a/${from} b/${to}\nsimilarity index 100%\nrename from ${from}\nrename to ${to}\n`);
const remove = (name: string): FileDiff[] =>
  parseDiff(
    `diff --git a/${name} b/${name}\ndeleted file mode 120000\nindex 1234567..0000000\n` +
      `--- a/${name}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\\ No newline at end of file\n`,
  );
const verdict = (...patches: FileDiff[][]): string => {
  const links = new Set<string>();
  try {
    for (const files of patches) checkPaths(files, 'x', links);
  } catch (error) {
    return (error as Error).message;
  }
  return 'safe';
};

describe('checkPaths', () => {
  it('refuses a link that leads out through another link', () => {
    expect(verdict(add('d/up', '120000', '..'), add('out', '120000', 'd/up/../etc'))).toMatch(
      /outside the tree/,
    );
    expect(verdict(add('tools/include/x', '120000', '../../include/x'))).toBe('safe');
  });

  it.each([
    'net/vmw_vsock/virtio_transport.c',
    '.gitignore',
    'tools/.gitattributes',
    '.github/x',
    'a/..b/c...',
    'dir.git/x',
  ])('lets %s pass', (name) => {
    expect(verdict(add(name))).toBe('safe');
  });

  it.each([
    ['../x', /leads out of the tree/],
    ['net/../../x', /leads out of the tree/],
    ['/etc/passwd', /absolute/],
    ['net//x', /not a plain path/],
    ['./x', /not a plain path/],
    ['.git/config', /git's own folder/],
    ['net/.git/config', /git's own folder/],
    ['.GIT/config', /git's own folder/],
    ['.git. /config', /git's own folder/],
    ['GIT~1/config', /git's own folder/],
    ['.g\u200cit/config', /git's own folder/],
    ['.git::$INDEX_ALLOCATION/config', /git's own folder/],
  ])('refuses %s', (name, why) => {
    expect(verdict(add(name))).toMatch(why);
    expect(verdict(rename('net/x', name))).toMatch(why);
    expect(verdict(rename(name, 'net/x'))).toMatch(why);
  });

  it('judges symlinks by where they end', () => {
    expect(verdict(add('tools/link', '120000', '../include'))).toBe('safe');
    expect(verdict(add('link', '120000', '../include'))).toMatch(/outside the tree/);
    expect(verdict(add('tools/link', '120000', '/etc'))).toMatch(/outside the tree/);
    expect(verdict(add('tools/link', '120000', '../.git/hooks'))).toMatch(/outside the tree/);
    expect(verdict(add('tools/link', '120000', 'a/../../..'))).toMatch(/outside the tree/);
  });

  it('refuses files behind a symlink of the series, in this patch and in later ones', () => {
    const link = add('tools/link', '120000', '../include');
    expect(verdict(link, add('tools/link/x.h'))).toMatch(/behind the symlink "tools\/link"/);
    expect(verdict([...add('tools/link/x.h'), ...link])).toMatch(/behind the symlink/);
    expect(verdict(link, rename('tools/link', 'tools/moved'), add('tools/moved/x.h'))).toMatch(
      /behind the symlink/,
    );
    expect(verdict(link, add('tools/link-not/x.h'))).toBe('safe');
    expect(verdict(link, remove('tools/link'), add('tools/link/x.h'))).toBe('safe');
  });
});
