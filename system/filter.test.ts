// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { filter } from './filter.ts';

async function* bytes(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const list: Uint8Array[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list).toString();
}

describe('filter', () => {
  test('bytes in, bytes out, in a chain', async () => {
    expect(await all(filter('tr', ['b', 'c'], filter('tr', ['a', 'b'], bytes('aa', 'xa'))))).toBe('ccxc');
  });

  test('more than a pipe holds', async () => {
    const much = 'x'.repeat(3_000_000);
    expect((await all(filter('cat', [], bytes(much, much)))).length).toBe(6_000_000);
  });

  test("a failure says what the program said; a missing program is the machine's", async () => {
    const failing = filter('sh', ['-c', 'echo why >&2; exit 3'], bytes('x'.repeat(1_000_000)));
    await expect(all(failing)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      blame: 'machine',
      detail: 'why',
    });
    await expect(all(filter('no-such-program', [], bytes('x')))).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    });
  });

  test('what the input throws goes first', async () => {
    const broken = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
      throw new Error('broken input');
    })();
    await expect(all(filter('cat', [], broken))).rejects.toThrow('broken input');
  });

  test('given up early, the program ends', async () => {
    for await (const chunk of filter('yes', [], null)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });

  test('an abort', async () => {
    const controller = new AbortController();
    const chunks = filter('tail', ['-f', '/dev/null'], null, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(all(chunks)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
