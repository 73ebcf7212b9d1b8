// SPDX-License-Identifier: MIT
/** An import that does not get to its end, and the next one, which ends as if nothing had been. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kernelListMails, mboxEntries } from '../bench/kernel-list.ts';
import { makeReviewWorld, type ReviewWorld } from './review-world.ts';

let world: ReviewWorld;
let mbox: string;

beforeEach(async () => {
  world = await makeReviewWorld();
  mbox = path.join(world.folder, 'list.mbox');
  writeFileSync(mbox, Buffer.concat([...mboxEntries(kernelListMails(3, 2000))]));
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Every file in the series' folders, and its size. */
function kept(): string[] {
  return readdirSync(world.patches, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .map((file) => `${path.relative(world.patches, file)} ${readFileSync(file).length}`)
    .sort();
}

/** Interrupts an import once it has begun to write and `series` of them are there. */
async function interrupted(signal: 'SIGINT' | 'SIGKILL', series: number): Promise<number | null> {
  const { child, ended } = world.start(['review', 'import', mbox, '--json']);
  while (child.exitCode === null && readdirSync(world.patches).length < series) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  child.kill(signal);
  return (await ended).status;
}

it('ends in the same state, wherever it was interrupted or killed', async () => {
  expect((await world.respin('review', 'import', mbox)).status).toBe(0);
  const whole = kept();
  expect(whole.length).toBeGreaterThan(1500);
  for (const [signal, series, status] of [
    ['SIGINT', 1, 130],
    ['SIGKILL', 1, null],
    ['SIGKILL', 20, null],
    ['SIGINT', 40, 130],
  ] as const) {
    rmSync(world.patches, { recursive: true });
    mkdirSync(world.patches);
    expect(await interrupted(signal, series)).toBe(status);
    const left = kept();
    expect(left.length, `${signal} came too late`).toBeLessThan(whole.length);
    // What is there is whole: no mail is cut, and a series is there with all of its mails.
    if (signal === 'SIGINT') expect(left.filter((name) => name.includes('.half-'))).toEqual([]);
    const folders = readdirSync(world.patches).filter((name) => !name.startsWith('.half-'));
    const inside = (lines: string[]): string[] =>
      lines.filter((line) => folders.includes(line.split('/')[0] ?? ''));
    expect(inside(left)).toEqual(inside(whole));
    const again = await world.respin('review', 'import', mbox);
    expect(again.status, again.stderr).toBe(0);
    expect(kept()).toEqual(whole);
  }
});
