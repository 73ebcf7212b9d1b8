// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../patches/diff.ts';
import { diffstatErrors, diffstatOf } from './diffstat.ts';
import { renameName } from './diffstat-errors.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt'), 'utf8');

describe('diffstatOf', () => {
  it('reads the page of a web archive', () => {
    expect(diffstatOf(page)).toEqual({
      files: [
        { path: 'drivers/vhost/vsock.c', changes: 213 },
        { path: 'include/linux/virtio_vsock.h', changes: 126 },
        { path: 'net/vmw_vsock/virtio_transport.c', changes: 149 },
        { path: 'net/vmw_vsock/virtio_transport_common.c', changes: 422 },
        { path: 'net/vmw_vsock/vsock_loopback.c', changes: 51 },
      ],
      total: { files: 5, insertions: 495, deletions: 466 },
    });
  });

  it('reads every kind of line git prints', () => {
    const text = [
      'Words | 3 of them.',
      '---',
      ' .../{vmw_vsock => vsock}/af_vsock.c |   4 ++--',
      ' a.c => b.c                          |   0',
      ' "t\\303\\244st.c"                      |   1 +',
      ' fw/image.bin                        | Bin 0 -> 12 bytes',
      ' fw/other.bin                        | Bin',
      ' big.c                               | 500 +++++++----',
      ' 6 files changed, 300 insertions(+), 205 deletions(-)',
      ' rename a.c => b.c (100%)',
      ' create mode 100644 fw/image.bin',
    ].join('\n');
    expect(diffstatOf(text)).toEqual({
      files: [
        { path: '.../{vmw_vsock => vsock}/af_vsock.c', changes: 4, added: 2, removed: 2 },
        { path: 'a.c => b.c', changes: 0, added: 0, removed: 0 },
        { path: 'täst.c', changes: 1, added: 1, removed: 0 },
        { path: 'fw/image.bin', changes: null },
        { path: 'fw/other.bin', changes: null },
        { path: 'big.c', changes: 500 },
      ],
      total: { files: 6, insertions: 300, deletions: 205 },
    });
  });

  it.each<[string, [number, number, number]]>([
    [' 1 file changed, 1 insertion(+)', [1, 1, 0]],
    [' 1 file changed, 1 deletion(-)', [1, 0, 1]],
    [' 0 files changed', [0, 0, 0]],
  ])('reads "%s"', (text, [files, insertions, deletions]) => {
    expect(diffstatOf(text)?.total).toEqual({ files, insertions, deletions });
  });

  it('reads one that has lost its last line, and one with files left out', () => {
    expect(diffstatOf(' a.c | 2 +-\n\n')).toEqual({
      files: [{ path: 'a.c', changes: 2, added: 1, removed: 1 }],
      total: null,
    });
    expect(diffstatOf(' a.c | 2 +-\n ...\n 3 files changed, 9 insertions(+)')).toMatchObject({ cut: true });
  });

  it.each([
    '',
    'no diffstat',
    '| test | 5 |',
    'test | 5\nother | 6',
    'In all 5 files changed.',
    'diff --git a/x b/x\n+ a.c | 2 +-\n+ 1 file changed, 1 insertion(+)',
    '@@ -1 +1 @@\n a.c | 2 +-',
  ])('finds none in %j', (text) => {
    expect(diffstatOf(text)).toBeNull();
  });

  it('reads anything, quickly', () => {
    const token = fc.constantFrom(
      ' a.c | 2 +-',
      '|',
      ' | 3',
      'Bin',
      ' 1 file changed',
      '\n',
      '...',
      '{a => b}',
      '"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }), (parts) => {
        const stat = diffstatOf(parts.join(''));
        if (stat) diffstatErrors(stat, []);
      }),
    );
    const start = performance.now();
    for (const text of [
      '|'.repeat(1_000_000),
      ` a | 3${' '.repeat(1_000_000)}x`,
      ' ...a | 2 +-\n'.repeat(100_000),
      `a | ${'+'.repeat(1_000_000)}x`,
    ]) {
      diffstatOf(text);
    }
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

/** A repository with one commit of changes: what git itself says of them. */
function gitSays(...options: string[]): { stat: string; diff: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'respin-diffstat-'));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      encoding: 'utf8',
    });
  const put = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  };
  const text = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join('');
  try {
    git('init', '-q');
    put('net/vmw_vsock/af_vsock.c', text(0, 200));
    put('net/vmw_vsock/a/deep/folder/with/a/very/long/name/indeed/vsock_addr.c', text(300, 400));
    put('moved.c', text(500, 600));
    put('gone.c', text(700, 900));
    git('add', '.');
    git('commit', '-qm', 'one');
    put('net/vmw_vsock/af_vsock.c', text(0, 150) + text(1000, 1010));
    put('net/vmw_vsock/a/deep/folder/with/a/very/long/name/indeed/vsock_addr.c', text(300, 390));
    mkdirSync(path.join(folder, 'net/new'));
    renameSync(path.join(folder, 'moved.c'), path.join(folder, 'net/new/moved.c'));
    rmSync(path.join(folder, 'gone.c'));
    put('täst.c', 'x\n');
    put('blob.bin', Uint8Array.of(0, 1, 2));
    git('add', '.');
    git('commit', '-qm', 'two');
    const show = (...args: string[]): string => git('show', '-M', '--format=', ...args);
    return { stat: show('--stat', ...options), diff: show('--binary', '-p') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('diffstatErrors', () => {
  it.each([['--stat=72'], ['--stat=40'], ['--stat=200']])(
    'finds nothing wrong with git show %s',
    (option) => {
      const { stat, diff } = gitSays(option);
      const read = diffstatOf(stat);
      expect(read?.files).toHaveLength(6);
      expect(read === null ? null : diffstatErrors(read, parseDiff(diff))).toEqual([]);
    },
  );

  const diff = [
    'diff --git a/net/a.c b/net/a.c',
    '--- a/net/a.c',
    '+++ b/net/a.c',
    '@@ -1,2 +1,2 @@',
    ' one',
    '-two',
    '+three',
    '',
  ].join('\n');
  const errors = (stat: string): string[] | null => {
    const read = diffstatOf(stat);
    return read === null ? null : diffstatErrors(read, parseDiff(diff));
  };

  it.each<[string, string[]]>([
    [' net/a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)', []],
    [' .../a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)', []],
    [' 1 file changed, 1 insertion(+), 1 deletion(-)', []],
    [
      ' net/a.c | 3 ++-\n 1 file changed, 2 insertions(+), 1 deletion(-)',
      [
        'the diffstat counts 3 changed lines in net/a.c, the diff has 2 (+1 -1)',
        'the diffstat promises 2 insertions, the diff has 1',
      ],
    ],
    [' net/a.c | 2 ++', ['the diffstat draws +2 -0 for net/a.c, the diff has +1 -1']],
    [' net/a.c | Bin 0 -> 1 bytes', ['the diffstat calls net/a.c binary, the diff has text for it']],
    [
      ' net/b.c | 2 +-\n 2 files changed, 1 insertion(+), 1 deletion(-)',
      [
        'the diffstat lists net/b.c, which the diff does not change',
        'the diff changes net/a.c, which the diffstat does not list',
        'the diffstat promises 2 files, the diff has 1',
      ],
    ],
    [' net/\x1b[31m.c | 2 +-\n ...', ['the diffstat lists net/\\x1b[31m.c, which the diff does not change']],
  ])('%j', (stat, expected) => {
    expect(errors(stat)).toEqual(expected);
  });

  it('says nothing of a diff that is not whole', () => {
    const [file] = parseDiff(diff);
    const stat = diffstatOf(' net/b.c | 9 +++++++++');
    if (!file || !stat) throw new Error('no fixture');
    const cut = { ...file, hunks: file.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.slice(0, 2) })) };
    expect(diffstatErrors(stat, [cut])).toEqual([]);
  });
});

it.each([
  ['a.c', 'b.c', 'a.c => b.c'],
  ['net/a.c', 'net/b.c', 'net/{a.c => b.c}'],
  ['net/old/a.c', 'net/new/a.c', 'net/{old => new}/a.c'],
  ['old/a.c', 'new/a.c', '{old => new}/a.c'],
  ['net/a.c', 'net/vsock/a.c', 'net/{ => vsock}/a.c'],
  ['net/vsock/a.c', 'net/a.c', 'net/{vsock => }/a.c'],
])('renameName: %s, %s', (from, to, name) => {
  expect(renameName(from, to)).toBe(name);
});
