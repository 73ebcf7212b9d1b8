// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findingsOf } from './findings.ts';
import { adds, checkInput } from './fixture.ts';
import { addedLines, atLine } from './places.ts';
import type { Rule } from './rule.ts';
import {
  addWaivers,
  applyWaivers,
  changeWaiver,
  formatWaivers,
  type KeptWaiver,
  parseWaivers,
  readWaivers,
  removeWaivers,
  restoreWaiver,
} from './waivers.ts';

const rule: Rule = {
  ...{
    id: 'no-goto',
    kind: 'source',
    severity: 'error',
    title: 'no goto',
    explanation: 'None.',
    needs: 'mails',
  },
  ...{ link: 'https://docs.kernel.org/', advice: 'return' },
  check: ({ series }) =>
    [...addedLines(series)]
      .filter(({ line }) => line.text.includes('goto'))
      .map((one) => ({ place: atLine(one), quote: one.line.text, text: 'a goto' })),
};
const waiver = (some: Partial<KeptWaiver> = {}): KeptWaiver => ({
  ...{
    rule: 'no-goto',
    by: 'Ann Author',
    date: '2026-11-25',
    reason: 'it is "the" way',
    about: '1/1 net/x.c:11',
  },
  ...some,
});

async function idsOf(lines: string[], version = 'v1'): Promise<string[]> {
  const { series, ...input } = await checkInput({ patches: [{ diff: adds('net/x.c', lines) }], version });
  const found = await rule.check({ ...input, series });
  return findingsOf(rule, found as [], series).map(({ id }) => id);
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-waivers-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('an id stays when the line moves or the version changes, and goes with the line', async () => {
  const [id] = await idsOf(['\tgoto out;']);
  expect(await idsOf(['\tint a;', '\tgoto out;'], 'v2')).toEqual([id]);
  expect(await idsOf(['\tgoto err;'])).not.toEqual([id]);
  const twice = await idsOf(['\tgoto out;', '\tgoto out;']);
  expect(twice[0]).toBe(id);
  expect(new Set(twice).size).toBe(2);
});

it('what is written is read again, and made for git diff', async () => {
  const evil = waiver({ reason: 'a "b" \\ c\n[d]\nrule = 1', by: 'Ü\x1b' });
  const waivers = new Map([
    ['f2222222', waiver()],
    ['f1111111', evil],
  ]);
  await addWaivers(folder, waivers);
  expect(await readWaivers(folder)).toEqual(new Map([...waivers].reverse()));
  const text = await readFile(path.join(folder, 'waivers.toml'), 'utf8');
  expect(text).toBe(formatWaivers(waivers));
  expect(text.match(/^\[.*\]$/gm)).toEqual(['[f1111111]', '[f2222222]']);
});

it('one is taken back; of one that is not there, what there is is told and all stay', async () => {
  await addWaivers(
    folder,
    new Map([
      ['f1111111', waiver()],
      ['f2222222', waiver()],
    ]),
  );
  await expect(removeWaivers(folder, ['f1111111', 'f3333333'])).rejects.toMatchObject({
    code: 'WAIVER_UNKNOWN',
    blame: 'usage',
    detail: expect.stringContaining('f2222222  no-goto  1/1 net/x.c:11'),
  });
  expect(await readWaivers(folder)).toHaveLength(2);
  expect([...(await removeWaivers(folder, ['f1111111'])).keys()]).toEqual(['f1111111']);
  expect([...(await readWaivers(folder)).keys()]).toEqual(['f2222222']);
});

it('a damaged file is told with its line', async () => {
  for (const [text, message] of [
    ['[f1111111]\nrule = \n', /waivers\.toml:2: /],
    ['[f1111111]\nrule = "no-goto"\nreason = " "\n', /f1111111 needs a rule and a reason/],
  ] as const) {
    await writeFile(path.join(folder, 'waivers.toml'), text);
    await expect(readWaivers(folder)).rejects.toMatchObject({
      code: 'WAIVERS',
      blame: 'usage',
      message: expect.stringMatching(message),
    });
  }
  expect(await parseWaivers('', 'x')).toEqual(new Map());
});

it('a waiver counts for its finding and its rule; one that matches nothing is void once its rule ran', async () => {
  const { series, ...input } = await checkInput({ patches: [{ diff: adds('net/x.c', ['\tgoto out;']) }] });
  const findings = findingsOf(rule, (await rule.check({ ...input, series })) as [], series);
  const id = findings[0]?.id ?? '';
  const waivers = new Map([
    [id, waiver()],
    ['f0000000', waiver({ about: 'gone' })],
    ['f0000001', waiver({ rule: 'other' })],
  ]);
  const applied = applyWaivers(findings, waivers, new Set(['no-goto']));
  expect(applied.findings[0]?.waiver).toMatchObject({ by: 'Ann Author', reason: 'it is "the" way' });
  expect(applied.voidWaivers).toEqual([{ id: 'f0000000', ...waiver({ about: 'gone' }) }]);
  const foreign = applyWaivers(findings, new Map([[id, waiver({ rule: 'other' })]]), new Set(['no-goto']));
  expect(foreign.findings[0]?.waiver).toBeNull();
});

it('a change of one waiver is taken back, with what was there before; not when somebody changed it since', async () => {
  const first = await changeWaiver(folder, 'f1', waiver());
  const second = await changeWaiver(folder, 'f1', waiver({ reason: 'another' }));
  await restoreWaiver(folder, second);
  expect((await readWaivers(folder)).get('f1')).toEqual(waiver());
  await addWaivers(folder, new Map([['f1', waiver({ by: 'Bob' })]]));
  await expect(restoreWaiver(folder, first)).rejects.toMatchObject({ code: 'WAIVED_SINCE' });
  expect((await readWaivers(folder)).get('f1')).toMatchObject({ by: 'Bob' });
  const gone = await changeWaiver(folder, 'f1', null);
  expect(await readWaivers(folder)).toEqual(new Map());
  await restoreWaiver(folder, gone);
  expect((await readWaivers(folder)).get('f1')).toMatchObject({ by: 'Bob' });
});
