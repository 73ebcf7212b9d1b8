// SPDX-License-Identifier: MIT
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { recipientsIn, recipientsOf } from './get-maintainer.ts';

const { signal } = new AbortController();

it('reads people, lists and what they are', () => {
  const output = [
    '"Mira S. Falk" <mira@example.org> (maintainer:VIRTIO AND VHOST VSOCK DRIVER)',
    'Ola Berg <Ola@example.org> (supporter:VSOCK (VM, HOST),reviewer:NET [GENERAL])',
    'Rita Reviewer <rita@example.org> (reviewer:NET,maintainer:DRIVERS)',
    'Rex <rex@example.org> (reviewer:NET)',
    'solo@example.org (odd fixer:OLD THINGS)',
    'kvm@example.org (open list:VSOCK)',
    'vm@lists.example.org (moderated list:VSOCK)',
    'linux-kernel@example.org (open list)',
    'Ola Berg <ola@example.org> (reviewer:AGAIN)',
    'Bad divisor in main::vcs_assign: 0',
    '',
  ].join('\n');
  expect(recipientsIn(output).map(({ name, email, kind, role }) => [name, email, kind, role])).toEqual([
    ['Mira S. Falk', 'mira@example.org', 'maintainer', 'maintainer of VIRTIO AND VHOST VSOCK DRIVER'],
    ['Ola Berg', 'ola@example.org', 'maintainer', 'supporter of VSOCK (VM, HOST),reviewer:NET [GENERAL]'],
    ['Rita Reviewer', 'rita@example.org', 'maintainer', 'reviewer of NET,maintainer:DRIVERS'],
    ['Rex', 'rex@example.org', 'reviewer', 'reviewer of NET'],
    ['', 'solo@example.org', 'maintainer', 'odd fixer of OLD THINGS'],
    ['', 'kvm@example.org', 'list', 'open list of VSOCK'],
    ['', 'vm@lists.example.org', 'list', 'moderated list of VSOCK'],
    ['', 'linux-kernel@example.org', 'list', 'open list'],
  ]);
});

it('says which package is missing, and what the script says when it fails', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'respin-maintainers-'));
  try {
    const perl = path.join(folder, 'bin/perl');
    await mkdir(path.dirname(perl));
    const says = async (text: string): Promise<unknown> => {
      await writeFile(perl, `#!/bin/sh\n${text}\n`);
      await chmod(perl, 0o755);
      return await recipientsOf(folder, '', signal).catch((error: unknown) => error);
    };
    vi.stubEnv('PATH', `${path.dirname(perl)}:${process.env['PATH']}`);
    expect(await says('echo "Can\'t locate File/Find.pm in @INC" >&2; exit 2')).toMatchObject({
      code: 'TOOL_MISSING',
      hint: 'apt-get install perl',
    });
    expect(await says('echo "no MAINTAINERS" >&2; exit 2')).toMatchObject({
      blame: 'machine',
      message: 'get_maintainer.pl failed: no MAINTAINERS',
    });
    expect(await says('echo "kvm@example.org (open list:VSOCK)"')).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
