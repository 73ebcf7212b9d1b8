// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { PROBES, TEST_PROGRAMS } from '../run-vsock-test/programs.ts';
import { suitesFor } from './suites.ts';

const ALL = [...TEST_PROGRAMS, ...PROBES];

function asked(file: string): { directions: string[]; first: string; guestProbes: number } {
  const suites = suitesFor(ALL, [file]);
  const others = suites.filter(({ program }) => !['probe-device', 'probe-guest'].includes(program.name));
  return {
    directions: [...new Set(others.map(({ direction }) => direction))].sort(),
    first: suites[0]?.program.name ?? '',
    guestProbes: suites.length - others.length,
  };
}

it('asks who runs the code, and vsock_test before all others', () => {
  const first = 'vsock_test';
  const both = ['g2h', 'h2g'];
  expect(asked('drivers/vhost/vsock.c')).toEqual({ directions: both, first, guestProbes: 2 });
  expect(asked('net/vmw_vsock/virtio_transport.c')).toEqual({ directions: both, first, guestProbes: 0 });
  expect(asked('net/vmw_vsock/vsock_loopback.c')).toEqual({
    directions: ['loopback'],
    first,
    guestProbes: 0,
  });
  expect(asked('net/vmw_vsock/af_vsock.c')).toEqual({
    directions: [...both, 'loopback'],
    first,
    guestProbes: 2,
  });
});
