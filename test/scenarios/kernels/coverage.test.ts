// SPDX-License-Identifier: MIT
/** respin coverage in real machines: the shipped series, by the shortest of the programs. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CoverageRecord } from '../../../core/coverage.ts';
import { leftBehind, newPlace, start } from './respin.ts';

const place = newPlace();

afterAll(() => rmSync(place.state, { recursive: true, force: true }));

it('tells which lines of the series ran, where and by what', async () => {
  const words = [
    'coverage',
    'vsock-rx-buffers',
    '--version',
    'v1',
    '--program',
    'vsock_diag_test,vsock_uring_test',
    '--direction',
    'g2h',
  ];
  const { status, stdout, stderr } = await start(place, [...words, '--json']).ended;
  expect(status, stderr).toBe(0);
  const record = JSON.parse(stdout) as CoverageRecord;
  expect(record.error).toBeNull();
  expect(record.readings.map(({ program, machine, lost }) => [program, machine, lost])).toEqual(
    ['boot', 'vsock_diag_test', 'vsock_uring_test'].flatMap((program) => [
      [program, 'host', null],
      [program, 'guest', null],
    ]),
  );
  const driver = record.files.find((file) => file.path === 'net/vmw_vsock/virtio_transport.c');
  const lineWith = (text: string) => driver?.lines.find((line) => line.text.includes(text));
  // The guest fills its queue when it finds the device, and again as packets come; the host has no such driver.
  const add = lineWith('static int virtio_vsock_rx_add(');
  expect(add).toMatchObject({ state: 'ran', patch: 1 });
  expect(add?.counts.map(([reading]) => record.readings[reading]?.machine)).not.toContain('host');
  const init = lineWith('__skb_queue_head_init(&vsock->rx_recycle)');
  expect(init?.counts.map(([reading]) => record.readings[reading]?.program)).toEqual(['boot']);
  // Only when the device goes away.
  expect(lineWith('__skb_queue_purge(&vsock->rx_recycle)')).toMatchObject({ state: 'never' });
  // An error path that gcov has no count of.
  expect(lineWith('return skb;')).toMatchObject({ inferred: true });
  expect(lineWith('* used length against.')).toMatchObject({ state: 'no-code' });
  expect(record.files.find((file) => file.path.startsWith('tools/'))?.why).toBe('not a part of the kernel');
  const folder = path.join(place.state, 'respin/coverage', record.id);
  expect(readFileSync(path.join(folder, 'coverage.lcov'), 'utf8')).toMatch(
    /^TN:boot_guest\nSF:net\/vmw_vsock/m,
  );
  expect(existsSync(path.join(folder, 'logs', 'guest-console.log'))).toBe(true);
  expect(leftBehind(place)).toEqual([]);
});
