// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, checkInput, found, newFile } from '../fixture.ts';
import { kconfigHelp } from './kconfig-help.ts';

const PATH = 'net/vmw_vsock/Kconfig';
const of = async (lines: readonly string[]): Promise<string[]> =>
  await found(kconfigHelp, { patches: [{ diff: newFile(PATH, lines) }] });

it('finds an option with a prompt and no help', async () => {
  expect(
    await of([
      'config A',
      '\ttristate "a"',
      '\tdepends on NET',
      '',
      'config B',
      '\tbool',
      '\tprompt "b"',
      '\thelp',
      '',
      'endmenu',
    ]),
  ).toEqual([
    `1 ${PATH}:1 the new option A has no help text`,
    `1 ${PATH}:5 the new option B has an empty help text`,
  ]);
});

it('says less of one line', async () => {
  expect(await of(['menuconfig A', '\tbool "a" if EXPERT', '\thelp', '\t  Say Y.'])).toEqual([
    `1 ${PATH}:1 the new option A has a single line of help`,
  ]);
});

it('is silent about one with help, and one without a prompt', async () => {
  expect(
    await of([
      'config A',
      '\tbool "a"',
      '\thelp',
      '\t  Say Y if you have',
      '\t  config files,',
      '',
      '\t  choice or not.',
      'config B',
      '\tdef_bool y',
      'config C',
      '\ttristate',
    ]),
  ).toEqual([]);
});

it('is silent where the hunk does not show the end, and about one that moves', async () => {
  expect(await found(kconfigHelp, { patches: [{ diff: adds(PATH, ['config A', '\tbool "a"']) }] })).toEqual(
    [],
  );
  const diff = adds(PATH, ['config A', '\tbool "a"', 'endif'])
    .replace(' /* behind */', '-config A')
    .replace('+10,5', '+10,4');
  expect(await found(kconfigHelp, { patches: [{ diff }] })).toEqual([]);
});

it('says less of one of a choice', async () => {
  const { check } = kconfigHelp;
  const input = async (lines: string[]) =>
    await check(await checkInput({ patches: [{ diff: newFile(PATH, lines) }] }));
  const entry = ['config A', '\tbool "a"'];
  expect(await input(['choice', ...entry, 'endchoice'])).toMatchObject([{ severity: 'note' }]);
  expect(await input([...entry, 'endchoice', ...entry])).toMatchObject([
    { severity: 'note' },
    { severity: 'warning' },
  ]);
});
