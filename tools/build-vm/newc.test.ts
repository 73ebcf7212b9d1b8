// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NewcEntry, newc } from './newc.ts';

interface Read {
  path: string;
  ino: number;
  mode: number;
  zeros: number[];
  major: number;
  minor: number;
  data: Buffer;
}

/** A reader after the format's description, sharing nothing with the writer. */
function read(archive: Uint8Array): Read[] {
  const bytes = Buffer.from(archive);
  const found: Read[] = [];
  let at = 0;
  for (;;) {
    expect(at % 4).toBe(0);
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number =>
      Number.parseInt(bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameSize = field(11);
    expect(bytes[at + 110 + nameSize - 1]).toBe(0);
    const path = bytes.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const start = Math.ceil((at + 110 + nameSize) / 4) * 4;
    const size = field(6);
    if (path === 'TRAILER!!!') {
      expect(start).toBe(bytes.length);
      return found;
    }
    const zeros = [2, 3, 5, 7, 8, 12].map(field);
    const data = bytes.subarray(start, start + size);
    found.push({ path, ino: field(0), mode: field(1), zeros, major: field(9), minor: field(10), data });
    at = Math.ceil((start + size) / 4) * 4;
  }
}

const name = fc
  .array(fc.stringMatching(/^[a-z0-9ä_-]{1,9}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const mode = fc.integer({ min: 0, max: 0o7777 });
const entry: fc.Arbitrary<NewcEntry> = fc.oneof(
  fc.record({ path: name, type: fc.constant('dir' as const), mode }),
  fc.record({ path: name, type: fc.constant('file' as const), mode, data: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ path: name, type: fc.constant('symlink' as const), target: name }),
  fc.record({
    ...{
      path: name,
      type: fc.constant('device' as const),
      kind: fc.constantFrom('char' as const, 'block' as const),
    },
    ...{ mode, major: fc.nat(255), minor: fc.nat(255) },
  }),
);
const entries = fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 12 });

describe('newc', () => {
  test('what is written can be read back', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const got = read(newc(given));
        expect(got.map(({ ino }) => ino)).toEqual(given.map((_, index) => index + 1));
        expect(got.flatMap(({ zeros }) => zeros).every((field) => field === 0)).toBe(true);
        const byPath = new Map(got.map((one) => [one.path, one]));
        expect(byPath.size).toBe(given.length);
        for (const one of given) {
          const found = byPath.get(one.path);
          const data = one.type === 'file' ? one.data : one.type === 'symlink' ? Buffer.from(one.target) : '';
          expect(found?.data).toEqual(Buffer.from(data));
          const type = { dir: 4, file: 8, symlink: 10, device: 'kind' in one && one.kind === 'char' ? 2 : 6 }[
            one.type
          ];
          expect(found?.mode).toBe((type << 12) | ('mode' in one ? one.mode : 0o777));
          if (one.type === 'device') expect([found?.major, found?.minor]).toEqual([one.major, one.minor]);
        }
      }),
    );
  });

  test('the order of the entries does not matter, and a folder comes before what is in it', () => {
    fc.assert(
      fc.property(entries, (given) => {
        expect(newc([...given].reverse())).toEqual(newc(given));
        const paths = read(newc(given)).map(({ path }) => path);
        for (const [index, path] of paths.entries()) {
          const parent = paths.indexOf(path.split('/').slice(0, -1).join('/'));
          expect(parent).toBeLessThan(index);
        }
      }),
    );
  });

  test.each(['', '/', '../x', 'a/../b', './a', 'a\0b', 'TRAILER!!!'])('refuses the path %j', (path) => {
    expect(() => newc([{ path, type: 'dir', mode: 0o755 }])).toThrow(RangeError);
  });

  test('refuses a path that comes twice', () => {
    const one: NewcEntry = { path: '/a', type: 'dir', mode: 0o755 };
    expect(() => newc([one, { ...one, path: 'a/' }])).toThrow('a comes twice');
  });

  test.skipIf(spawnSync('cpio', ['--version']).error !== undefined)('cpio lists it', () => {
    const archive = newc([
      { path: '/init', type: 'file', mode: 0o755, data: Buffer.from('#!/bin/sh\n') },
      { path: '/dev', type: 'dir', mode: 0o755 },
      { path: '/dev/console', type: 'device', kind: 'char', mode: 0o600, major: 5, minor: 1 },
      { path: '/sbin', type: 'symlink', target: 'bin' },
    ]);
    const { stdout, stderr, status } = spawnSync('cpio', ['-tv', '--numeric-uid-gid'], {
      input: archive,
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    });
    expect(status, String(stderr)).toBe(0);
    const listed = String(stdout)
      .trim()
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' '));
    expect(listed).toEqual([
      'drwxr-xr-x 2 0 0 0 Jan 1 1970 dev',
      'crw------- 1 0 0 5, 1 Jan 1 1970 dev/console',
      '-rwxr-xr-x 1 0 0 10 Jan 1 1970 init',
      'lrwxrwxrwx 1 0 0 3 Jan 1 1970 sbin -> bin',
    ]);
  });
});
