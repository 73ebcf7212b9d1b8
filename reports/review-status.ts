// SPDX-License-Identifier: MIT
/** What is still owed on a series → the list an author works through, in the order of the newest version. */
import { isOwed, type Review } from '../core/review.ts';
import { firstWords, oneLine, type Paint, paint, paragraph, shortPath, type TextOptions } from './layout.ts';
import { GONE, type Owed, type OwedComment, type OwedFilter, owedOf } from './review-owed.ts';
import { isObjection } from './review-tags.ts';
import { lastWord, repliesOf } from './review-thread.ts';
import { reasonOf, scopeOf } from './review-trailers.ts';
import {
  agoOf,
  decisionOf,
  decisionWords,
  doubtOf,
  evidenceOf,
  fateWords,
  nameOf,
  patchNumbers,
  spotOf,
  stateWords,
  takenWords,
  weightWords,
} from './review-words.ts';
import { plural } from './words.ts';

const INDENT = '    ';

export function formatStatus(review: Review, filter: OwedFilter = {}, options: TextOptions = {}): string {
  const owed = owedOf(review, filter);
  const parts = [
    takenLines(review, paint(options.color), options.width),
    ...groups(review, owed, filter, options),
    trailerLines(owed, paint(options.color), options.width),
    filter.by === undefined && filter.version === undefined ? orphanLines(review, options) : '',
    `${paragraph('', countLine(review, owed, filter), options.width)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** What was applied; of the newest version also what patchwork was told. */
function takenLines({ versions }: Review, { bold }: Paint, width?: number): string {
  const newest = versions.at(-1);
  return versions
    .filter((one) => one.applied !== null || (one === newest && one.patchwork !== null))
    .map((one) => `${bold(paragraph('', `${one.version} ${takenWords(one)}`, width))}\n`)
    .join('');
}

function groups(
  review: Review,
  { comments, newest }: Owed,
  filter: OwedFilter,
  options: TextOptions,
): string[] {
  const { bold } = paint(options.color);
  const texts = new Map<string, string>();
  let file: string | null = null;
  for (const one of comments) {
    const title = `${one.comment.weight === 'nit' ? 'nits, ' : ''}${titleOf(review, one, newest)}`;
    if (!texts.has(title)) file = null;
    const under = one.now?.file ?? null;
    const head =
      under === null || under === file
        ? ''
        : `  ${shortPath(under, (options.width ?? Number.POSITIVE_INFINITY) - 2)}\n`;
    file = under;
    texts.set(
      title,
      (texts.get(title) ?? '') + head + commentText(review, one, filter.all === true, options),
    );
  }
  return [...texts].map(([title, text]) => `${bold(paragraph('', title, options.width))}\n${text}`);
}

function titleOf(review: Review, { now, fate, comment }: OwedComment, newest: string): string {
  if (now === null) {
    return GONE.has(fate?.what ?? 'unknown')
      ? `not in ${newest} any more`
      : `could not be followed into ${newest}`;
  }
  if (now.patch === null) return 'the series';
  if (now.patch === 0) return 'cover letter';
  const version = review.versions.at(-1);
  const patch = version?.patches.find(({ index }) => index === now.patch);
  return patch === undefined
    ? `patch ${now.patch} of ${comment.version}`
    : `patch ${now.patch}/${version?.total ?? '?'}: ${patch.subject}`;
}

function commentText(
  review: Review,
  one: OwedComment,
  withState: boolean,
  { width, color }: TextOptions,
): string {
  const { comment, age, evidence } = one;
  const id = oneLine(comment.id);
  const said = `${nameOf(comment.author)} on ${comment.version}${agoOf(age)}`;
  const now = fateIn(one);
  const facts = [
    withState ? stateWords(comment) : '',
    weightWords(comment),
    said,
    now === '' ? placeIn(one) : '',
    repliesOf(comment),
  ];
  const head = paragraph(`${INDENT}${id}  `, facts.filter((part) => part !== '').join(', '), width);
  const decided = decisionOf(comment);
  const author = review.versions.find(({ version }) => version === comment.version)?.author;
  const last = lastWord(comment, author);
  const evident = (isReply: boolean): string[] =>
    evidence
      .filter(({ kind }) => (kind === 'reply') === isReply)
      .map(evidenceOf)
      .map(({ label, text }) => paragraph(`${INDENT}  ${label} `, text, width));
  const lines = [
    head.replace(id, () => paint(color).bold(id)),
    ...(now === '' ? [] : [paragraph(`${INDENT}  `, `${placeIn(one)}; ${now}`, width)]),
    firstWords(`${INDENT}    `, comment.text, width),
    ...evident(true),
    ...(last === null ? [] : [lastWords(last, width)]),
    ...evident(false),
    ...(decided === '' ? [] : [paragraph(`${INDENT}  `, decided, width)]),
  ];
  return `${lines.join('\n')}\n`;
}

function lastWords({ lead, text }: { lead: string; text: string }, width?: number): string {
  const first = `${INDENT}  ${lead}`;
  return paragraph(first, firstWords('', text).trim(), width);
}

/** Where it stands in its own version; patch and file only where they are not those it is listed under. */
function placeIn({ comment: { anchor, version }, now }: OwedComment): string {
  // It stands below its name.
  if (anchor.on === 'cover' && anchor.line === null) return '';
  const parts = [spotOf(anchor)];
  if (anchor.file !== null && now?.file !== anchor.file) parts.push(`of ${oneLine(anchor.file)}`);
  if (anchor.patch !== null && anchor.patch !== 0 && now?.patch !== anchor.patch) {
    parts.push(`in patch ${anchor.patch} of ${oneLine(version)}`);
  }
  const doubt = doubtOf(anchor);
  return `${parts.join(' ')}${doubt === '' ? '' : ` (${doubt})`}`;
}

/** Empty for what cannot change: the newest version, and the series, cover letter or patch as a whole. */
function fateIn({ comment, fate, now }: OwedComment): string {
  const whole = ['series', 'cover', 'patch'].includes(comment.anchor.on) && now !== null;
  return fate === null || whole ? '' : fateWords(comment, fate);
}

function trailerLines(
  { conditional, lost, objections, unreviewed, unsure, newest }: Owed,
  { bold }: Paint,
  width?: number,
): string {
  const lines = [
    ...[...objections, ...conditional, ...lost].map((one) => {
      const objects = isObjection(one);
      const who = `${one.kind} of ${nameOf(one)}, on ${one.version} for ${scopeOf(one)}`;
      const facts = [who, objects && one.state !== 'given' ? one.state : '', reasonOf(one)];
      const words = facts.filter((fact) => fact !== '').join('; ');
      return paragraph(`  ${objects ? 'objection' : one.state}: `, words, width);
    }),
    ...(unreviewed === null || unreviewed.length === 0
      ? []
      : [
          paragraph(
            '  missing: ',
            `no Reviewed-by or Acked-by from the replies counts for ${patchNumbers(unreviewed)} of ${newest}`,
            width,
          ),
        ]),
    ...(unsure === null || unsure.length === 0
      ? []
      : [
          paragraph(
            '  could not tell: ',
            `whether a Reviewed-by or Acked-by counts for ${patchNumbers(unsure)} of ${newest}`,
            width,
          ),
        ]),
  ];
  return lines.length === 0 ? '' : `${bold('trailers')}\n${lines.join('\n')}\n`;
}

/** Somebody has thought about it: it is not dropped, whatever has become of the comment. */
function orphanLines({ orphans }: Review, { width, color }: TextOptions): string {
  if (orphans.length === 0) return '';
  const lines = orphans.map((one) => {
    const about = one.about === '' ? 'it is not said what on' : one.about;
    const words = [paragraph(`${INDENT}${oneLine(one.id)}  `, about, width)];
    return [...words, paragraph(`${INDENT}  `, decisionWords(one), width)].join('\n');
  });
  const title = 'decisions in review.toml whose comment is not there, or reads otherwise now';
  return `${paint(color).bold(paragraph('', title, width))}\n${lines.join('\n')}\n`;
}

/** `7 open comments: 5 on v1, 2 on v2; 1 conditional trailer`, `7 open comments: 5 owed, 2 nits; 5 on v1, …` */
function countLine(review: Review, owed: Owed, { all, by, version }: OwedFilter): string {
  const of = `${by === undefined ? '' : ` by or answered by ${oneLine(by)}`}${version === undefined ? '' : ` on ${oneLine(version)}`}`;
  const open = owed.comments.filter(({ comment }) => isOwed(comment));
  const perVersion = review.versions
    .map(
      (one) => [one.version, open.filter(({ comment }) => comment.version === one.version).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} on ${oneLine(name)}`);
  const spread =
    perVersion.length < 2
      ? perVersion.map((one) => one.replace(/^\d+/, '').replace(/^ /, ', '))
      : [`: ${perVersion.join(', ')}`];
  const kinds = kindsOf(owed);
  const where = version === undefined ? spread.join('') : '';
  const parts = [
    owed.open === 0
      ? `no open comments${of}`
      : `${plural(owed.open, 'open comment')}${of}${kinds === '' ? where : `: ${kinds}${where.replace(/^[:,] /, '; ')}`}`,
    review.orphans.length === 0 || of !== ''
      ? ''
      : `${plural(review.orphans.length, 'decision')} without a comment`,
    owed.closed === 0 ? '' : `${owed.closed} closed${all === true ? '' : ' (--all shows them)'}`,
    owed.objections.length === 0 ? '' : plural(owed.objections.length, 'objection'),
    owed.conditional.length === 0 ? '' : plural(owed.conditional.length, 'conditional trailer'),
    ...(['stale', 'mismatched'] as const).map((state) => {
      const count = owed.lost.filter((one) => one.state === state).length;
      return count === 0 ? '' : plural(count, `${state} trailer`);
    }),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** `5 owed, 2 nits`; empty when all of them are owed and none is a nit. */
function kindsOf({ open, nits, past }: Owed): string {
  if (nits === 0 && past === 0) return '';
  const rest = open - nits - past;
  const parts = [
    rest === 0 ? (nits === 0 ? 'nothing is owed' : '') : `${rest} owed`,
    nits === 0 ? '' : plural(nits, 'nit'),
    past === 0 || past === open ? '' : `${past} on what was applied`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
