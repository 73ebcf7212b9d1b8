// SPDX-License-Identifier: MIT
/** respin mutants without machines: its words, and records that are there already. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mutantsRecord } from '../../reports/mutants-fixture.ts';
import { expectError, makeWorld, type World } from './world.ts';

const ID = '20261126-100000-mutants-00aa';
let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

it('a mutant that there is not', async () => {
  await expectError(world, ['mutants', '--only', 'no-such'], {
    ...{
      code: 'BAD_OPTION',
      exit: 2,
      message: /there is no mutant no-such/,
      hint: /^there are accept-backwards/,
    },
  });
});

it('a folder without any, and a file that is no patch', async () => {
  const empty = path.join(world.folder, 'empty');
  mkdirSync(empty);
  await expectError(world, ['mutants', empty], { code: 'MUTANTS_EMPTY', exit: 2, message: /no mutants in/ });
  const file = path.join(empty, 'x.patch');
  writeFileSync(file, 'hello\n');
  const { status, stderr } = await world.respin('mutants', file);
  expect(status).not.toBe(0);
  expect(stderr).toContain('x.patch');
});

it('records: none yet, one, and what it holds', async () => {
  expect((await world.respin('mutants', 'list')).stdout).toMatch(/^no mutants were hunted yet/);
  await expectError(world, ['mutants', 'show'], {
    code: 'NO_SUCH_RUN',
    exit: 2,
    message: /no finished hunt/,
  });
  const folder = path.join(world.state, 'respin/mutants', ID);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'mutants.json'), JSON.stringify(mutantsRecord()));
  expect((await world.respin('mutants', 'list')).stdout).toMatch(/00aa .*2 of 3 killed, 1 by vsock_test/);
  expect((await world.respin('mutants', 'show')).stdout).toContain('with the probes           2 of 3 (67 %)');
  const json = JSON.parse((await world.respin('mutants', 'show', 'last', '--json')).stdout);
  expect(json).toEqual(mutantsRecord());
});

it('keeps as many records as it is told', async () => {
  const records = path.join(world.state, 'respin/mutants');
  mkdirSync(path.join(records, ID), { recursive: true });
  writeFileSync(path.join(records, ID, 'mutants.json'), JSON.stringify(mutantsRecord()));
  world.env['RESPIN_KEEP_RUNS'] = '1';
  const { status } = await world.respin('mutants', '--only', 'merge-length', '--tree', 'no/such/tree');
  expect(status).not.toBe(0);
  const left = readdirSync(records);
  expect(left).toHaveLength(1);
  expect(left).not.toContain(ID);
});
