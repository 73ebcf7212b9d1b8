// SPDX-License-Identifier: MIT
/** The shipped series with one patch more, which no build has seen: for benches and for what must build. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SHIPPED = path.resolve(import.meta.dirname, '../patches/vsock-rx-buffers/v1');

/**
 * @param folder where to put it
 * @param stamp makes the edit unlike any other
 * @returns the new folder of *.patch files
 */
export function editedSeries(folder: string, stamp: string): string {
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
    path.join(target, `${String(total).padStart(4, '0')}-vsock-loopback-name-the-edit.patch`),
    [
      'From: Bench Author <bench@example.org>',
      'Date: Sun, 22 Nov 2026 12:00:00 +0000',
      `Subject: [PATCH net-next ${total}/${total}] vsock/loopback: name the edit`,
      `Message-ID: <bench-${stamp}@example.org>`,
      '',
      'A change of one file, to see how long the way to a verdict is.',
      '',
      'Signed-off-by: Bench Author <bench@example.org>',
      '---',
      ' net/vmw_vsock/vsock_loopback.c | 1 +',
      ' 1 file changed, 1 insertion(+)',
      '',
      'diff --git a/net/vmw_vsock/vsock_loopback.c b/net/vmw_vsock/vsock_loopback.c',
      '--- a/net/vmw_vsock/vsock_loopback.c',
      '+++ b/net/vmw_vsock/vsock_loopback.c',
      '@@ -1,3 +1,4 @@',
      ' // SPDX-License-Identifier: GPL-2.0-only',
      `+/* edit ${stamp} */`,
      ' /* loopback transport for vsock using virtio_transport_common APIs',
      '  *',
      '-- ',
      '2.39.5',
      '',
    ].join('\n'),
  );
  return target;
}
