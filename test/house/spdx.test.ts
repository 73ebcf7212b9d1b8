// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { projectFiles, projectText } from './files.ts';

const SOURCE = /\.(tsx?|m?js|sh|c|h|config)$|^bin\/|^\.ci\//;
const LICENCES = ['MIT', 'GPL-2.0-only'];

const sources = projectFiles().filter((file) => SOURCE.test(file) && !file.startsWith('test/fixtures/'));

it('finds the sources', () => {
  expect(sources).toContain('bin/respin');
  expect(sources).toContain('core/errors.ts');
});

it('every source file names its licence in its first two lines', () => {
  const wrong = sources.filter((file) => {
    const head = projectText(file).split('\n').slice(0, 2).join('\n');
    const licence = /SPDX-License-Identifier: (\S+)/.exec(head)?.[1];
    return licence === undefined || !LICENCES.includes(licence);
  });
  expect(wrong).toEqual([]);
});

it('what is compiled into a VM or given to the kernel is GPL-2.0-only', () => {
  const wrong = sources
    .filter((file) => /\.(c|h|config)$/.test(file))
    .filter((file) => !projectText(file).includes('SPDX-License-Identifier: GPL-2.0-only'));
  expect(wrong).toEqual([]);
});
