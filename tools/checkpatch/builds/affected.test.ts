// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { adds, checkInput, newFile } from '../fixture.ts';
import { affectedObjects, changesBuild, filesOf } from './affected.ts';

const HEADER = 'include/linux/virtio_vsock.h';
const DEPENDENCIES = new Map([
  ['net/vmw_vsock/af_vsock.o', new Set(['net/vmw_vsock/af_vsock.c', 'include/net/af_vsock.h'])],
  ['net/vmw_vsock/virtio_transport.o', new Set(['net/vmw_vsock/virtio_transport.c', HEADER])],
  ['drivers/vhost/vsock.o', new Set(['drivers/vhost/vsock.c', HEADER])],
]);

async function affected(...diffs: string[]) {
  const { series } = await checkInput({ patches: diffs.map((diff) => ({ diff })) });
  return affectedObjects(series, DEPENDENCIES);
}

it('a source is its object, a header all objects that include it', async () => {
  const { objects, notBuilt, partly } = await affected(
    adds('net/vmw_vsock/af_vsock.c', ['a;']),
    adds(HEADER, ['b;']),
  );
  expect(objects[1]).toEqual(['net/vmw_vsock/af_vsock.o']);
  expect(objects[2]).toEqual(['drivers/vhost/vsock.o', 'net/vmw_vsock/virtio_transport.o']);
  expect([notBuilt, partly]).toEqual([[], []]);
});

it('names sources that the configuration does not build', async () => {
  const { objects, notBuilt } = await affected(newFile('net/vmw_vsock/hyperv_transport.c', ['a;']));
  expect(objects[1]).toEqual([]);
  expect(notBuilt).toEqual(['net/vmw_vsock/hyperv_transport.c']);
});

it('leaves out what is no part of the kernel', async () => {
  const { objects, notBuilt } = await affected(
    adds('tools/testing/vsock/vsock_test.c', ['a;']),
    adds('scripts/x.c', ['b;']),
  );
  expect([...Object.values(objects), notBuilt]).toEqual([[], [], []]);
});

it('takes a few of the many that include a header, and says so', async () => {
  const many = new Map(
    Array.from({ length: 30 }, (_, at) => [`net/core/f${String(at).padStart(2, '0')}.o`, new Set([HEADER])]),
  );
  const { series } = await checkInput({
    patches: [{ diff: adds(HEADER, ['a;']) }, { diff: adds('net/core/f29.c', ['b;']) }],
  });
  const { objects, partly } = affectedObjects(series, many);
  // That of the series' own source is one of them.
  expect(objects[1]).toContain('net/core/f29.o');
  expect(objects[1]).toHaveLength(8);
  expect(partly).toEqual([HEADER]);
});

it('reads what fixdep notes beside an object', () => {
  const cmd = [
    'savedcmd_net/vmw_vsock/af_vsock.o := gcc -c -o net/vmw_vsock/af_vsock.o /t/source/net/vmw_vsock/af_vsock.c',
    '',
    'source_net/vmw_vsock/af_vsock.o := /t/source/net/vmw_vsock/af_vsock.c',
    '',
    'deps_net/vmw_vsock/af_vsock.o := \\',
    '    $(wildcard include/config/VSOCKETS_LOOPBACK) \\',
    '  /t/source/include/net/af_vsock.h \\',
    '  ../source/include/linux/compiler-version.h \\',
    '  include/generated/rustc_cfg.h \\',
    '',
    'net/vmw_vsock/af_vsock.o: $(deps_net/vmw_vsock/af_vsock.o)',
  ].join('\n');
  expect([...filesOf(cmd, '/t/build-fast', '/t/source')]).toEqual([
    'net/vmw_vsock/af_vsock.c',
    'include/net/af_vsock.h',
    'include/linux/compiler-version.h',
  ]);
});

it.each([
  [['Documentation/networking/af_vsock.rst', 'MAINTAINERS', 'tools/testing/selftests/net/a.c'], false],
  [['tools/testing/vsock/vsock_test.c'], true],
  [['Documentation/a.rst', 'net/vmw_vsock/Makefile'], true],
])('%s: can a build come out otherwise? %s', async (files, yes) => {
  const { series } = await checkInput({ patches: files.map((file) => ({ diff: adds(file, ['a']) })) });
  expect(changesBuild(series)).toBe(yes);
});
