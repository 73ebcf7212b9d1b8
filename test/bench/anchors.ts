// SPDX-License-Identifier: MIT
/**
 * `npm run bench:anchors [-- --seed N] [--count N] [--style NAME] [--show-wrong N]`: comments at known
 * places in generated threads, and how many of them are found there. Exit 1 when a target is missed.
 */
import { parseArgs } from 'node:util';
import { type Column, formatTable } from '../../core/table.ts';
import { generateThreads } from '../reviews/generate.ts';
import { isClean, STYLES } from '../reviews/mangle.ts';
import { type FoundComment, type Scored, scoreThread } from '../reviews/score.ts';
import type { GeneratedThread } from '../reviews/thread.ts';
import { anchorThread } from './anchor-adapter.ts';

/** Shares that must be reached, and what must not happen at all. */
const TARGETS = {
  clean: { exact: 1, hunk: 1, sureAndWrong: 0 },
  all: { exact: 0.98, hunk: 0.995, sureAndWrong: 0 },
};

interface Result extends Scored {
  of: GeneratedThread;
}

function usage(message: string): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}

function whole(value: string, name: string): number {
  if (!/^\d{1,9}$/.test(value)) usage(`--${name} takes a whole number, not "${value}"`);
  return Number(value);
}

const share = (part: number, all: number): number => (all === 0 ? 1 : part / all);
/** Cut, not rounded: 99.996 % is not 100 %. */
const percent = (part: number, all: number): string =>
  all === 0 ? '-' : `${(Math.floor(share(part, all) * 10_000) / 100).toFixed(2)} %`;
const count = (results: readonly Result[], of: (result: Result) => boolean): number =>
  results.filter(of).length;

const COLUMNS: Column[] = [
  { title: 'comments', align: 'right' },
  { title: 'found', align: 'right' },
  { title: 'same words', align: 'right' },
  { title: 'exact line', align: 'right' },
  { title: 'right hunk', align: 'right' },
  { title: 'wrong, sure', align: 'right' },
  { title: 'right thread', align: 'right' },
];

function row(name: string, results: readonly Result[]): string[] {
  const of = (what: (result: Result) => boolean): string => percent(count(results, what), results.length);
  return [
    name,
    String(results.length),
    of((one) => one.found !== null),
    of((one) => one.sameText),
    of((one) => one.exact),
    of((one) => one.hunk),
    String(count(results, (one) => one.sureAndWrong)),
    of((one) => one.thread),
  ];
}

/** The comment, where it should be and where it was put, and the mail around it. */
function describe(result: Result): string {
  const { truth, found, of } = result;
  const mail = of.mails.find((one) => one.messageId === truth.messageId);
  const lines = (mail?.text ?? '').split('\n');
  const first = truth.text.split('\n')[0] ?? '';
  const at = Math.max(
    0,
    lines.findIndex((line) => line.trim() === first.trim()),
  );
  const { text: _text, ...where } = truth;
  return [
    `--- ${truth.messageId}`,
    `truth: ${JSON.stringify(where)}`,
    found === null
      ? 'found: nothing with these words'
      : `found: ${JSON.stringify({ ...found.anchor, answers: found.replyTo })}`,
    ...lines
      .slice(Math.max(0, at - 14), at + 8)
      .map((line, i) => `${i + Math.max(0, at - 14) === at ? '=>' : '  '} ${line}`),
    '',
  ].join('\n');
}

/** What is missed, in words; empty when all targets are met. */
function missed(name: keyof typeof TARGETS, results: readonly Result[]): string[] {
  const target = TARGETS[name];
  const words: string[] = [];
  for (const key of ['exact', 'hunk'] as const) {
    const reached = count(results, (one) => one[key]);
    if (share(reached, results.length) >= target[key]) continue;
    const what = key === 'exact' ? 'on the exact line' : 'on the right hunk';
    words.push(`${name}: ${percent(reached, results.length)} ${what}, not ${target[key] * 100} %`);
  }
  const wrong = count(results, (one) => one.sureAndWrong);
  if (wrong > target.sureAndWrong) words.push(`${name}: ${wrong} on a wrong hunk with confidence above 0.9`);
  return words;
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '400' },
    style: { type: 'string' },
    'show-wrong': { type: 'string', default: '0' },
  },
});
const style = STYLES.find((one) => one.name === values.style)?.name;
if (values.style !== undefined && style === undefined) {
  usage(`no style "${values.style}"; there is ${STYLES.map((one) => one.name).join(', ')}`);
}
const seed = whole(values.seed, 'seed');
const threads = generateThreads(seed, {
  count: whole(values.count, 'count'),
  ...(style === undefined ? {} : { style }),
});
const results: Result[] = [];
const extra: FoundComment[] = [];
let ms = 0;
for (const [at, thread] of threads.entries()) {
  const started = performance.now();
  const found = await anchorThread(thread.mails).catch((cause: unknown) => {
    throw new Error(`thread ${at} of seed ${seed} could not be read`, { cause });
  });
  ms += performance.now() - started;
  const score = scoreThread(thread.truth, found);
  results.push(...score.scored.map((one) => ({ ...one, of: thread })));
  extra.push(...score.extra);
}
// With one style asked for, what the other mails of its threads say is not of interest.
const counted = results.filter((one) => style === undefined || one.truth.style.split('+').includes(style));
if (counted.length === 0) usage('no comments at all: take a larger --count');
const wrong = counted
  .filter((one) => !one.exact)
  .sort((a, b) => Number(b.sureAndWrong) - Number(a.sureAndWrong));
for (const one of wrong.slice(0, whole(values['show-wrong'], 'show-wrong'))) {
  process.stdout.write(`${describe(one)}\n`);
}
const clean = counted.filter((one) => isClean(one.truth.style));
const places = [...new Set(counted.map((one) => one.truth.on))].sort();
const groups: [string, (one: Result) => boolean][] = [
  ...STYLES.map(({ name }): [string, (one: Result) => boolean] => [
    name,
    (one) => one.truth.style.split('+').includes(name),
  ]),
  ...places.map((on): [string, (one: Result) => boolean] => [`on: ${on}`, (one) => one.truth.on === on]),
];
process.stdout.write(
  formatTable(
    [{ title: 'style' }, ...COLUMNS],
    [
      ...groups.map(([name, of]) => row(name, counted.filter(of))).filter((cells) => cells[1] !== '0'),
      row('all clean', clean),
      row('all', counted),
    ],
  ),
);
process.stdout.write(
  `\nseed ${seed}, ${threads.length} threads, ${threads.reduce((sum, one) => sum + one.mails.length, 0)} mails, ` +
    `${Math.round(ms)} ms; found and no comment: ${extra.length}\n`,
);
const words = [...missed('clean', clean), ...missed('all', counted)];
process.stdout.write(
  words.length === 0 ? 'all targets are met\n' : words.map((one) => `missed: ${one}\n`).join(''),
);
process.exit(words.length === 0 ? 0 : 1);
