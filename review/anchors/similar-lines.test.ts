// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { similarLines } from './similar-lines.ts';

const LINES = ['virtio_vsock_skb_dequeue(vsock);', 'virtio_vsock_skb_enqueue(vsock);', 'gotoout;'];

describe('similarLines', () => {
  it('finds what a mangled line was, the most alike first', () => {
    const found = similarLines(LINES)()('virtio_vsock_skb_dequeu(vsock);');
    expect(found.map(({ target }) => target)).toEqual([0, 1]);
    expect(found[0]?.similarity).toBeGreaterThan(0.8);
  });

  it('finds nothing for a line that is like none, or too short to tell', () => {
    expect(similarLines(LINES)()('somethingelsealtogether')).toEqual([]);
    expect(similarLines(LINES)()('goto')).toEqual([]);
  });

  it('gives up on a mail of lines that are all like each other', () => {
    const known = Array.from(
      { length: 10_000 },
      (_, at) => `group${at % 60}_of_lines_that_share_much_of_it(${at});`,
    );
    const similar = similarLines(known)();
    const started = performance.now();
    for (let at = 0; at < 50_000; at++) similar(`group${at % 60}_of_linez_that_share_much_of_it(${at}x);`);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
