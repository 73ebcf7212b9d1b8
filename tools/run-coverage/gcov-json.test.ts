// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGcovJson } from './gcov-json.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../test/fixtures/gcov');

describe('what gcov printed', () => {
  it('has the counts of a source and of the headers in it', () => {
    const counts = readGcovJson(readFileSync(path.join(FIXTURES, 'gcov-12.json'), 'utf8'));
    expect([...counts.keys()]).toEqual(
      expect.arrayContaining(['net/vmw_vsock/virtio_transport.c', 'include/linux/virtio_vsock.h']),
    );
    const lines = counts.get('net/vmw_vsock/virtio_transport.c');
    // virtio_vsock_rx_copybreak(), and the line of virtio_vsock_vqs_del() that no test reaches.
    expect(lines?.get(670)).toBeGreaterThan(0);
    expect(lines?.get(844)).toBe(0);
    expect(lines?.has(665)).toBe(false);
  });

  it('of several objects, or functions, is added up', () => {
    const document = (count: number): string =>
      JSON.stringify({
        files: [
          {
            file: 'a.h',
            lines: [
              { line_number: 3, count },
              { line_number: 3, count: 1, function_name: 'b' },
            ],
          },
        ],
      });
    expect(readGcovJson(`${document(2)}\n\n${document(5)}\n`)).toEqual(new Map([['a.h', new Map([[3, 9]])]]));
  });

  it.each([
    'no data',
    '{',
    '[]',
    '{"files":{}}',
    '{"files":[{"file":"a.c"}]}',
    '{"files":[{"file":"a.c","lines":[{}]}]}',
  ])('is not %s', (text) => {
    expect(() => readGcovJson(text)).toThrow(/gcov/);
  });
});

it('takes any text or refuses it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        for (const lines of readGcovJson(text).values())
          for (const count of lines.values()) expect(count).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect((error as Error).message).toMatch(/gcov/);
      }
    }),
  );
});
