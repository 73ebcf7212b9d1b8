// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { gcovVariables } from './gcov-variables.ts';

it('names each object once, and none for nothing', () => {
  expect(gcovVariables([])).toEqual([]);
  const [flags, ...objects] = gcovVariables([
    'net/vmw_vsock/af_vsock.c',
    'drivers/vhost/vsock.c',
    'net/x/vsock.c',
  ]);
  expect(flags).toMatch(/^CFLAGS_GCOV=-fprofile-arcs -ftest-coverage .*-fprofile-update=atomic/);
  expect(objects).toEqual(['GCOV_PROFILE_af_vsock.o=y', 'GCOV_PROFILE_vsock.o=y']);
});
