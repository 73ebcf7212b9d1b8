// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, FrameReader } from './frames.ts';

const frame = fc.record({
  type: fc.constantFrom<Frame['type']>('ready', 'output', 'exit', 'error'),
  id: fc.nat({ max: 999 }),
  data: fc.uint8Array({ maxLength: 200 }).map((data) => Buffer.from(data)),
});

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(frames.flatMap((f) => [Buffer.from(`${f.type} ${f.id} ${f.data.length}\n`), f.data]));
}

describe('FrameReader', () => {
  it('gives the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 50 })),
        (frames, cuts) => {
          const reader = new FrameReader();
          const got: Frame[] = [];
          let rest = encode(frames);
          for (const cut of [...cuts, rest.length]) {
            got.push(...reader.push(rest.subarray(0, cut)));
            rest = rest.subarray(cut);
          }
          expect(got).toEqual(frames);
        },
      ),
    );
  });

  it.each([
    ['a word that is no frame', 'hello 1 2\nab'],
    ['a head that never ends', 'x'.repeat(100)],
    ['a size beyond any frame', 'output 1 99999999\n'],
    ['a negative size', 'output 1 -1\n'],
  ])('refuses %s', (_, text) => {
    expect(() => [...new FrameReader().push(Buffer.from(text))]).toThrow(/something else/);
  });
});
