// SPDX-License-Identifier: MIT
/**
 * `npm run bench:checks -- FOLDER… [--profile NAME] [--rule ID] [--list]`: the rules that need mails
 * alone, on every *.patch in the folders, each as a series of its own. Of merged work an error is
 * mostly a wrong rule: docs/checks-on-merged-patches.md says what was raised and what a person thinks of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CHECK_PROFILES, type Finding, SEVERITIES } from '../../core/check.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Series } from '../../core/series.ts';
import { formatTable } from '../../core/table.ts';
import { parseMail } from '../../patches/mail.ts';
import { mailFacts } from '../../patches/mail-facts.ts';
import { reviewOf } from '../../review/store/review-of-series.ts';
import { RULES } from '../../tools/checkpatch/catalogue.ts';
import { checkSeries } from '../../tools/checkpatch/check-series.ts';

/** One patch of several cannot have these right when it is alone. */
const NOT_ALONE = ['series-numbering', 'series-threading'];

interface Raised extends Finding {
  file: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'string', default: 'generic' },
    rule: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const profile = CHECK_PROFILES.find((one) => one === values.profile) ?? 'generic';
const rules = RULES.filter(
  ({ id, needs }) =>
    needs === 'mails' && !NOT_ALONE.includes(id) && (values.rule === undefined || values.rule === id),
);

const files = positionals.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => path.join(folder, name)),
);
const raised: Raised[] = [];
const failed = new Set<string>();
let unread = 0;
let ms = 0;
for (const file of files) {
  const found = await check(file);
  if (found === null) unread++;
  else for (const one of found) raised.push({ ...one, file });
}
if (values.list) for (const one of raised) print(one);
const rows = rules.map(({ id }) => {
  const own = raised.filter(({ rule }) => rule === id);
  const patches = new Set(own.map(({ file }) => file)).size;
  const count = SEVERITIES.map((severity) => String(own.filter((one) => one.severity === severity).length));
  return [id, ...count, String(patches)];
});
const right = { align: 'right' as const };
process.stdout.write(
  formatTable(
    [{ title: 'rule' }, ...[...SEVERITIES, 'patches'].map((title) => ({ title, ...right }))],
    rows.filter((row) => row.at(-1) !== '0'),
  ),
);
process.stdout.write(
  `\n${files.length - unread} patches, ${(ms / 1000).toFixed(1)} s for the rules; ${unread} could not be read as mails\n`,
);
for (const why of failed) process.stdout.write(`unknown: ${why}\n`);

async function check(file: string): Promise<Finding[] | null> {
  const mail = readFileSync(file);
  let read: Awaited<ReturnType<typeof parseMail>>;
  try {
    read = await parseMail(mail, file);
  } catch (error) {
    if (error instanceof RespinError) return null;
    throw error;
  }
  if (read.kind !== 'patch') return null;
  const patch = { ...read.patch, index: 1, total: 1 };
  const series: Series = {
    ...{ name: file, title: patch.subject, version: read.subject.version, source: file, tree: null },
    ...{ baseCommit: null, cover: null, patches: [patch] },
  };
  const steps = checkSeries({
    series,
    mails: [await mailFacts(1, patch.mail, file)],
    profile,
    setting: { prefix: null, lists: [], cc: [] },
    ...{ review: await reviewOf(series, null), netNext: null, now: new Date(), waivers: new Map(), rules },
    signal: new AbortController().signal,
    prepareTree: noTree,
    apply: noTree,
  });
  for (;;) {
    const step = await steps.next();
    if (step.done !== true) continue;
    ms += step.value.ms;
    for (const { rule, state, why } of step.value.rules) {
      if (state === 'unknown') failed.add(`${rule}: ${why}`);
    }
    return step.value.findings;
  }
}

// biome-ignore lint/correctness/useYield: no rule that is run here asks for a tree
async function* noTree(): AsyncGenerator<never, never> {
  throw new Error('there is no tree');
}

function print({ file, rule, severity, place, quote, text }: Raised): void {
  const where = `${place.file ?? place.on}${place.line === null ? '' : `:${place.line}`}`;
  process.stdout.write(`${severity} ${rule}  ${file} ${where}\n  ${printable(text)}\n`);
  if (quote !== null) process.stdout.write(`  | ${printable(quote.slice(0, 160))}\n`);
}
