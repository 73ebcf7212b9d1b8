// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machinesOf, readMutants, taggedLine } from './read-mutants.ts';

const MUTANTS = path.resolve(import.meta.dirname, '../../test/mutants');

describe('whose kernel has the fault', () => {
  it.each([
    [['drivers/vhost/vsock.c'], ['host']],
    [['net/vmw_vsock/vsock_loopback.c'], ['host']],
    [['net/vmw_vsock/virtio_transport.c'], ['guest']],
    [['net/vmw_vsock/virtio_transport_common.c'], ['host', 'guest']],
    [['net/vmw_vsock/af_vsock.c'], ['host', 'guest']],
    [
      ['drivers/vhost/vsock.c', 'net/vmw_vsock/virtio_transport.c'],
      ['host', 'guest'],
    ],
  ])('%j: %j', (files, machines) => {
    expect(machinesOf(files)).toEqual(machines);
  });
});

it('a line goes on where it is indented', () => {
  expect(taggedLine('x\nKind: leak\nImitates: 0123 ("a\n  b")\nSeen by: c\n', 'Imitates')).toBe(
    '0123 ("a b")',
  );
  expect(taggedLine('Kind: leak', 'Seen by')).toBeNull();
});

it("reads respin's own", async () => {
  const mutants = await readMutants([MUTANTS], '/');
  expect(mutants.length).toBeGreaterThan(0);
  for (const { name, kind, imitates, files, machines } of mutants) {
    expect({ name, kind, imitates, files, machines }).toEqual({
      name: expect.stringMatching(/^[a-z0-9-]+$/),
      kind: expect.stringMatching(/^[a-z0-9-]+$/),
      imitates: expect.stringMatching(/\w/),
      files: expect.arrayContaining([expect.stringMatching(/\.[ch]$/)]),
      machines: expect.arrayContaining([expect.stringMatching(/^(?:host|guest)$/)]),
    });
  }
});

describe('a folder without any', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'respin-mutants-'));
    await writeFile(path.join(folder, 'README.md'), '');
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  it('is an error with a hint', async () => {
    await expect(readMutants([folder], '/')).rejects.toMatchObject({
      ...{ code: 'MUTANTS_EMPTY', blame: 'usage', hint: expect.stringContaining('test/mutants') },
    });
  });
});
