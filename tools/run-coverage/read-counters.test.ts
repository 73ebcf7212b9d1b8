// SPDX-License-Identifier: MIT
/** With the real gcc and gcov: a program that counts, its counters, and those of another build. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOk } from '../../system/exec.ts';
import { findGcov, type GcovTool } from './gcov-tool.ts';
import { measureLines } from './measure-lines.ts';
import { countersOf, readCounters } from './read-counters.ts';
import type { Counters } from './read-dump.ts';

const { signal } = new AbortController();
const SOURCE = [
  'int main(int argc, char **argv)',
  '{',
  '\tif (argc > 1)',
  '\t\targc += 2;',
  '\treturn argc > 3;',
  '}',
  '',
];
let folder: string;
let tool: GcovTool;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-counters-'));
  const [compiler = ''] = (await runOk('gcc', ['--version'])).stdout.split('\n');
  tool = await findGcov(compiler, signal);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Counted {
  notes: Record<string, string>;
  run(...args: string[]): Promise<Counters>;
}

/** Builds the source as net/main.c in a folder of its own, as the kernel's make does: from the top. */
async function counted(name: string, lines: readonly string[]): Promise<Counted> {
  const build = path.join(folder, name);
  await mkdir(path.join(build, 'net'), { recursive: true });
  await writeFile(path.join(build, 'net/main.c'), lines.join('\n'));
  const options = { cwd: build };
  await runOk(
    'gcc',
    ['-O2', '-fprofile-arcs', '-ftest-coverage', '-c', '-o', 'net/main.o', 'net/main.c'],
    options,
  );
  await runOk('gcc', ['--coverage', '-o', 'main', 'net/main.o'], options);
  const data = path.join(build, 'net/main.gcda');
  return {
    notes: { 'net/main.c': path.join(build, 'net/main.gcno') },
    run: async (...args) => {
      await rm(data, { force: true });
      await runOk(path.join(build, 'main'), args);
      return new Map([[data, await readFile(data)]]);
    },
  };
}

it('without counters every line that has code is there, and has not run', async () => {
  const { notes } = await counted('none', SOURCE);
  const lines = (await readCounters(tool, notes, null, signal)).get('net/main.c');
  expect([...(lines?.keys() ?? [])]).toEqual(expect.arrayContaining([1, 3, 5]));
  expect(new Set(lines?.values())).toEqual(new Set([0]));
});

it('counts what ran, and adds up what is read twice', async () => {
  const { notes, run } = await counted('some', SOURCE);
  const lines = (await readCounters(tool, notes, await run(), signal)).get('net/main.c');
  expect([lines?.get(1), lines?.get(3)]).toEqual([1, 1]);
  const kernel = { notes, lines: path.join(folder, 'lines.json') };
  await writeFile(kernel.lines, JSON.stringify({ 'net/main.c': [1, 2, 3, 4, 5, 6] }));
  const reading = {
    program: 'a',
    direction: null,
    taken: 2,
    lost: null,
    counters: [await run(), await run()],
  };
  const told: number[][] = [];
  const [file] = await measureLines({
    ...{ tool, kernels: { host: kernel, guest: kernel }, signal },
    readings: [
      { ...reading, machine: 'host' },
      { ...reading, machine: 'guest', counters: [] },
    ],
    files: [
      { path: 'net/main.c', lines: SOURCE.map((text, at) => ({ text, origin: { patch: 1, hunk: '', at } })) },
    ],
    onReading: (done, total) => told.push([done, total]),
  });
  expect(file?.lines[0]).toMatchObject({ state: 'ran', counts: [[0, 2]] });
  expect(told).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

it('refuses counters of another build', async () => {
  const { notes } = await counted('one', SOURCE);
  const other = await counted('other', ['int f(int a) { return a; }', ...SOURCE]);
  const wrong = readCounters(tool, notes, await other.run(), signal);
  await expect(wrong).rejects.toMatchObject({ code: 'GCOV_MISMATCH', blame: 'machine' });
});

it('no objects are no lines', async () => {
  expect(await readCounters(tool, {}, null, signal)).toEqual(new Map());
});

describe('the counters of a source', () => {
  it('are those below the build folder, wherever that was', () => {
    const [right, wrong] = [Buffer.from('right'), Buffer.from('wrong')];
    const counters = new Map([
      ['/b/drivers/net/vsock.gcda', wrong],
      ['/b/net/vsock.gcda', right],
      ['/b/net/af_vsock.gcda', wrong],
    ]);
    expect(countersOf(counters, 'net/vsock.c')).toBe(right);
    expect(countersOf(counters, 'net/other.c')).toBeNull();
  });
});
