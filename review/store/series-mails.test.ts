// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readMailSet } from './series-mails.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'respin-series-mails-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a patch file that cannot be read is named, not passed over', async () => {
  mkdirSync(path.join(folder, 'v1'));
  const mixed = 'From: A <a@example.org>\nSubject: [PATCH] x\n\ndiff --git a/x b/x\r\n@@ -1 +1 @@\n-a\n+b\n';
  writeFileSync(path.join(folder, 'v1', '0001-x.patch'), mixed);
  const { mails, problems } = await readMailSet(folder);
  expect(mails).toEqual([]);
  expect(problems).toMatchObject([{ origin: 'v1/0001-x.patch' }]);
  expect(problems[0]?.what).toMatch(/CRLF/);
});
