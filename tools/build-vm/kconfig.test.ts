// SPDX-License-Identifier: MIT
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyLost } from './config.ts';
import { parseDotConfig } from './fragments.ts';
import { type Kconfig, readKconfig } from './kconfig.ts';
import { evaluateDependency, unmetParts } from './kconfig-expression.ts';

let root: string;
let kconfig: Kconfig;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'respin-kconfig-'));
  await mkdir(path.join(root, 'net'));
  await mkdir(path.join(root, 'arch', 'x86'), { recursive: true });
  await writeFile(
    path.join(root, 'Kconfig'),
    [
      'mainmenu "Test"',
      'source "arch/$(SRCARCH)/Kconfig"',
      'if NET',
      'source "net/Kconfig"',
      'endif # NET',
      'source "../outside"',
      'source "Kconfig"',
      'menu "Drivers"',
      '\tdepends on HAS_IOMEM',
      'config DRIVER',
      '\ttristate "A driver" if EXPERT',
      '\tselect HELPER if PCI',
      'endmenu',
      'config HELPER',
      '\tbool',
    ].join('\n'),
  );
  await writeFile(path.join(root, 'arch', 'x86', 'Kconfig'), 'config HAS_IOMEM\n\tdef_bool y\n');
  await writeFile(
    path.join(root, 'net', 'Kconfig'),
    [
      'config NET',
      '\tbool "Networking"',
      '\thelp',
      '\t  Text in which',
      '',
      '\t  config IN_HELP',
      '\t    depends on NOTHING',
      '',
      'config VSOCK # the one',
      '\tbool "vsock"',
      '\tdepends on A && \\',
      '\t\t(B || !C)',
      'choice',
      '\tprompt "one of"',
      'config ONE',
      '\tbool "one"',
      'endchoice',
    ].join('\n'),
  );
  kconfig = await readKconfig(root);
});

afterAll(async () => await rm(root, { recursive: true }));

describe('readKconfig', () => {
  test('carries the conditions of the blocks around a symbol, across files', () => {
    expect(kconfig.get('VSOCK')?.definitions).toEqual([
      { where: 'net/Kconfig:9', prompt: true, depends: ['NET', 'A &&  \t\t(B || !C)'], inChoice: false },
    ]);
    expect(kconfig.get('DRIVER')?.definitions[0]?.depends).toEqual(['HAS_IOMEM']);
  });
  test('knows prompts, selects and choices, and is not taken in by help texts', () => {
    expect(kconfig.get('HELPER')).toMatchObject({ selectedBy: ['DRIVER'], definitions: [{ prompt: false }] });
    expect(kconfig.get('ONE')?.definitions[0]?.inChoice).toBe(true);
    expect(kconfig.has('IN_HELP')).toBe(false);
    expect(kconfig.has('HAS_IOMEM')).toBe(true);
  });
});

describe('dependencies', () => {
  const config = parseDotConfig('CONFIG_A=y\nCONFIG_M=m\nCONFIG_N=5\nCONFIG_S="x86"\n');
  test.each([
    ['A', 2],
    ['!A', 0],
    ['A && M', 1],
    ['M || B', 1],
    ['!(A && B)', 2],
    ['A = y && B = n', 2],
    ['M!=m', 0],
    ['N > 4', 2],
    ['S = "x86"', 2],
    ['$(cc-option,-fx) && A', null],
    ['$(cc-option,-fx) && B', 0],
    ['B || $(success,test (x))', null],
  ] as const)('%s is %s', (text, value) => {
    expect(evaluateDependency(text, config)).toBe(value);
  });
  test('only the parts that do not hold are named', () => {
    expect(unmetParts('A && B && (C || D) && !M && !A', config)).toEqual(['B', 'C || D', '!A']);
  });
  test('no text makes it throw or hang', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        evaluateDependency(text, config);
        unmetParts(text, config);
      }),
    );
  });
});

test.each([
  ['VSOCK', '', 'net/Kconfig:9: depends on NET, which is n'],
  ['VSOCK', 'CONFIG_NET=y\nCONFIG_A=y\nCONFIG_C=y', 'net/Kconfig:9: depends on B || !C, which is n'],
  ['HELPER', '', 'Kconfig:14: cannot be set, only selected by DRIVER'],
  ['ONE', 'CONFIG_NET=y', 'net/Kconfig:15: one of a choice, another entry won'],
  ['NEVER_WAS', '', 'no Kconfig file of the tree has this symbol'],
])('says why %s is lost in {%s}', (symbol, config, why) => {
  const request = { symbol, value: 'y', where: 'f:1', optional: null };
  expect(whyLost(request, kconfig, parseDotConfig(config)).why).toContain(why);
});
