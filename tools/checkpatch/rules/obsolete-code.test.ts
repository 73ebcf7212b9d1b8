// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { adds, found } from '../fixture.ts';
import { obsoleteCode } from './obsolete-code.ts';

const MAINTAINERS = `
VM SOCKETS (AF_VSOCK)
S:	Maintained
F:	net/vmw_vsock/

OLD BUS
S:	Orphan / Obsolete
F:	drivers/oldbus/

THE REST
S:	Buried alive in reporters
F:	*
F:	*/
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'respin-obsolete-'));
  writeFileSync(path.join(folder, 'MAINTAINERS'), MAINTAINERS);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const patch = (file: string): { diff: string } => ({ diff: adds(file, ['\treturn 0;']) });
const scripts = async (): Promise<string> => folder;

it('finds code that is obsolete, once for each file', async () => {
  const patches = [
    patch('net/vmw_vsock/af_vsock.c'),
    patch('drivers/oldbus/a.c'),
    patch('drivers/oldbus/a.c'),
  ];
  expect(await found(obsoleteCode, { patches, scripts })).toEqual([
    '2 drivers/oldbus/a.c OLD BUS, which has drivers/oldbus/a.c, is "Orphan / Obsolete" in MAINTAINERS',
  ]);
});

it('is silent on code that is looked after, and on what is removed', async () => {
  const removed = [
    'diff --git a/drivers/oldbus/a.c b/drivers/oldbus/a.c',
    'deleted file mode 100644',
    'index 2222222..0000000',
    '--- a/drivers/oldbus/a.c',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-int a;',
    '',
  ].join('\n');
  const patches = [patch('net/vmw_vsock/af_vsock.c'), { diff: removed }];
  expect(await found(obsoleteCode, { patches, scripts })).toEqual([]);
});

it('cannot tell without MAINTAINERS', async () => {
  rmSync(path.join(folder, 'MAINTAINERS'));
  const patches = [patch('drivers/oldbus/a.c')];
  await expect(found(obsoleteCode, { patches, scripts })).rejects.toMatchObject({ code: 'NO_MAINTAINERS' });
});
