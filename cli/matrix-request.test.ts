// SPDX-License-Identifier: MIT
import path from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_PATCHES_DIR } from '../patches/series-folder.ts';
import { machinesAtOnce } from '../runs/at-once.ts';
import { loadSettings } from '../system/config.ts';
import type { Context } from './command.ts';
import { matrixRequest } from './matrix-request.ts';

/** As the command line gives it. */
function contextOf(positionals: string[], values: Record<string, string | boolean>): Context {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    ...{ positionals, values, argv: positionals, cwd: '/', stdin: process.stdin, quiet: true },
    ...{ signal: new AbortController().signal, text, list: () => [] },
    flag: (name: string) => values[name] === true,
    settings: async (flags = {}) => await loadSettings({ cwd: '/', env: {}, flags }),
  } as unknown as Context;
}

async function asked(values: Record<string, string | boolean> = {}, series = 'vsock-rx-buffers') {
  const request = await matrixRequest(contextOf([series], values));
  return {
    rows: request.rows.map(({ version, patches, of }) => `${version} ${patches}/${of}`),
    columns: request.columns.map(
      ({ tree, profiles, variants }) =>
        `${tree} ${profiles.host},${profiles.guest} ${variants.host},${variants.guest}`,
    ),
    request,
  };
}

const errorOf = async (values: Record<string, string | boolean>): Promise<string> =>
  await asked(values).then(
    () => 'none',
    ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
  );

it('without words: every version, on the tree of the series, both machines patched', async () => {
  const { rows, columns, request } = await asked();
  expect(rows).toEqual(['v1 4/4', 'v2 4/4', 'v3 5/5', 'v4 4/4']);
  expect(columns).toEqual(['debian:linux-source-6.12 fast,fast patched,patched']);
  expect(request).toMatchObject({ name: 'vsock-rx-buffers', probes: false, again: false });
  expect(request.directions).toEqual(['g2h', 'h2g', 'loopback']);
});

it('versions by name and from one to another, in their order, each once', async () => {
  expect((await asked({ versions: 'v3,v1' })).rows).toEqual(['v1 4/4', 'v3 5/5']);
  expect((await asked({ versions: 'v2..v4,3' })).rows).toEqual(['v2 4/4', 'v3 5/5', 'v4 4/4']);
  expect(await errorOf({ versions: 'v1..v9' })).toBe('BAD_OPTION --versions v1..v9: there is no v9');
  expect(await errorOf({ versions: 'v1,,v2' })).toContain('nothing between two commas');
});

it('each patch of the newest version, or of one that is named', async () => {
  const { rows, request } = await asked({ 'each-patch': true });
  expect(rows).toEqual(['v4 1/4', 'v4 2/4', 'v4 3/4', 'v4 4/4']);
  expect(request.rows.map(({ series }) => [series.patches.length, series.of])).toEqual([
    [1, 4],
    [2, 4],
    [3, 4],
    [4, undefined],
  ]);
  expect(request.rows[0]?.subject).toBe('vsock/virtio: post rx buffers by the size of their skb');
  expect((await asked({ 'each-patch': true, versions: 'v3' })).rows).toHaveLength(5);
  expect(await errorOf({ 'each-patch': true, versions: 'v1,v2' })).toContain(
    '--each-patch is about one version',
  );
});

it('trees, kernels and machines multiply', async () => {
  const { columns } = await asked({
    trees: 'debian:linux-a,debian:linux-b',
    profiles: 'fast,debug',
    interop: true,
  });
  expect(columns).toHaveLength(2 * 3 * 4);
  expect(new Set(columns).size).toBe(24);
  expect(columns.slice(0, 4)).toEqual([
    'debian:linux-a fast,fast patched,patched',
    'debian:linux-a fast,fast base,patched',
    'debian:linux-a fast,fast patched,base',
    'debian:linux-a fast,fast base,base',
  ]);
  expect(columns[4]).toBe('debian:linux-a debug,fast patched,patched');
  expect(await errorOf({ trees: 'debain:x' })).toContain('TREE_SOURCE');
  expect(await errorOf({ profiles: 'slow' })).toBe('BAD_OPTION --profiles slow: slow is not known');
});

it('a folder of patches is one version', async () => {
  const folder = path.join(DEFAULT_PATCHES_DIR, 'vsock-rx-buffers/v2');
  expect((await asked({}, folder)).rows).toEqual(['v2 4/4']);
});

it('as many at a time as there is room for, or as was said', async () => {
  expect((await asked({ 'at-once': '5' })).request.atOnce).toBe(5);
  for (const text of ['0', '65', 'many'])
    expect(await errorOf({ 'at-once': text })).toContain('not a number');
  const GIB = 2 ** 30;
  expect(machinesAtOnce({ cores: 1, freeBytes: GIB })).toBe(1);
  expect(machinesAtOnce({ cores: 2, freeBytes: 24 * GIB })).toBe(1);
  expect(machinesAtOnce({ cores: 16, freeBytes: 64 * GIB })).toBe(8);
  expect(machinesAtOnce({ cores: 64, freeBytes: 16 * GIB })).toBe(5);
});
