// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  isGoodQemu,
  parseIndexTargets,
  parseMadison,
  parseQemuVersion,
} from './qemu-version.ts';

describe('parseQemuVersion', () => {
  it.each([
    [
      'QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright (c) 2003-2025',
      '10.0.2',
    ],
    ['QEMU emulator version 7.2.17 (Debian 1:7.2+dfsg-7+deb12u13)\n', '7.2.17'],
    ['QEMU emulator version 10.1.50 (v10.1.0-123-gabcdef)\n', '10.1.50'],
    ['sh: not found', null],
    ['', null],
  ])('reads %j', (printed, version) => {
    expect(parseQemuVersion(printed)).toBe(version);
  });
});

it.each([
  ['7.2.17', false],
  ['9.2.0', false],
  ['10.0.2', true],
  ['1:10.0.2+ds-2+deb13u1~bpo12+1', true],
  ['1:7.2+dfsg-7', false],
])('%s preferred: %s', (version, good) => {
  expect(isGoodQemu(version)).toBe(good);
});

it('orders versions by number, not by letter', () => {
  expect(['10.0.2', '9.1', '10.0.10', '10.0'].sort(compareVersions)).toEqual([
    '9.1',
    '10.0',
    '10.0.2',
    '10.0.10',
  ]);
});

it('reads what apt-cache madison prints', () => {
  const printed = ` qemu-system-x86 | 1:10.0.2+ds-2+deb13u1~bpo12+1 | http://archive.example.org/debian bookworm-backports/main amd64 Packages
 qemu-system-x86 | 1:7.2+dfsg-7+deb12u18 | http://archive.example.org/debian bookworm/main amd64 Packages
 qemu-system-x86 | 1:7.2+dfsg-7+deb12u18 | http://archive.example.org/debian bookworm/main Sources
`;
  expect(parseMadison(printed)).toEqual([
    { version: '1:10.0.2+ds-2+deb13u1~bpo12+1', suite: 'bookworm-backports' },
    { version: '1:7.2+dfsg-7+deb12u18', suite: 'bookworm' },
  ]);
});

describe('parseIndexTargets', () => {
  const security =
    'Debian|Debian-Security|bookworm|main|Packages|http://a.example.org/debian-security/|/k.gpg';
  const main = 'Debian|Debian|bookworm|main|Packages|http://a.example.org/debian/|/k.gpg';
  it('finds the release among other archives', () => {
    expect(
      parseIndexTargets(`Other|Other|nodistro|main|Packages|http://o/|\n${security}\n${main}\n`, 'bookworm'),
    ).toEqual({
      uri: 'http://a.example.org/debian/',
      codename: 'bookworm',
      signedBy: '/k.gpg',
    });
  });
  it('takes a key that is not a path for none', () => {
    expect(parseIndexTargets('Debian|Debian|bookworm|main|Packages|http://a/|', 'bookworm')?.signedBy).toBe(
      '',
    );
  });
  it('says when there is none', () => {
    expect(parseIndexTargets(`${security}\n`, 'bookworm')).toBeNull();
    expect(parseIndexTargets('', 'bookworm')).toBeNull();
  });
});
