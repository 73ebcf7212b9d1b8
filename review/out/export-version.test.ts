// SPDX-License-Identifier: MIT
/** What is exported must be what git am makes of the mails, and nothing else but its message. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runOk } from '../../system/exec.ts';
import { versionPatches } from '../build/version-patches.ts';
import { groupSeries } from '../mails/group-series.ts';
import { readReviewMail } from '../mails/mail.ts';
import { type ExportedFile, exportedFiles } from './export-version.ts';
import { patchIdOf, patchParts } from './patch-parts.ts';
import { writeExport } from './write-export.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-export-test-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const IDENTITY = {
  ...{ GIT_AUTHOR_NAME: 'Åda', GIT_AUTHOR_EMAIL: 'ada@example.org', GIT_COMMITTER_NAME: 'C' },
  ...{ GIT_COMMITTER_EMAIL: 'c@example.org', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
};

async function git(...args: string[]): Promise<string> {
  return (await runOk('git', args, { cwd: path.join(folder, 'repo'), env: IDENTITY })).stdout.trim();
}

/** Three commits, one of a file with CRLF and Latin-1 bytes; their mails, the second one quoted-printable. */
async function mails(): Promise<Uint8Array[]> {
  const repo = path.join(folder, 'repo');
  await mkdir(repo);
  await git('init', '-q', '-b', 'main', '.');
  const commit = async (file: string, text: string, message: string): Promise<void> => {
    await writeFile(path.join(repo, file), Buffer.from(text, 'latin1'));
    await git('add', '.');
    await git('commit', '-q', '-m', message);
  };
  await commit('a.c', 'one\ntwo\nthree\n', 'base');
  await git('tag', 'base');
  await commit(
    'a.c',
    'one\nTWO \u00e9\u00ff\nthree\n',
    'vsock: one\n\nText.\n\nSigned-off-by: Åda <ada@example.org>',
  );
  await commit(
    'b.txt',
    'x\r\ny\r\n',
    'vsock: two, and a subject that is so long that no line of a mail can hold all of it, ever\n\nNaïve.',
  );
  await commit(
    'c.c',
    'From: x\n---\n-- >8 --\n',
    'vsock: three\n\nSigned-off-by: Åda <ada@example.org>\nSigned-off-by: Cy <cy@example.org>',
  );
  const args = [
    'format-patch',
    '-q',
    '-v2',
    '--cover-letter',
    '--base=base',
    '--thread=shallow',
    '--subject-prefix=PATCH net-next',
  ];
  await git(...args, '-o', '../mails', 'base..main');
  const names = (await readdir(path.join(folder, 'mails'))).sort();
  const all: Buffer[] = await Promise.all(names.map((name) => readFile(path.join(folder, 'mails', name))));
  all[2] = quotedPrintable(all[2] ?? Buffer.alloc(0));
  return all;
}

function quotedPrintable(mail: Buffer): Buffer {
  const text = mail.toString('latin1');
  const at = text.indexOf('\n\n');
  const head = text
    .slice(0, at)
    .replace(/^(?:MIME-Version|Content-[\w-]+):[^\n]*\n?/gm, '')
    .trimEnd();
  const body = text
    .slice(at + 2)
    .replace(
      /[=\r\x80-\xff]/g,
      (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .replace(/^(.{60})(?=.)/gm, '$1=\n');
  const mime =
    'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable';
  return Buffer.from(`${head}\n${mime}\n\n${body}`, 'latin1');
}

async function exported(
  bytes: readonly Uint8Array[],
  trailers: [number, string[]][],
): Promise<ExportedFile[]> {
  const read = await Promise.all(bytes.map((one, at) => readReviewMail(one, `mail/${at}`)));
  const [series] = groupSeries(read, { together: true }).series;
  if (series === undefined) throw new Error('no series');
  const versions = versionPatches(series);
  const version = versions.at(-1);
  if (version === undefined) throw new Error('no version');
  const patches = new Map();
  for (const { index, mail } of version.patches) patches.set(index, await patchParts(mail));
  return exportedFiles({ version, versions, patches, trailers: new Map(trailers) });
}

/** Trees and messages of each commit after git am. */
async function applied(files: readonly string[]): Promise<{ trees: string; messages: string }> {
  await git('checkout', '-q', '-B', 'try', 'base');
  await git('am', '-q', '--keep-cr', ...files);
  return {
    trees: await git('log', '--reverse', '--format=%T', 'base..try'),
    messages: await git('log', '--reverse', '--format=%an <%ae> %ad%n%B', 'base..try'),
  };
}

it('git am makes the same trees and messages of it, trailers added', async () => {
  const bytes = await mails();
  const files = await exported(bytes, [
    [1, ['Reviewed-by: Bö <bo@example.org>']],
    [3, ['Reviewed-by: Bo <bo@example.org>']],
  ]);
  const out = path.join(folder, 'out');
  await writeExport(out, files);
  expect(files.map(({ name }) => name)).toEqual([
    '0000-cover-letter.patch',
    '0001-vsock-one.patch',
    '0002-vsock-two-and-a-subject-that-is-so-long-that-no-line.patch',
    '0003-vsock-three.patch',
  ]);
  const trees = await git('log', '--reverse', '--format=%T', 'base..main');
  const names = files.slice(1).map(({ name }) => path.join(out, name));
  const after = await applied(names);
  expect(after.trees).toBe(trees);
  const before = await git('log', '--reverse', '--format=%an <%ae> %ad%n%B', 'base..main');
  expect(after.messages).toBe(
    before
      .replace('org>\n\nÅda', 'org>\nReviewed-by: Bö <bo@example.org>\n\nÅda')
      .replace('\nSigned-off-by: Cy', '\nReviewed-by: Bo <bo@example.org>\nSigned-off-by: Cy'),
  );
  expect(String(files[0]?.bytes)).toContain(`\nbase-commit: ${await git('rev-parse', 'base')}\n-- \n`);
  expect(String(files[1]?.bytes)).toContain('\nSubject: [PATCH net-next v2 1/3] vsock: one\nMIME-Version');
  const again = await Promise.all(files.slice(1).map(({ bytes: one }) => readReviewMail(one, 'x')));
  const read = await Promise.all(bytes.slice(1).map((one) => readReviewMail(one, 'x')));
  expect(await Promise.all(again.map((one) => patchIdOf(one)))).toEqual(
    await Promise.all(read.map((one) => patchIdOf(one))),
  );
}, 60_000);

it('links to the versions before, below the changelog', async () => {
  const patch = (version: string, notes: string): Buffer =>
    Buffer.from(
      `From: A <a@example.org>\nDate: Tue, 10 Nov 2026 10:00:0${version} +0000\nMessage-ID: <v${version}/x@example.org>\nSubject: [PATCH v${version}] vsock: fix it\n\nText.\n\nbase-commit: ${'a'.repeat(40)}\n---\n${notes} x | 2 +-\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n\n`,
    );
  const notes = 'v3: nothing\nv2:\n- something\n\n';
  const [plain] = await exported([patch('1', ''), patch('2', ''), patch('3', '')], []);
  expect(String(plain?.bytes)).toContain(
    '---\n- Link to v2: https://lore.kernel.org/r/v2%2Fx@example.org\n- Link to v1: https://lore.kernel.org/r/v1%2Fx@example.org\n\n x | 2 +-\n',
  );
  const [listed] = await exported([patch('1', ''), patch('2', notes)], []);
  expect(String(listed?.bytes)).toMatch(/\n- something\n- Link to v1: https:\S+\n\n x \| 2/);
  expect(plain?.name).toBe('0001-vsock-fix-it.patch');
  expect(String(plain?.bytes)).toContain('\nSubject: [PATCH v3] vsock: fix it\n');
});

it('overwrites what it wrote, and nothing else', async () => {
  const out = path.join(folder, 'deep', 'out');
  const file = (name: string, text: string): ExportedFile => ({ name, bytes: Buffer.from(text) });
  await writeExport(out, [file('0001-a.patch', 'a'), file('0002-b.patch', 'b')]);
  await writeFile(path.join(out, 'notes.txt'), 'mine');
  await writeExport(out, [file('0001-a.patch', 'A')]);
  expect((await readdir(out)).sort()).toEqual(['.respin', '0001-a.patch', 'notes.txt']);
  expect(await readFile(path.join(out, '0001-a.patch'), 'utf8')).toBe('A');
  await writeFile(path.join(out, '0001-a.patch'), 'edited');
  await expect(writeExport(out, [file('0001-a.patch', 'A')])).rejects.toMatchObject({
    code: 'EXPORT_EXISTS',
  });
  await rm(path.join(out, '0001-a.patch'));
  await writeFile(path.join(out, '0009-other.patch'), 'x');
  await expect(writeExport(out, [file('0001-a.patch', 'A')])).rejects.toMatchObject({
    code: 'EXPORT_EXISTS',
  });
  await expect(writeExport(path.join(out, 'notes.txt'), [file('0001-a.patch', 'A')])).rejects.toMatchObject({
    code: 'EXPORT_EXISTS',
  });
  expect(await readdir(path.join(folder, 'deep'))).toEqual(['out']);
  await expect(writeExport('/proc/x', [file('0001-a.patch', 'A')])).rejects.toMatchObject({
    ...{ code: 'OUT_PATH', blame: 'usage' },
  });
});
