// SPDX-License-Identifier: MIT
/** One comment whole: who, where, the quoted lines, the words, the replies, and what became of it. */
import { printable } from '../core/escape.ts';
import type { Anchor, Comment, CommentReply, Review } from '../core/review.ts';
import {
  indentedText,
  oneLine,
  type Paint,
  paint,
  paragraph,
  shortPath,
  type TextOptions,
  untabbed,
} from './layout.ts';
import {
  addressOf,
  ageOf,
  agoOf,
  dateOf,
  decisionOf,
  doubtOf,
  evidenceOf,
  fateWords,
  nameOf,
  spotOf,
  stateWords,
  weightWords,
} from './review-words.ts';

const LABEL = 9;
/** Replies to replies step in by two columns, until what is left would be a strip. */
const DEEPEST = 8;

export function formatComment(review: Review, comment: Comment, options: TextOptions = {}): string {
  const style = paint(options.color);
  return [
    head(review, comment, style, options),
    quoted(comment.anchor, style),
    `${indentedText('', comment.text, options.width)}\n`,
    ...comment.replies.map((reply) => replyText(reply, style, options)),
    fates(review, comment, style, options.width),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function head(review: Review, comment: Comment, { bold }: Paint, { width }: TextOptions): string {
  const { anchor } = comment;
  const version = review.versions.find((one) => one.version === comment.version);
  const patch = version?.patches.find(({ index }) => index === anchor.patch);
  const subject = anchor.patch === 0 ? (version?.cover?.subject ?? '') : (patch?.subject ?? '');
  const number =
    anchor.patch === null || anchor.patch === 0 ? '' : `, patch ${anchor.patch}/${version?.total ?? '?'}`;
  const room = width === undefined ? Number.POSITIVE_INFINITY : width - LABEL;
  const decided = decisionOf(comment);
  const rows: [string, string][] = [
    [
      'state',
      decided === '' ? [stateWords(comment), weightWords(comment)].filter(Boolean).join(', ') : decided,
    ],
    ['from', addressOf(comment.author)],
    ['date', comment.date === '' ? 'none in the mail' : dateOf(comment.date)],
    ['mail', mailOf(comment.messageId)],
    [
      'on',
      `${comment.version}${agoOf(ageOf(review, comment.version))}${number}${subject === '' ? '' : `: ${subject}`}`,
    ],
  ];
  if (anchor.file !== null) rows.push(['file', shortPath(anchor.file, room)]);
  rows.push(['at', placeOf(anchor)]);
  const lines = rows.map(([label, text]) => `${paragraph(label.padEnd(LABEL), text, width)}\n`);
  return `${bold(oneLine(comment.id))}\n${lines.join('')}`;
}

/** A page of a web archive has no Message-ID to give. */
function mailOf(messageId: string): string {
  return messageId.startsWith('page-') ? 'no Message-ID: the page of a web archive' : `<${messageId}>`;
}

function placeOf(anchor: Anchor): string {
  const { span, side, on, named } = anchor;
  const lines = span === null || span[0] === span[1] ? '' : `, below the quoted lines ${span[0]}-${span[1]}`;
  const doubt = doubtOf(anchor);
  const other = on === 'line' && named !== null && named.line !== anchor.line;
  const meant = other ? `, which the report has as line ${named.line}` : '';
  const side2 = on === 'line' && side !== null ? ` of the ${side} file` : '';
  const sure = doubt === '' ? '' : `; ${doubt} (confidence ${anchor.confidence.toFixed(2)})`;
  return `${spotOf({ ...anchor, side: null })}${side2}${meant}${lines}${sure}`;
}

/** The lines above the comment, as the patch has them, from the head of its hunk on. */
function quoted({ file, hunk, quoted: lines }: Anchor, style: Paint): string {
  if (lines.length === 0) return '';
  if (file === null) return lines.map((line) => `${`> ${shownLine(line)}`.trimEnd()}\n`).join('');
  const at = hunk === null ? -1 : lines.findLastIndex((line) => line.trimEnd() === hunk.trimEnd());
  // What a head that is not quoted begins with is not there.
  const shown = hunk === null || at >= 0 ? lines.slice(Math.max(0, at)) : [hunk, '…', ...lines];
  return shown.map((line) => `${diffLine(line, style)}\n`).join('');
}

function diffLine(line: string, { red, green, cyan, bold }: Paint): string {
  const shown = shownLine(line);
  if (/^(?:--- |\+\+\+ |diff |index )/.test(shown)) return bold(shown);
  if (shown.startsWith('@@')) return cyan(shown);
  if (shown.startsWith('+')) return green(shown);
  return shown.startsWith('-') ? red(shown) : shown;
}

function shownLine(line: string): string {
  return untabbed(printable(line.slice(0, 4_000).toWellFormed().trimEnd()));
}

function replyText(
  { author, date, depth, text }: CommentReply,
  { bold }: Paint,
  { width }: TextOptions,
): string {
  const indent = '  '.repeat(Math.max(1, Math.min(depth, DEEPEST)));
  const deeper = depth > DEEPEST ? `, ${depth} deep` : '';
  const head = paragraph(indent, `${nameOf(author)}, ${dateOf(date)}${deeper}:`, width);
  return `${bold(head)}\n${indentedText(`${indent}  `, text, width)}\n`;
}

function fates(review: Review, comment: Comment, { bold }: Paint, width?: number): string {
  if (comment.fate.length === 0) {
    return ageOf(review, comment.version) === 0
      ? `${bold('since then')}\n  no version has come after ${oneLine(comment.version)}\n`
      : '';
  }
  const lines = comment.fate.flatMap((fate) => [
    `${paragraph('  ', fateWords(comment, fate), width)}\n`,
    ...fate.evidence.map(evidenceOf).map(({ label, text }) => `${paragraph(`    ${label} `, text, width)}\n`),
  ]);
  return `${bold('since then')}\n${lines.join('')}`;
}
