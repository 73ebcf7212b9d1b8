// SPDX-License-Identifier: MIT
/** What the people of the generated threads write: remarks, answers, messages, changelogs. */
import { wrapText } from '../../core/table.ts';
import type { Random } from './random.ts';
import * as sentences from './sentences.ts';

/** A paragraph of prose may be wrapped again by a mailer; code, diffs and shell lines may not. */
export interface Paragraph {
  lines: string[];
  prose: boolean;
}

export interface WordsOptions {
  /** Names from the code that is talked about. */
  names: readonly string[];
  /** Who is addressed. */
  to: string;
  /** Prose only, for mails in which nothing tells own words from quoted ones but what they say. */
  proseOnly: boolean;
  /** With characters that neither ASCII nor iso-8859-1 has. */
  wide: boolean;
}

const WIDTH = 72;
const LATER = ['the caller', 'this field', 'the queue'];

/** One to four paragraphs on a line of a patch. */
export function remark(random: Random, options: WordsOptions): Paragraph[] {
  const paragraphs = [prose(random, random.pick(sentences.REMARKS), sentences.MORE, options)];
  if (!options.proseOnly && random.chance(0.35)) paragraphs.push(...example(random, options));
  if (random.chance(0.2)) {
    paragraphs.push(prose(random, random.pick(sentences.REMARKS), sentences.MORE, options));
  }
  if (random.chance(0.15)) paragraphs.push(prose(random, random.pick(sentences.CLOSINGS), [], options));
  return paragraphs;
}

/** On a patch, or a cover letter, as a whole. */
export function generalRemark(random: Random, options: WordsOptions): Paragraph[] {
  return [prose(random, random.pick(sentences.GENERAL), sentences.MORE, options)];
}

/** Of the author, or of somebody else in the thread, under another's words. */
export function answer(random: Random, options: WordsOptions): Paragraph[] {
  const paragraphs = [prose(random, random.pick(sentences.ANSWERS), sentences.ANSWERS_MORE, options)];
  if (!options.proseOnly && random.chance(0.12)) paragraphs.push(...example(random, options));
  return paragraphs;
}

/** The paragraphs as the truth has them. */
export function textOf(paragraphs: readonly Paragraph[]): string {
  return paragraphs.map((paragraph) => paragraph.lines.join('\n')).join('\n\n');
}

export function commitMessage(random: Random): string[] {
  const paragraphs = random
    .shuffle(sentences.MESSAGE)
    .slice(0, random.int(2, 4))
    .flatMap((text) => [...wrapText(filled(random, text, ['skb'], ''), WIDTH), '']);
  return [...paragraphs, 'Signed-off-by: Sample Author <author@example.org>'];
}

export function changelog(random: Random): string[] {
  const bullets = random
    .shuffle(sentences.CHANGES)
    .slice(0, random.int(2, 5))
    .flatMap((text) => {
      const [first = '', ...more] = wrapText(filled(random, text, ['skb'], 'Anna'), 60);
      return [`- ${first}`, ...more.map((line) => `  ${line}`)];
    });
  return ['Changes in v2:', ...bullets];
}

export function subjectFor(random: Random, file: string): string {
  const area = file.startsWith('drivers/vhost')
    ? 'vhost/vsock'
    : file.startsWith('tools')
      ? 'vsock/test'
      : 'vsock';
  return `${area}: ${random.pick([
    'take the length from the buffer',
    'share the error path of the transports',
    'give packets back when the socket is closed',
    'check the header before it is used',
    'post buffers of two sizes',
    'remove a field that nobody reads',
  ])}`;
}

export function coverText(random: Random): { subject: string; text: string[] } {
  const text = random
    .shuffle([...sentences.MESSAGE])
    .slice(0, 4)
    .flatMap((one) => [...wrapText(filled(random, one, ['skb'], ''), WIDTH), '']);
  return { subject: 'vsock: buffers of two sizes', text: [...text, ...changelog(random)] };
}

function prose(random: Random, first: string, others: readonly string[], options: WordsOptions): Paragraph {
  const more = others.length === 0 ? [] : random.shuffle(others).slice(0, random.int(0, 2));
  const text = [first, ...more].map((one) => filled(random, one, options.names, options.to)).join(' ');
  return { lines: wrapText(options.wide ? `${text} ${random.pick(WIDE)}` : text, WIDTH), prose: true };
}

const WIDE = [
  'It is ≥ 3 µs — “fast” is something else…',
  'Danke schön & 감사합니다 ☺',
  'See “§ 5.10.6” → 受信 buffers.',
];

/** Code as it could be, a diff, what a shell said, a list: lines that are no prose. */
function example(random: Random, options: WordsOptions): Paragraph[] {
  const name = random.pick(options.names);
  const count = random.int(2, 99);
  const literal = (...lines: string[]): Paragraph => ({ lines, prose: false });
  const lead = (text: string): Paragraph => ({ lines: [text], prose: true });
  return random.pick([
    () => [
      lead('Something like this, not even compiled:'),
      literal(`\tif (WARN_ON_ONCE(${name} > ${count}))`, '\t\tgoto out;'),
    ],
    () => [
      lead('Maybe a single'),
      literal(`vsock_set_${name}(struct sk_buff *skb,`, `                   bool ${name})`),
      lead(`to be used in all ${count} cases.`),
    ],
    () => [
      lead('I would write'),
      literal(`-\tif (!${name})`, `+\tif (unlikely(!${name}))`, ' \t\treturn -ENODEV;'),
    ],
    () => [
      lead('Squash this in?'),
      literal(
        `--- a/net/vmw_vsock/sample_${count}.c`,
        `+++ b/net/vmw_vsock/sample_${count}.c`,
        `@@ -${count},3 +${count},4 @@ static int sample_${name}(void)`,
        ' \tint ret;',
        ' ',
        `+\tlockdep_assert_held(&${name}->lock);`,
        ' \treturn 0;',
      ),
    ],
    () => [
      lead('I get this with it applied:'),
      literal(
        `$ make -j${count} net/vmw_vsock/`,
        `net/vmw_vsock/sample.c:${count}:6: warning: unused variable '${name}'`,
        '# ./vsock_test --mode=client --control-port=1234',
        `${count} - SOCK_STREAM ${name}...ok`,
      ),
    ],
    () => [
      lead('Two reasons:'),
      literal(`- ${name} is not ours any more at this point;`, `- and ${count} > 1 for the loopback.`),
    ],
    () => [literal(`1) ${name} is set twice`, `2) and never read for len > ${count}`)],
  ])();
}

function filled(random: Random, text: string, names: readonly string[], to: string): string {
  return text
    .replaceAll('%i', () => (names.length === 0 ? random.pick(LATER) : random.pick(names)))
    .replaceAll('%n', () => String(random.int(2, 4096)))
    .replaceAll('%w', to);
}
