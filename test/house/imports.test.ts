// SPDX-License-Identifier: MIT
/** A room imports from itself and from the rooms named here, never upward or sideways. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectFiles, projectText } from './files.ts';

const GROUND = ['core', 'system'];
const TREES = [...GROUND, 'patches', 'kernel-tree'];
const VMS = [...TREES, 'tools/build-vm', 'tools/boot-vm'];
const TESTS = ['tools/run-vsock-test', 'tools/run-vsock-perf', 'tools/run-mutants', 'tools/run-coverage'];
const RUNS = [...VMS, ...TESTS, 'tools/checkpatch', 'reports', 'runs'];

const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  system: ['core'],
  patches: GROUND,
  'kernel-tree': [...GROUND, 'patches'],
  'tools/build-vm': TREES,
  'tools/boot-vm': [...TREES, 'tools/build-vm'],
  'tools/run-vsock-test': VMS,
  'tools/run-vsock-perf': VMS,
  'tools/run-mutants': [...VMS, 'tools/run-vsock-test'],
  // It reads counters between the programs of a session.
  'tools/run-coverage': [...VMS, 'tools/run-vsock-test'],
  // It builds every patch with the same make as a run.
  'tools/checkpatch': [...TREES, 'tools/build-vm'],
  runs: RUNS,
  reports: ['core'],
  review: [...GROUND, 'patches'],
  dashboard: [...RUNS, 'review'],
  cli: [...RUNS, 'review', 'dashboard'],
};

function roomOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'tools' ? `tools/${second}` : first;
}

function importsOf(file: string): string[] {
  const found = projectText(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*)'/g);
  return [...found].map(([, target = '']) => path.posix.join(path.posix.dirname(file), target));
}

const sources = projectFiles().filter((file) => /\.tsx?$/.test(file) && roomOf(file) !== 'test');

it('every folder with sources is a room with a rule', () => {
  const rooms = new Set(sources.filter((file) => file.includes('/')).map(roomOf));
  expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

it('no import goes upward', () => {
  const wrong = sources.flatMap((file) => {
    const room = roomOf(file);
    // A unit test may use what all tests share.
    const allowed = [room, ...(MAY_IMPORT[room] ?? []), ...(file.endsWith('.test.ts') ? ['test'] : [])];
    return importsOf(file)
      .filter((target) => !allowed.includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});
