// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RespinError } from '../core/errors.ts';
import { makeTarball } from './fixtures.ts';
import { TarReader } from './tar.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'respin-tar-'));
const archive = readFileSync(makeTarball(folder, 'a.tar', '--format=pax'));
const names = execFileSync('tar', ['-tf', path.join(folder, 'a.tar')], { encoding: 'utf8' })
  .trim()
  .split('\n');
rmSync(folder, { recursive: true });

/** Entries with their data, from an archive cut into pieces of the given lengths, over and over. */
function read(bytes: Buffer, lengths: readonly number[]): { path: string; data: string }[] {
  const reader = new TarReader();
  const entries: { path: string; data: string }[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? bytes.length;
    for (const item of reader.feed(bytes.subarray(at, at + length))) {
      if ('entry' in item) entries.push({ path: item.entry.path, data: '' });
      else {
        const last = entries.at(-1);
        if (last !== undefined) last.data += item.data.toString('latin1');
      }
    }
    at += length;
  }
  reader.end();
  return entries;
}

describe('TarReader', () => {
  test('lists what tar lists', () => {
    expect(read(archive, [archive.length]).map((entry) => entry.path)).toEqual(names);
  });

  test('gives the same however the archive is cut', () => {
    const whole = read(archive, [archive.length]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }), (lengths) => {
        expect(read(archive, lengths)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('rubbish is refused, or read to its end; nothing else happens', () => {
    const end = archive.length - 1;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: end }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 1, max: end }),
        (at, byte, length) => {
          const spoiled = Buffer.from(archive.subarray(0, length));
          if (at < length) spoiled[at] = byte;
          try {
            read(spoiled, [4096]);
          } catch (error) {
            expect(error).toBeInstanceOf(RespinError);
            expect(error).toMatchObject({ code: 'TREE_BAD_TAR', blame: 'usage' });
          }
        },
      ),
    );
  });
});
