// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { Patch } from '../../core/series.ts';
import { parseMail } from '../../patches/mail.ts';
import { readMail } from '../../patches/mail-text.ts';
import { generateThreads } from './generate.ts';
import { isClean, STYLES } from './mangle.ts';
import { fold } from './pins.ts';
import type { Truth } from './reply.ts';
import type { GeneratedThread } from './thread.ts';

const threads = generateThreads(7, { count: 2 * STYLES.length });
const everything = threads.flatMap((thread) => thread.truth.map((truth) => ({ thread, truth })));
const textOf = (thread: GeneratedThread, messageId: string): string =>
  thread.mails.find((mail) => mail.messageId === messageId)?.text ?? '';
const has = (truth: Truth, ...names: string[]): boolean =>
  truth.style.split('+').some((name) => names.includes(name));
/** The mail of a patch, by its number. */
const rootOf = (thread: GeneratedThread, patch: number): string =>
  thread.mails.find((mail) => new RegExp(`^s7-t\\d+-${patch}-`).test(mail.messageId))?.text ?? '';

describe('generateThreads', () => {
  it('gives the same for the same seed and something else for another', () => {
    expect(generateThreads(7, { count: 2 })).toEqual(threads.slice(0, 2));
    expect(generateThreads(8, { count: 1 })).not.toEqual(threads.slice(0, 1));
  });

  it('has comments in every style and on every part of a series', () => {
    const styles = new Set(everything.flatMap(({ truth }) => truth.style.split('+')));
    expect(STYLES.map((style) => style.name).filter((name) => !styles.has(name))).toEqual([]);
    expect(new Set(everything.map(({ truth }) => truth.on))).toEqual(
      new Set(['line', 'message', 'notes', 'cover', 'patch']),
    );
    expect(new Set(everything.map(({ truth }) => truth.side))).toEqual(new Set(['old', 'new', null]));
    expect(everything.filter(({ truth }) => isClean(truth.style)).length).toBeGreaterThan(300);
  });

  it('makes mails that decode to what they were made of', async () => {
    for (const mail of threads.flatMap((thread) => thread.mails)) {
      const read = await readMail(mail.bytes, mail.messageId);
      expect(read.messageId).toBe(mail.messageId);
      expect(read.text.trimEnd()).toBe(mail.text.trimEnd());
      expect(read.from?.email).toMatch(/@.*example\.org$/);
    }
  });

  it('answers mails of the thread that are named in In-Reply-To or References', () => {
    for (const { mails, truth } of threads) {
      const ids = new Set(mails.map((mail) => mail.messageId));
      for (const mail of mails) {
        const header = Buffer.from(mail.bytes).toString('latin1').replaceAll('\r', '').split('\n\n')[0] ?? '';
        const named = header.slice(header.indexOf('Message-ID:')).match(/(?<=<)[^<>]+(?=>)/g) ?? [];
        expect(named.filter((id) => !ids.has(id))).toEqual([]);
        if (mail.messageId.includes('-answer-')) expect(named.length).toBeGreaterThan(1);
      }
      for (const { answers } of truth) if (answers !== null) expect(ids).toContain(answers);
    }
  });
});

describe('the truth', () => {
  it('names lines that the patches have', async () => {
    for (const { mails, truth } of threads) {
      const patches = new Map<number, Patch>();
      let cover: string[] = [];
      for (const mail of mails) {
        const parsed = await parseMail(mail.bytes, mail.messageId);
        if (parsed.kind === 'patch') patches.set(parsed.patch.index, parsed.patch);
        if (parsed.kind === 'cover') cover = parsed.cover.body.split('\n');
        expect(parsed.kind === 'other').toBe(mail.messageId.includes('-answer-'));
      }
      for (const one of truth) {
        const patch = patches.get(one.patch);
        const { side, line } = one;
        if (one.on === 'line') {
          const file = patch?.files.find((f) => (f.newPath ?? f.oldPath) === one.file);
          const hunk = file?.hunks.find(({ header }) => header === one.hunk);
          const found = hunk?.lines.find(
            (l) =>
              line === (side === 'old' ? l.oldLine : l.newLine) && (l.kind === 'del') === (side === 'old'),
          );
          expect(found, JSON.stringify(one)).toBeDefined();
        } else {
          const text =
            one.on === 'message'
              ? patch?.body.split('\n')
              : one.on === 'notes'
                ? patch?.notes.split('\n')
                : cover;
          if (line !== null) expect(text?.[line - 1]?.trim() ?? '', JSON.stringify(one)).not.toBe('');
          else expect(['cover', 'patch']).toContain(one.on);
        }
      }
    }
  });

  it('has the exact words, and no words twice in a mail', () => {
    for (const { mails, truth } of threads) {
      for (const { messageId } of mails) {
        const texts = truth.filter((one) => one.messageId === messageId).map((one) => fold(one.text));
        const mail = fold(textOf({ mails, truth }, messageId));
        for (const text of texts) {
          expect(mail).toContain(text);
          expect(texts.filter((other) => other.includes(text))).toHaveLength(1);
        }
      }
    }
  });

  it('is what the quoted lines above a comment fit best, and fit nowhere else as well', () => {
    let checked = 0;
    for (const { thread, truth } of everything) {
      const marked = has(truth, 'gt', 'mutt', 'tight', 'bar', 'colon', 'initials');
      if (!marked || truth.line === null || truth.answers !== null) continue;
      if (has(truth, 'depth-2', 'depth-3', 'depth-4', 'rewrap-marked', 'rewrap-bare', 'flowed', 'top-post'))
        continue;
      const patch = rootOf(thread, truth.patch).split('\n').map(fold);
      const above = quotedAbove(textOf(thread, truth.messageId), truth.text);
      const fit = patch.map((_, at) => commonEnd(patch.slice(0, at + 1), above));
      const best = Math.max(...fit);
      expect(
        fit.filter((one) => one === best),
        `${truth.messageId} ${truth.text}`,
      ).toHaveLength(1);
      const place = fit.indexOf(best);
      expect(lineAt(rootOf(thread, truth.patch), place), truth.messageId).toEqual(
        truth.on === 'line' ? [truth.hunk, truth.side, truth.line] : null,
      );
      checked++;
    }
    expect(checked).toBeGreaterThan(200);
  });
});

/** The quoted lines above a comment without their marks and white space, whatever stands between them. */
function quotedAbove(mail: string, text: string): string[] {
  const lines = mail.split('\n');
  const first = fold(text.split('\n')[0] ?? '');
  const own = lines.findIndex((line) => fold(line) === first);
  const mark = /^(?:\p{Lu}{2,3}>|[>|:]) ?/u;
  return lines
    .slice(0, own)
    .filter((line) => mark.test(line))
    .map((line) => fold(line.replace(mark, '')));
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}

/** Hunk, side and number of a line of a patch mail; null outside of hunks. */
function lineAt(mail: string, at: number): [string, string, number] | null {
  const lines = mail.split('\n');
  const header = lines.slice(0, at).findLastIndex((line) => line.startsWith('@@ -'));
  if (header < 0 || lines.slice(header, at).some((line) => line.startsWith('diff --git '))) return null;
  const starts = /^@@ -(\d+)\S* \+(\d+)/.exec(lines[header] ?? '');
  const isOld = lines[at]?.startsWith('-') === true;
  const without = isOld ? /^[+\\]/ : /^[-\\]/;
  const before = lines.slice(header + 1, at).filter((line) => !without.test(line)).length;
  return [lines[header] ?? '', isOld ? 'old' : 'new', Number(starts?.[isOld ? 1 : 2]) + before];
}
