// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slug } from './slug.ts';

it('is what a person would call the file', () => {
  expect(slug('vsock/virtio: fix it', 60, 'series')).toBe('vsock-virtio-fix-it');
  expect(slug('Größe über alles', 60, 'series')).toBe('gro-e-uber-alles');
  expect(slug('virtio/vsock: replace virtio_vsock_pkt with sk_buff', 48, 'series')).toBe(
    'virtio-vsock-replace-virtio-vsock-pkt-with-sk',
  );
  expect(slug('日本', 60, 'series')).toBe('series');
});

it('is a plain name, never a path, whatever the title', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 8, max: 80 }), (title, most) => {
      const name = slug(title, most, 'mail');
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(name.length).toBeLessThanOrEqual(Math.max(most, 4));
    }),
  );
});
