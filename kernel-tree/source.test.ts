// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { RespinError } from '../core/errors.ts';
import { parseTreeSource } from './source.ts';

const SUM = 'a'.repeat(64);

describe('parseTreeSource', () => {
  test.each([
    ['debian:linux-source-6.12', { kind: 'debian', package: 'linux-source-6.12', packageVersion: null }],
    ['debian:linux-source-6.12=6.12.7-1~deb12u1', { packageVersion: '6.12.7-1~deb12u1' }],
    ['git:/srv/linux#v6.12', { kind: 'git-path', path: '/srv/linux', ref: 'v6.12' }],
    ['git:../linux#HEAD~2', { source: 'git:/home/linux#HEAD~2', path: '/home/linux', ref: 'HEAD~2' }],
    ['git:/odd#name/linux#v6', { path: '/odd#name/linux', ref: 'v6' }],
    ['git:https://example.org/linux.git#abc', { kind: 'git-url', url: 'https://example.org/linux.git' }],
    ['git:me@example.org:linux.git#abc', { kind: 'git-url', url: 'me@example.org:linux.git' }],
    ['tar:linux.tar.xz', { kind: 'tar-path', path: '/home/me/linux.tar.xz', sha256: null }],
    [`tar:/x.tar#sha256=${SUM.toUpperCase()}`, { kind: 'tar-path', path: '/x.tar', sha256: SUM }],
    [`tar:https://example.org/x.tar.xz#sha256=${SUM}`, { kind: 'tar-url', sha256: SUM }],
  ])('%s', (text, expected) => {
    expect(parseTreeSource(text, '/home/me')).toMatchObject(expected);
  });

  test.each([
    ['', /kind of tree/],
    ['linux-source-6.12', /kind of tree/],
    ['svn:/x', /kind of tree/],
    ['debian:', /package name/],
    ['debian:-o=x', /package name/],
    ['git:/srv/linux', /no commit/],
    ['git:#v6', /no repository/],
    ['git:/srv/linux#--upload-pack=x', /names no commit/],
    ['git:/srv/linux#a:b', /names no commit/],
    ['git:/srv/linux#v6.1..v6.2', /names no commit/],
    ['git:ext::sh -c x#HEAD', /protocol/],
    ['git:ftp://example.org/x#HEAD', /protocol/],
    ['git:https://-x/y#HEAD', /protocol/],
    ['tar:', /no tarball/],
    ['tar:https://example.org/x.tar.xz', /needs its sum/],
    ['tar:/x#sha256=12', /64 hexadecimal/],
    ['tar:ftp://example.org/x.tar', /protocol/],
    ['git:/srv/li\nnux#HEAD', /control/],
  ])('refuses %j with a hint', (text, message) => {
    let thrown: unknown;
    try {
      parseTreeSource(text, '/home/me');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RespinError);
    expect(thrown).toMatchObject({
      code: 'TREE_SOURCE',
      blame: 'usage',
      message: expect.stringMatching(message),
    });
    expect((thrown as RespinError).hint).toBeTruthy();
  });
});
