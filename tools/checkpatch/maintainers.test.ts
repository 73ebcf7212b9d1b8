// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMaintainers, sectionsOf } from './maintainers.ts';

const TEXT = `List of maintainers
===================

	F: *Files* and directories wildcard patterns.
	   F:	drivers/net/	all files in and below drivers/net

Maintainers List
----------------

VM SOCKETS (AF_VSOCK)
M:	Ann Maintainer <ann@example.org>
F:	net/vmw_vsock/
F:	include/linux/vsock
F:	drivers/net/*
F:	*/sound/*
X:	net/vmw_vsock/hyperv_transport.c

3C59X NETWORK DRIVER
F:	Documentation/networking/3c59x
N:	[^a-z]tegra
N:	bcm283*
N:	(a+)+b

THE REST
F:	*
F:	*/
`;
const sections = parseMaintainers(TEXT);
const of = (path: string): string[] => sectionsOf(path, sections).map(({ title }) => title);

describe('F: and X:', () => {
  it.each([
    ['net/vmw_vsock/af_vsock.c', true],
    ['net/vmw_vsock/deep/er/a.c', true],
    ['net/vmw_vsock/hyperv_transport.c', false],
    ['include/linux/vsock.h', true],
    ['include/linux/vsock/a.h', true],
    ['include/linux/deep/vsock.h', false],
    ['drivers/net/a.c', true],
    ['drivers/net/deep/a.c', false],
    ['any/sound/a.c', true],
    ['net/core/dev.c', false],
  ])('%s: %s', (path, yes) => {
    expect(of(path)).toEqual(yes ? ['VM SOCKETS (AF_VSOCK)'] : []);
  });
});

it('knows N:, and a folder without its slash', () => {
  expect(of('arch/arm/mach-tegra/a.c')).toEqual(['3C59X NETWORK DRIVER']);
  expect(of('drivers/strategra.c')).toEqual([]);
  expect(of('Documentation/networking/3c59x/a.rst')).toEqual(['3C59X NETWORK DRIVER']);
});

it('does not take the description at its head for a section', () => {
  expect(sections.find(({ title }) => title === 'Maintainers List')?.files).toEqual([]);
});

it('gives the same as a regular expression would', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '/', '*', '?'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (pattern, path) => {
      const one = path.replaceAll(/[*?]/g, 'c');
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      const plain = new RegExp(`^${source}`).test(one);
      const depth = one.split('/').length === pattern.split('/').length;
      const yes = (plain && (pattern.endsWith('/') || depth)) || one.startsWith(`${pattern}/`);
      const section = { title: 'A', files: [pattern], excluded: [], status: '', names: [] };
      expect(sectionsOf(one, [section])).toEqual(yes ? [section] : []);
    }),
  );
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, path) => {
      sectionsOf(path, parseMaintainers(`A\nF: ${text}\nN: ${text}\n${text}`));
    }),
  );
});
