// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { built, SOURCE, said } from '../builds/fixture.ts';
import { found } from '../fixture.ts';
import { eachPatchBuilds } from './each-patch-builds.ts';

it('finds the patch after which the kernel does not build, at the line', async () => {
  const failures = [{ patch: 1, why: 'the kernel does not build', errors: [said(12, '‘b’ undeclared')] }];
  expect(await found(eachPatchBuilds, await built({ failures }))).toEqual([`1 ${SOURCE}:12 ‘b’ undeclared`]);
});

it('names the patch where no line is named', async () => {
  const failures = [{ patch: 2, why: 'vmlinux does not link', errors: [] }];
  expect(await found(eachPatchBuilds, await built({ failures }))).toEqual(['2 mail vmlinux does not link']);
});

it('is silent when every patch builds', async () => {
  expect(await found(eachPatchBuilds, await built({}))).toEqual([]);
});

it('cannot tell of a source that is not configured', async () => {
  expect(
    await found(eachPatchBuilds, await built({ notBuilt: ['net/vmw_vsock/hyperv_transport.c'] })),
  ).toEqual(['unknown: not in the configuration that is built: net/vmw_vsock/hyperv_transport.c']);
});
