// SPDX-License-Identifier: MIT
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { adds, found, type PatchText, type SeriesText } from '../fixture.ts';
import { recipients } from './recipients.ts';

let folder = '';

/** Knows two files, by what it is given on stdin as the script is. */
const PERL = `#!/bin/sh
text=$(cat)
case "$text" in *b/net/vmw_vsock/af_vsock.c*)
  echo '"Mira Falk" <mira@example.org> (maintainer:VSOCK (VM))'
  echo 'Rita Reviewer <rita@example.org> (reviewer:VSOCK (VM))'
  echo 'netdev@vger.kernel.org (open list:VSOCK (VM))';;
esac
case "$text" in *b/drivers/a.c*)
  echo 'Rita Reviewer <rita@example.org> (maintainer:A)'
  echo 'a@lists.example.org (open list:A)';;
esac
echo 'linux-kernel@vger.kernel.org (open list)'
`;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-recipients-'));
  await writeFile(path.join(folder, 'perl'), PERL);
  await chmod(path.join(folder, 'perl'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const of = (patches: PatchText[], more: Partial<SeriesText> = {}) =>
  found(recipients, {
    patches,
    scripts: async () => folder,
    ...more,
  });

const EVERYBODY = 'Mira Falk <mira@example.org>, Rita <rita@example.org>, netdev@vger.kernel.org';
const A: PatchText = { diff: adds('drivers/a.c', ['int a;']) };

it('finds who is missing, and what they are', async () => {
  const to = 'netdev@vger.kernel.org';
  expect(await of([{ to }])).toEqual([
    '- series Mira Falk <mira@example.org>, maintainer of VSOCK (VM), is not in To or Cc',
    '- series Rita Reviewer <rita@example.org>, reviewer of VSOCK (VM), is not in To or Cc',
  ]);
});

it('names the patches, once for each person, and the more of what they are', async () => {
  const to = 'Mira Falk <mira@example.org>, netdev@vger.kernel.org';
  expect(await of([{ to }, { ...A, to }, { to: EVERYBODY }])).toEqual([
    '- series a@lists.example.org, open list of A, is not in To or Cc (patch 2)',
    '- series Rita Reviewer <rita@example.org>, maintainer of A, is not in To or Cc (patches 1-2)',
  ]);
});

it('finds that netdev does not get all of a series for its trees', async () => {
  const to = 'a@lists.example.org, rita@example.org';
  expect(await of([{ to: EVERYBODY }, { ...A, to }])).toEqual([
    '- series netdev@vger.kernel.org, list of the networking trees, is not in To or Cc (patch 2)',
  ]);
  expect(await of([{ to: EVERYBODY }, { ...A, to }], { profile: 'generic' })).toEqual([
    '- series linux-kernel@vger.kernel.org, open list, is not in To or Cc (all patches)',
  ]);
});

it('is content when everybody has it, the author and who has another address included', async () => {
  expect(await of([{ to: EVERYBODY }, { to: 'netdev@vger.kernel.org', cc: EVERYBODY }])).toEqual([]);
  const from = 'Mira Falk <mira@example.org>';
  const to = 'Rita Reviewer <rita@work.example.org>, NetDev <Netdev@vger.kernel.org>';
  expect(await of([{ from, to }])).toEqual([]);
});

it('holds a series that is not mailed against what series.toml names', async () => {
  const setting = { prefix: null, lists: ['netdev@vger.kernel.org'], cc: ['Mira Falk <mira@example.org>'] };
  expect(await of([{}, {}], { setting })).toEqual([
    '- series Rita Reviewer <rita@example.org>, reviewer of VSOCK (VM), is not named in series.toml (all patches)',
  ]);
});

it('says whom to send it to when nobody is named', async () => {
  expect(await of([{}])).toEqual([
    '- series not mailed yet; it goes to netdev@vger.kernel.org, Mira Falk <mira@example.org>, Rita Reviewer <rita@example.org>',
  ]);
});
