// SPDX-License-Identifier: MIT
/** The shipped series with one patch more, which no build has seen: for benches and for what must build. */
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
  'tools/testing/vsock/vsock_test.c': ['//', '/*', ' * vsock_test - vsock.ko test suite'],
} as const;

type Edited = keyof typeof HEADS;

/** One file, as an author who tries something; or five with a header, as in the next version. */
const EDITS: Record<'one-file' | 'next-version', readonly Edited[]> = {
  'one-file': ['net/vmw_vsock/vsock_loopback.c'],
  'next-version': Object.keys(HEADS) as Edited[],
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
  // The cover is number 0, so there are as many mails as patches will be.
  const total = names.length;
  for (const name of names) {
    const file = path.join(target, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(\[PATCH[^\]]* \d+)\/\d+\]/, `$1/${total}]`));
  }
  writeFileSync(
    path.join(target, `${String(total).padStart(4, '0')}-vsock-name-the-edit.patch`),
    [
      'From: Bench Author <bench@example.org>',
      'Date: Sun, 22 Nov 2026 12:00:00 +0000',
      `Subject: [PATCH net-next ${total}/${total}] vsock: name the edit`,
      `Message-ID: <bench-${stamp}@example.org>`,
      '',
      'A small change, to see how long the way to a verdict is.',
      '',
      'Signed-off-by: Bench Author <bench@example.org>',
      '---',
      '',
      ...EDITS[what].flatMap((file) => edit(file, stamp)),
      '-- ',
      '2.39.5',
      '',
    ].join('\n'),
  );
  return target;
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
