// SPDX-License-Identifier: MIT
/** What each fault patch of test/faults must come to; the table there says why. */
import type { VerdictKind } from '../../core/run.ts';

export interface Fault {
  name: string;
  verdict: VerdictKind;
  exit: number;
  /** In `why` of the record. */
  why: RegExp;
  /** The error that ended the run before its tests. */
  code?: string;
  /** The only direction in which cases fail. */
  only?: 'g2h' | 'h2g';
  args?: string[];
  /** Takes minutes: it waits for time limits, or needs several boots. */
  long?: true;
}

export const FAULTS: readonly Fault[] = [
  { name: 'does-not-apply', verdict: 'fail', exit: 1, why: /does not apply/, code: 'PATCH_DOES_NOT_APPLY' },
  {
    name: 'does-not-build',
    verdict: 'fail',
    exit: 1,
    why: /does not build because of patch 1\/1/,
    code: 'BUILD_FAILED',
  },
  { name: 'kconfig-lost', verdict: 'fail', exit: 1, why: /VHOST_VSOCK/, code: 'CONFIG_SYMBOL_LOST' },
  { name: 'panic-at-boot', verdict: 'fail', exit: 1, why: /Kernel panic.*bind table is empty/ },
  {
    name: 'wrong-data',
    verdict: 'fail',
    exit: 1,
    why: /g2h .*SOCK_SEQPACKET msg bounds.*bounds broken/,
    only: 'g2h',
  },
  {
    name: 'lost-eom',
    verdict: 'fail',
    exit: 1,
    why: /h2g .*SOCK_SEQPACKET msg bounds.*bounds broken/,
    only: 'h2g',
  },
  { name: 'test-crashes', verdict: 'fail', exit: 1, why: /SOCK_STREAM MSG_PEEK.*killed by SIGSEGV/ },
  { name: 'flaky', verdict: 'flaky', exit: 0, why: /SOCK_STREAM MSG_PEEK.*failed and passed when repeated/ },
  {
    name: 'warn-once',
    verdict: 'fail',
    exit: 1,
    why: /WARNING.*virtio_transport_rx_work/,
    args: ['--direction', 'g2h'],
  },
  { name: 'flaky', verdict: 'flaky', exit: 1, why: /passed when repeated/, args: ['--strict'], long: true },
  { name: 'oops-in-vhost-worker', verdict: 'fail', exit: 1, why: /vhost_vsock_handle_tx_kick/ },
  {
    name: 'early-poweroff',
    verdict: 'fail',
    exit: 1,
    why: /the guest ended without a word .*the guest's QEMU ended: status 0/,
    long: true,
  },
  {
    name: 'deadlock',
    verdict: 'fail',
    exit: 1,
    why: /SOCK_STREAM client close|blocked for too long/,
    long: true,
  },
  {
    name: 'h2g-stall',
    verdict: 'fail',
    exit: 1,
    why: /h2g .*credit update/,
    only: 'h2g',
    args: ['--direction', 'g2h,h2g'],
    long: true,
  },
  {
    name: 'test-garbage',
    verdict: 'fail',
    exit: 1,
    why: /SOCK_STREAM multiple connections/,
    args: ['--direction', 'loopback'],
    long: true,
  },
  {
    name: 'never-prints',
    verdict: 'fail',
    exit: 1,
    why: /never printed a byte.*the base comes up/,
    long: true,
  },
];
