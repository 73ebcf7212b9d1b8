// SPDX-License-Identifier: MIT
/** A review of the fixture series against what a person has written down of it: gold.json. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Anchor, Comment, Fate, Review } from '../../core/review.ts';
import { ECHO } from './review-world.ts';

export interface GoldPlace {
  patch: number | null;
  file: string | null;
  line: number | null;
  /** The text of the line, without a diff's column. */
  code: string | null;
}

export interface GoldFate extends GoldPlace {
  version: string;
  what: string;
  /** The beginnings of entries and answers that must be among the evidence. */
  changelog: string[];
  /** Entries that speak of it, but not so that it could be told from the words. */
  maybe?: string[];
  answers: string[];
}

export interface GoldComment extends GoldPlace {
  mail: string;
  begins: string;
  version: string;
  on: string;
  hunk: string | null;
  side: 'old' | 'new' | null;
  /** How deep, in which mail, and how it begins. */
  replies: [number, string, string][];
  fate: GoldFate[];
}

export interface Gold {
  title: string;
  versions: { version: string; date: string; title: string; patches: string[] }[];
  comments: GoldComment[];
  trailers: Record<string, unknown>[];
  changelogs: { version: string; patch: number; entries: [string, string | null, boolean][] }[];
  performance: Record<string, unknown>[];
  /** Version, and the programs it names. */
  tested: [string, string[]][];
}

export const gold = JSON.parse(readFileSync(path.join(ECHO, 'gold.json'), 'utf8')) as Gold;

const mailOf = (messageId: string): string => messageId.replace(/@example\.org$/, '');

export function expectGold(review: Review): void {
  expect(review.title).toBe(gold.title);
  expect(
    review.versions.map(({ version, date, title, patches, missing }) => ({
      ...{ version, date, title, missing },
      patches: patches.map(({ subject }) => subject),
    })),
  ).toEqual(gold.versions.map((one) => ({ ...one, missing: [] })));
  expectComments(review.comments);
  expectTrailers(review);
  expect(
    review.versions.flatMap(({ changelog }) =>
      changelog.map(({ version, patch, entries }) => ({
        ...{ version, patch },
        entries: entries.map(({ text, credit, note }) => [text, credit, note]),
      })),
    ),
  ).toEqual(gold.changelogs);
  expect(
    review.versions.flatMap(({ version, performance }) =>
      performance.map(({ test, before, after, unit, change, right }) => ({
        ...{ version, test, before, after, unit, change, right },
      })),
    ),
  ).toEqual(gold.performance);
  expect(
    review.versions.flatMap(({ version, tested }) => tested.map(({ programs }) => [version, programs])),
  ).toEqual(gold.tested);
  for (const { patches } of review.versions) {
    for (const { diffstatErrors } of patches) expect(diffstatErrors).toEqual([]);
  }
}

function expectComments(comments: readonly Comment[]): void {
  const found = new Set<Comment>();
  for (const wanted of gold.comments) {
    const label = `${wanted.mail}: ${wanted.begins}`;
    const comment = comments.find(
      ({ messageId, text }) => mailOf(messageId) === wanted.mail && text.startsWith(wanted.begins),
    );
    expect(comment, label).toBeDefined();
    if (comment === undefined) continue;
    found.add(comment);
    const { on, patch, file, hunk, side, line, confidence, quoted } = comment.anchor;
    const { version } = comment;
    expect({ version, on, patch, file, hunk, side, line }, label).toEqual({
      ...{ version: wanted.version, on: wanted.on, patch: wanted.patch, file: wanted.file },
      ...{ hunk: wanted.hunk, side: wanted.side, line: wanted.line },
    });
    expect(confidence, label).toBeGreaterThan(0.8);
    if (wanted.code !== null) {
      expect(quoted.at(-1)?.slice(wanted.on === 'line' ? 1 : 0), label).toBe(wanted.code);
    }
    expect(
      comment.replies.map(({ depth, messageId }) => [depth, mailOf(messageId)]),
      label,
    ).toEqual(wanted.replies.map(([depth, mail]) => [depth, mail]));
    for (const [at, [, , begins]] of wanted.replies.entries()) {
      expect(comment.replies[at]?.text.startsWith(begins), `${label}: ${begins}`).toBe(true);
    }
    expect(comment.state, label).toBe('open');
    expectFates(comment.fate, wanted, label);
  }
  const others = comments.filter((one) => !found.has(one));
  expect(others.map(({ messageId, text }) => `${mailOf(messageId)}: ${text}`)).toEqual([]);
}

function expectFates(fates: readonly Fate[], wanted: GoldComment, label: string): void {
  const place = (anchor: Anchor | null) => ({
    ...{ patch: anchor?.patch ?? null, file: anchor?.file ?? null, line: anchor?.line ?? null },
  });
  expect(
    fates.map(({ version, what, anchor }) => ({ version, what, ...place(anchor) })),
    label,
  ).toEqual(
    wanted.fate.map(({ version, what, patch, file, line }) => ({ version, what, patch, file, line })),
  );
  for (const [at, { version, changelog, answers, maybe = [] }] of wanted.fate.entries()) {
    const evidence = fates[at]?.evidence ?? [];
    for (const [kind, texts] of [['changelog', changelog] as const, ['reply', answers] as const]) {
      const there = evidence.filter((one) => one.kind === kind).map(({ text }) => text);
      for (const text of texts) {
        const has = there.some((one) => one.startsWith(text));
        expect(has, `${label}, ${version}: ${text}\nnot in: ${there.join(' | ')}`).toBe(true);
      }
    }
    const noise = evidence
      .filter(({ kind }) => kind === 'changelog')
      .map(({ text }) => text)
      .filter((text) => ![...changelog, ...maybe].some((one) => text.startsWith(one)));
    expect(noise, `${label}, ${version}`).toEqual([]);
  }
}

function expectTrailers(review: Review): void {
  const trailers = review.versions.flatMap(({ trailers: all }) => all);
  const shown = trailers.map((one) => ({
    ...{ version: one.version, mail: mailOf(one.messageId), kind: one.kind, name: one.name },
    ...{ email: one.email, state: one.state, scope: one.scope, counts: one.counts },
    ...{ patches: one.patches, condition: one.condition, why: one.why },
  }));
  expect(shown.map(({ why: _, ...rest }) => rest)).toEqual(gold.trailers.map(({ why: _, ...rest }) => rest));
  for (const [at, { why }] of gold.trailers.entries()) {
    if (typeof why === 'string') expect(shown[at]?.why).toContain(why);
    else expect(shown[at]?.why).toBeNull();
  }
}
