// SPDX-License-Identifier: MIT
/** Which programs can notice a fault in which files, and in which order they are asked. */
import { DIRECTIONS, type Direction } from '../../core/run.ts';
import type { TestProgram } from '../run-vsock-test/programs.ts';

export interface Suite {
  program: TestProgram;
  direction: Direction;
}

/** The probes whose both sides are in the host, and which drive its vhost all the same. */
const DRIVE_VHOST = ['probe-device', 'probe-guest'];

/**
 * Every program with each direction that runs the code of these files: vsock_test first, and
 * within a program loopback, which runs while the guest comes up.
 */
export function suitesFor(programs: readonly TestProgram[], files: readonly string[]): Suite[] {
  const loopbackOnly = files.every((name) => name.endsWith('/vsock_loopback.c'));
  const noLoopback = files.every(
    (name) => name.startsWith('drivers/vhost/') || name.endsWith('/virtio_transport.c'),
  );
  const guestOnly = files.every((name) => name.endsWith('/virtio_transport.c'));
  const order: Direction[] = ['loopback', ...DIRECTIONS.filter((direction) => direction !== 'loopback')];
  return programs.flatMap((program) =>
    order.flatMap((direction): Suite[] => {
      if (!program.directions.includes(direction)) return [];
      if (DRIVE_VHOST.includes(program.name))
        return guestOnly || loopbackOnly ? [] : [{ program, direction }];
      if (direction === 'loopback' ? noLoopback : loopbackOnly) return [];
      return [{ program, direction }];
    }),
  );
}
