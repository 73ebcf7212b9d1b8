// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { lineLikeness, lineWeight } from './line-likeness.ts';

describe('lineWeight', () => {
  it('is small for braces and blank lines, all for a statement', () => {
    expect(lineWeight('\t}')).toBeLessThan(0.05);
    expect(lineWeight('')).toBeLessThan(0.05);
    expect(lineWeight('\t\tbreak;')).toBeLessThan(0.5);
    expect(lineWeight('\tskb = virtio_vsock_rx_alloc(&large);')).toBe(1);
  });
});

describe('lineLikeness', () => {
  it('knows a line that was renamed, re-indented or given another argument', () => {
    expect(lineLikeness('\tkfree_skb(skb);', '\t\tkfree_skb(skb);')).toBe(1);
    expect(
      lineLikeness('if (list_empty(&vsock->send_pkt_list)) {', 'if (queue_empty(&vsock->send_pkt_queue)) {'),
    ).toBeGreaterThan(0.6);
    expect(lineLikeness('ret = add_buf(vq, skb);', 'ret = add_buf(vq, skb, GFP_KERNEL);')).toBeGreaterThan(
      0.6,
    );
  });

  it('takes calls of other functions for other lines', () => {
    expect(lineLikeness('\tfoo(bar);', '\tmutex_lock(&vsock->lock);')).toBeLessThan(0.2);
    expect(lineLikeness('', '')).toBe(1);
    expect(lineLikeness('', 'x')).toBe(0);
  });

  it('does not hang on a line of a megabyte', () => {
    const long = '(a_'.repeat(400_000);
    expect(lineLikeness(long, `${long}b`)).toBe(1);
    expect(lineWeight(long)).toBe(1);
  });
});
