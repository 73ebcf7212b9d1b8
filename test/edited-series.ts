// SPDX-License-Identifier: MIT
/** The shipped series with a patch or more behind it, which no build has seen: for benches and for what must build. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SHIPPED = path.resolve(import.meta.dirname, '../patches/vsock-rx-buffers/v1');

/** The first three lines of files that a version of this series may touch. */
const HEADS = {
  'net/vmw_vsock/vsock_loopback.c': [
    '//',
    '/* loopback transport for vsock using virtio_transport_common APIs',
    ' *',
  ],
  'include/linux/virtio_vsock.h': ['/* */', '#ifndef _LINUX_VIRTIO_VSOCK_H', '#define _LINUX_VIRTIO_VSOCK_H'],
  'drivers/vhost/vsock.c': ['//', '/*', ' * vhost transport for vsock'],
  'net/vmw_vsock/virtio_transport_common.c': ['//', '/*', ' * common code for virtio vsock'],
  'net/vmw_vsock/af_vsock.c': ['//', '/*', ' * VMware vSockets Driver'],
  'tools/testing/vsock/vsock_test.c': ['//', '/*', ' * vsock_test - vsock.ko test suite'],
} as const;

type Edited = keyof typeof HEADS;

const NEXT: readonly Edited[] = [
  'net/vmw_vsock/vsock_loopback.c',
  'include/linux/virtio_vsock.h',
  'drivers/vhost/vsock.c',
  'net/vmw_vsock/virtio_transport_common.c',
  'tools/testing/vsock/vsock_test.c',
];

/** The files of each patch more: one, as an author who tries something; five with a header, as in the next version. */
const EDITS: Record<'one-file' | 'next-version' | 'ten-patches', readonly (readonly Edited[])[]> = {
  'one-file': [['net/vmw_vsock/vsock_loopback.c']],
  'next-version': [NEXT],
  'ten-patches': [...NEXT.map((file) => [file]), ['net/vmw_vsock/af_vsock.c']],
};

/**
 * @param folder where to put it
 * @param stamp makes the edit unlike any other
 * @returns the new folder of *.patch files
 */
export function editedSeries(folder: string, stamp: string, what: keyof typeof EDITS = 'one-file'): string {
  const target = mkdtempSync(path.join(folder, 'edited-'));
  cpSync(SHIPPED, target, { recursive: true });
  const names = readdirSync(target);
  // The cover is number 0.
  const shipped = names.length - 1;
  const total = shipped + EDITS[what].length;
  for (const name of names) {
    const file = path.join(target, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(\[PATCH[^\]]* \d+)\/\d+\]/, `$1/${total}]`));
  }
  for (const [at, files] of EDITS[what].entries()) {
    const number = shipped + 1 + at;
    const text = editMail(files, stamp, `${number}/${total}`);
    writeFileSync(path.join(target, `${String(number).padStart(4, '0')}-vsock-name-the-edit.patch`), text);
  }
  return target;
}

function editMail(files: readonly Edited[], stamp: string, number: string): string {
  return [
    'From: Bench Author <bench@example.org>',
    'Date: Sun, 22 Nov 2026 12:00:00 +0000',
    `Subject: [PATCH net-next ${number}] vsock: name the edit`,
    `Message-ID: <bench-${stamp}-${number.replace('/', '-')}@example.org>`,
    '',
    'A small change, to see how long the way to a verdict is.',
    '',
    'Signed-off-by: Bench Author <bench@example.org>',
    '---',
    '',
    ...files.flatMap((file) => edit(file, stamp)),
    '-- ',
    '2.39.5',
    '',
  ].join('\n');
}

/** A comment behind the licence line: every compiler has to run again, and no kernel changes. */
function edit(file: Edited, stamp: string): string[] {
  const [comment, second, third] = HEADS[file];
  const licence = file.startsWith('include') ? 'GPL-2.0' : 'GPL-2.0-only';
  const spdx = `SPDX-License-Identifier: ${licence}`;
  return [
    `diff --git a/${file} b/${file}`,
    `--- a/${file}`,
    `+++ b/${file}`,
    '@@ -1,3 +1,4 @@',
    comment === '//' ? ` // ${spdx}` : ` /* ${spdx} */`,
    `+/* edit ${stamp} */`,
    ` ${second}`,
    ` ${third}`,
  ];
}
