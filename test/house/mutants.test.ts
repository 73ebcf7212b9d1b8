// SPDX-License-Identifier: MIT
/** test/mutants/README.md lists what lies there, and each mutant says what it is. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectFiles, projectText } from './files.ts';

const FOLDER = 'test/mutants/';
const FILES = [
  'drivers/vhost/vsock.c',
  'include/linux/virtio_vsock.h',
  'net/vmw_vsock/af_vsock.c',
  'net/vmw_vsock/virtio_transport.c',
  'net/vmw_vsock/virtio_transport_common.c',
  'net/vmw_vsock/vsock_loopback.c',
];
const IMITATES = /^(?:[0-9a-f]{12} \(".+"\)|".+"|a class of fixes: .+)$/;

const readme = projectText(`${FOLDER}README.md`);
const mutants = projectFiles()
  .filter((file) => file.startsWith(FOLDER) && file.endsWith('.patch'))
  .map((file) => ({ name: path.basename(file), text: projectText(file) }));

/** The cells of each row of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [lines = ''] = section.split('\n## ');
  return lines
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => cells.slice(1, -1));
}

/** The values of a line of the message; one is right. */
function said(text: string, what: string): string[] {
  const [message = ''] = text.split('\n---\n');
  return [...message.matchAll(new RegExp(`^${what}: (.+)$`, 'gm'))].map(([, value = '']) => value);
}

function touched(text: string): string[] {
  return [...text.matchAll(/^diff --git a\/(\S+) b\/\S+$/gm)].map(([, file = '']) => file);
}

function changedLines(text: string): number {
  const [, ...hunks] = text.split(/^@@ .*$/m);
  return hunks
    .join('')
    .split('\n')
    .filter((line) => /^[-+]/.test(line) && !/^-- $/.test(line)).length;
}

it('there are enough of them', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40);
});

it('the table has each patch once, with its file and its kind', () => {
  const rows = tableBelow('The mutants').map(([name, file, kind]) => `${name} ${file} ${kind}`);
  const patches = mutants.map(({ name, text }) => {
    const [file = ''] = touched(text);
    const short = file.startsWith('drivers/') ? file.slice('drivers/'.length) : path.basename(file);
    return `${name} ${short} ${said(text, 'Kind').join()}`;
  });
  expect(rows.sort()).toEqual(patches.sort());
});

it('each row has an idea, and no two the same', () => {
  const ideas = tableBelow('The mutants').map(([, , , idea = '']) => idea);
  expect(ideas.filter((idea) => idea === '')).toEqual([]);
  expect(new Set(ideas).size).toBe(ideas.length);
});

it('each kind is explained, and used', () => {
  const kinds = tableBelow('Kinds').map(([kind]) => kind);
  const used = new Set(mutants.flatMap(({ text }) => said(text, 'Kind')));
  expect([...used].sort()).toEqual(kinds.sort());
});

it('each says its kind, what it imitates and how it is seen, once', () => {
  const wrong = mutants.filter(({ text }) => {
    const imitates = said(text, 'Imitates');
    return (
      said(text, 'Kind').length !== 1 ||
      imitates.length !== 1 ||
      !IMITATES.test(imitates.join()) ||
      said(text, 'Seen by').length !== 1
    );
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('each changes a few lines of one file of the vsock code', () => {
  const wrong = mutants.filter(({ text }) => {
    const files = touched(text);
    const lines = changedLines(text);
    return files.length !== 1 || !FILES.includes(files.join()) || lines === 0 || lines > 14;
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

it('a fix that docs/probes.md marks has its mutant, and each probe is told of', () => {
  const doc = projectText('docs/probes.md');
  const [, section = ''] = doc.split('\n## Which real faults are of its kind\n');
  const marked = [...section.matchAll(/"([^"]+)"\)?\\\*/g)].map(([, title = '']) =>
    title.replaceAll('\\', ''),
  );
  const imitated = mutants.flatMap(({ text }) => said(text, 'Imitates')).join('\n');
  expect(marked.length).toBeGreaterThan(20);
  expect(marked.filter((title) => !imitated.includes(`"${title}"`))).toEqual([]);
  const probes = projectFiles()
    .filter((file) => file.startsWith('tools/run-vsock-test/probes/') && file.endsWith('.c'))
    .map((file) => path.basename(file))
    .filter((file) => !['probe.c', 'vring.c', 'vhost-user.c'].includes(file));
  // A row in the table of probes, and one in that of faults.
  const rows = (file: string) => doc.split('\n').filter((line) => line.startsWith(`| \`${file}\` |`)).length;
  expect(probes.filter((file) => rows(file) !== 2)).toEqual([]);
});
