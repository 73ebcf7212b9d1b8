// SPDX-License-Identifier: MIT
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { provideProgram, provideUperf } from './provide-program.ts';

const { signal } = new AbortController();
const BUILD = { programs: { vsock_perf: '/cache/vsock_perf' }, missing: [] };
const WITHOUT = {
  programs: {},
  missing: [{ program: 'vsock_perf', why: 'the tree has no tools/testing/vsock/vsock_perf.c' }],
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-uperf-'));
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A uperf in PATH that says this of itself. */
async function install(protocols: string): Promise<string> {
  const binary = path.join(folder, 'uperf');
  await writeFile(binary, `#!/bin/sh\necho Uperf Version 1.0.8\necho Supported protocols: ${protocols}\n`);
  await chmod(binary, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  return binary;
}

it('one stream is measured by the tree’s own program where the tree has it', async () => {
  const one = await provideProgram(['vsock_perf', 'vsock-load'], BUILD, '6.12.117', signal);
  expect(one.program).toMatchObject({ name: 'vsock_perf', version: '6.12.117' });
  expect(one).toMatchObject({ programs: {}, files: {} });
  const other = await provideProgram(['vsock_perf', 'vsock-load'], WITHOUT, '6.1.192', signal);
  expect(other.program).toMatchObject({ name: 'vsock-load', version: null });
  expect(Object.keys(other.programs)).toEqual(['vsock-load']);
});

it('who asks for vsock_perf does not get something else', async () => {
  await expect(provideProgram(['vsock_perf'], WITHOUT, '6.1.192', signal)).rejects.toMatchObject({
    ...{ code: 'PROGRAM_MISSING', blame: 'machine' },
    message: expect.stringContaining('the tree has no tools/testing/vsock/vsock_perf.c'),
    hint: expect.stringContaining('--program vsock-load'),
  });
});

it('a uperf in PATH goes into the machines', async () => {
  const binary = await install('TCP, UDP, VSOCK');
  const { program, files } = await provideProgram(['uperf'], BUILD, '6.12.117', signal);
  expect(program).toMatchObject({ name: 'uperf', version: '1.0.8' });
  expect(files).toEqual({ '/programs/uperf': binary });
});

it('no uperf, or one without vsock, is missing', async () => {
  vi.stubEnv('PATH', folder);
  const missing = { code: 'PROGRAM_MISSING', blame: 'machine' };
  await expect(provideUperf(signal)).rejects.toMatchObject({ ...missing, message: 'uperf is not installed' });
  vi.unstubAllEnvs();
  await install('TCP, UDP, SSL');
  await expect(provideUperf(signal)).rejects.toMatchObject({
    ...missing,
    message: expect.stringContaining('does not know vsock'),
  });
});
