// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileDiff, HunkLine } from '../core/series.ts';
import { binaryWithoutData, parseDiff } from './diff.ts';
import { readQuoted } from './diff-names.ts';
import { fixture } from './fixtures.ts';

const read = (name: string): FileDiff[] => parseDiff(fixture(`diffs/${name}.diff`).toString('utf8'));
const brief = (file: FileDiff): unknown[] => [file.change, file.oldPath, file.newPath, file.hunks.length];
const codeOf = (text: string): string => {
  try {
    parseDiff(text);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('parseDiff on what git diff prints', () => {
  it('reads renames, with and without a change', () => {
    expect(read('renames').map(brief)).toEqual([
      ['renamed', 'tools/long.txt', 'tools/longer.txt', 1],
      ['renamed', 'tools/old-name.txt', 'tools/new-name.txt', 0],
    ]);
  });

  it('reads copies', () => {
    expect(read('copies').map(brief)).toEqual([
      ['copied', 'tools/long.txt', 'tools/copy.txt', 0],
      ['modified', 'tools/long.txt', 'tools/long.txt', 1],
    ]);
  });

  it('reads modes, alone and with a change', () => {
    const files = read('modes');
    expect(files.map((file) => [file.change, file.newPath, file.oldMode, file.newMode])).toEqual([
      ['mode', 'tools/dos.txt', '100644', '100755'],
      ['modified', 'tools/long.txt', '100644', '100755'],
      ['modified', 'tools/run.sh', '100644', '100755'],
      ['mode', 'tools/with space.txt', '100644', '100755'],
    ]);
    expect(files[1]?.hunks).toHaveLength(1);
  });

  it('tells binary files with data from those without', () => {
    for (const name of ['binary-data', 'binary-no-data']) {
      const files = read(name);
      expect(files.map((file) => [file.change, file.newPath, file.binary])).toEqual([
        ['modified', 'tools/blob.bin', true],
        ['added', 'tools/new.bin', true],
      ]);
    }
    expect(binaryWithoutData(fixture('diffs/binary-data.diff').toString())).toEqual([]);
    expect(binaryWithoutData(fixture('diffs/binary-no-data.diff').toString())).toEqual([
      'tools/blob.bin',
      'tools/new.bin',
    ]);
  });

  it('unquotes names: UTF-8 in octal, quotes, tabs, blanks', () => {
    expect(read('quoted-names').map((file) => [file.change, file.newPath])).toEqual([
      ['added', 'tools/leer e.txt'],
      ['modified', 'tools/tab\tname.txt'],
      ['modified', 'tools/with space.txt'],
      ['modified', 'tools/ümläut "quoted".txt'],
    ]);
  });

  it('marks the line that has no newline, and counts no line for the mark', () => {
    const files = read('no-newline');
    const marks = (file: FileDiff | undefined): [string, string, boolean][] =>
      file?.hunks.flatMap((hunk) =>
        hunk.lines.map((line): [string, string, boolean] => [line.kind, line.text, line.noNewline === true]),
      ) ?? [];
    expect(marks(files.find((file) => file.newPath === 'tools/no-newline.txt'))).toEqual([
      ['context', 'a', false],
      ['context', 'b', false],
      ['del', 'last', true],
      ['add', 'last, with newline', false],
    ]);
    expect(marks(files.find((file) => file.newPath === 'tools/old-name.txt')).at(-1)).toEqual([
      'add',
      'keep, without',
      true,
    ]);
    expect(marks(files.find((file) => file.newPath === 'tools/fresh.txt'))).toEqual([['add', 'x', true]]);
  });

  it('keeps the carriage returns of the file', () => {
    const lines = read('crlf')[0]?.hunks[0]?.lines ?? [];
    expect(lines.map((line) => line.text)).toEqual(['one\r', 'two\r', 'TWO\r', 'three\r', 'four\r']);
  });

  it('reads added, deleted and empty files', () => {
    expect(read('added-deleted-empty').map(brief)).toEqual([
      ['renamed', 'tools/empty', 'tools/empty-too', 0],
      ['added', null, 'tools/fresh.txt', 1],
      ['deleted', 'tools/long.txt', null, 1],
    ]);
  });

  it('reads a symlink as an added file of mode 120000', () => {
    const [link] = read('symlink');
    expect([link?.change, link?.newMode, link?.hunks[0]?.lines[0]?.text]).toEqual([
      'added',
      '120000',
      '../include/transport.h',
    ]);
  });

  it('takes "--- x" and "+++ x" within a hunk for lines', () => {
    const file = read('dashes').find((one) => one.newPath === 'tools/old-name.txt');
    expect(file?.hunks[0]?.lines.map((line) => [line.kind, line.text])).toEqual([
      ['del', 'keep'],
      ['add', '-- a line of dashes'],
      ['add', '++ and of plus signs'],
    ]);
  });

  it('reads plain diffs as patch -p1 does', () => {
    expect(read('plain').map(brief)).toEqual([['modified', 'include/transport.h', 'include/transport.h', 1]]);
  });

  it('passes over the text around a diff', () => {
    const diff = fixture('diffs/crlf.diff').toString();
    const text = `A message.\n--- \n- a list\n+ and so on\n\n${diff}-- \n2.39.5\n\nbase-commit: 0\n`;
    expect(parseDiff(text)).toEqual(parseDiff(diff));
  });

  it('finds the plain diff that hides behind a git diff', () => {
    const text = `${fixture('diffs/crlf.diff').toString()}some text\n--- a/../../etc/x\n+++ b/../../etc/x\n@@ -0,0 +1 @@\n+x\n`;
    expect(parseDiff(text).at(-1)?.newPath).toBe('../../etc/x');
  });
});

describe('parseDiff on broken diffs', () => {
  const text = fixture('diffs/renames.diff').toString();

  it('reports every cut of a one-hunk diff but those between whole parts', () => {
    const whole = fixture('diffs/crlf.diff').toString();
    const lines = whole.split('\n').slice(0, -1);
    for (let keep = 1; keep < lines.length; keep++) {
      expect([keep, codeOf(`${lines.slice(0, keep).join('\n')}\n`)]).toEqual([keep, 'PATCH_TRUNCATED']);
    }
    expect(codeOf(whole)).toBe('none');
  });

  it.each([
    ['a hunk cut by the signature', text.replace(/ l6\n l7\n l8\n/, '-- \n2.39.5\n'), 'PATCH_TRUNCATED'],
    [
      'a removed line lost before the signature',
      '--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n a\n-- \n2.39.5\n',
      'PATCH_TRUNCATED',
    ],
    ['a hunk cut by the next file', text.replace(' l8\n', ''), 'PATCH_TRUNCATED'],
    ['a wrapped line', text.replace(' l6\n', ' l\n6\n'), 'MAIL_DAMAGED'],
    ['a lost first column', text.replace(' l6\n', '\tl6\n'), 'MAIL_DAMAGED'],
    ['a no-break space for the column', text.replace(' l6\n', '\u00a0l6\n'), 'MAIL_DAMAGED'],
    ['too many old lines', '--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n-b\n+c\n+d\n', 'MAIL_DAMAGED'],
    ['a hunk header without numbers', '--- a/x\n+++ b/x\n@@ -a +b @@\n+c\n', 'MAIL_DAMAGED'],
    ['a hunk of no lines', '--- a/x\n+++ b/x\n@@ -0,0 +0,0 @@\n', 'MAIL_DAMAGED'],
    ['a hunk without a file', 'words\n@@ -1 +1 @@\n-a\n+b\n', 'MAIL_DAMAGED'],
    [
      'a hunk that begins with the newline mark',
      '--- a/x\n+++ b/x\n@@ -1 +1 @@\n\\ No newline\n-a\n+b\n',
      'MAIL_DAMAGED',
    ],
    ['two names for one file', 'diff --git a/x b/x\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n', 'MAIL_DAMAGED'],
    [
      'a new file without its content',
      'diff --git a/x b/x\nnew file mode 100644\nindex 0000000..975fbec\n',
      'PATCH_TRUNCATED',
    ],
    [
      'a rename that promises a change',
      'diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n',
      'PATCH_TRUNCATED',
    ],
    [
      'a binary part cut in the middle',
      fixture('diffs/binary-data.diff').toString().slice(0, 150),
      'PATCH_TRUNCATED',
    ],
  ])('%s', (_, diff, code) => {
    expect(codeOf(diff)).toBe(code);
  });

  it('is linear in long lines', () => {
    const long = 'a/'.repeat(200_000);
    expect(parseDiff(`diff ${long}\n`)).toEqual([]);
    expect(codeOf(`diff --git ${long}\n`)).not.toBe('');
    expect(codeOf(`@@ -${'1'.repeat(200_000)}\n`)).toBe('none');
  });
});

// -- made-up diffs ------------------------------------------------------------

const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'Z', '0', '-', '+', ' ', '\t', '@', 'ä', '日', '"', '\\'),
  maxLength: 12,
});
const name = fc
  .array(
    fc.string({
      unit: fc.constantFrom('a', 'b', 'x', '.', '-', ' ', 'ä', '"', '\\', '\t'),
      minLength: 1,
      maxLength: 6,
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => `n${parts.join('/n')}e`);
const lines = fc.array(fc.record({ kind: fc.constantFrom('context', 'add', 'del' as const), text: word }), {
  minLength: 1,
  maxLength: 12,
});

interface Plan {
  name: string;
  hunks: { kind: string; text: string }[][];
}

const quote = (text: string): string => {
  if (!/[^\x20-\x7e]|["\\]/.test(text)) return text;
  const bytes = [...Buffer.from(text)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    if (char === '\t') return '\\t';
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : char;
  });
  return `"${bytes.join('')}"`;
};

/** Writes a diff as git does. */
function write(plans: readonly Plan[]): string {
  return plans
    .map((plan) => {
      const tab = plan.name.includes(' ') ? '\t' : '';
      const out = [
        `diff --git ${quote(`a/${plan.name}`)} ${quote(`b/${plan.name}`)}`,
        'index 1111111..2222222 100644',
        `--- ${quote(`a/${plan.name}`)}${tab}`,
        `+++ ${quote(`b/${plan.name}`)}${tab}`,
      ];
      let at = 1;
      for (const hunk of plan.hunks) {
        const old = hunk.filter((line) => line.kind !== 'add').length;
        const next = hunk.filter((line) => line.kind !== 'del').length;
        out.push(`@@ -${at},${old} +${at},${next} @@ heading ${at}`);
        for (const line of hunk)
          out.push(`${line.kind === 'add' ? '+' : line.kind === 'del' ? '-' : ' '}${line.text}`);
        at += 100;
      }
      return `${out.join('\n')}\n`;
    })
    .join('');
}

const plans = fc.array(fc.record({ name, hunks: fc.array(lines, { minLength: 1, maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 4,
});

describe('parseDiff on made-up diffs', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(plans, (all) => {
        const files = parseDiff(write(all));
        expect(files.map((file) => file.newPath)).toEqual(all.map((plan) => plan.name));
        expect(
          files.map((file) => file.hunks.map((hunk) => hunk.lines.map(({ kind, text }) => ({ kind, text })))),
        ).toEqual(all.map((plan) => plan.hunks));
        for (const hunk of files.flatMap((file) => file.hunks))
          expect(numbersFit(hunk.lines, hunk.oldStart, hunk.newStart)).toBe(true);
      }),
    );
  });

  it('never takes a diff whose last line is missing for whole', () => {
    fc.assert(
      fc.property(plans, (all) => {
        const text = write(all);
        const cut = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
        expect(codeOf(cut)).not.toBe('none');
      }),
    );
  });

  it('throws nothing but its own errors, whatever it is given', () => {
    const piece = fc.oneof(
      word,
      fc.constantFrom(
        'diff --git a/x b/x',
        '--- a/x',
        '+++ b/x',
        '@@ -1 +1 @@',
        '-a',
        '+b',
        ' c',
        '\\ No newline at end of file',
        'GIT binary patch',
        'literal 3',
        'rename from "x',
        'index 12345..12345',
        '',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (all) => {
        expect(['none', 'PATCH_TRUNCATED', 'MAIL_DAMAGED']).toContain(codeOf(all.join('\n')));
      }),
      { numRuns: 500 },
    );
  });

  it('reads every name that can be quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
        expect(readQuoted(`"${bytes}" rest`)).toEqual({ name: text, rest: ' rest' });
      }),
    );
  });
});

function numbersFit(all: readonly HunkLine[], oldStart: number, newStart: number): boolean {
  let [old, next] = [oldStart, newStart];
  return all.every(
    (line) =>
      (line.kind === 'add' ? line.oldLine === null : line.oldLine === old++) &&
      (line.kind === 'del' ? line.newLine === null : line.newLine === next++),
  );
}
