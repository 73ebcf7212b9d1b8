// SPDX-License-Identifier: MIT
/** What a writer puts around and between the quoted lines. */
import type { BodyLine } from './diffs.ts';
import { flowedOwn, quote, type StyleName } from './mangle.ts';
import type { Writer } from './people.ts';
import type { Random } from './random.ts';
import type { Paragraph } from './words.ts';

/** A comment as it stands in the mail, with blank lines around it or (not above prose) without. */
export function ownLines(
  paragraphs: readonly Paragraph[],
  whose: { comment: number; messageId: string },
  styles: ReadonlySet<StyleName>,
  gap: boolean,
): BodyLine[] {
  const lines = paragraphs.flatMap(({ lines: own, prose }, at) => [
    ...(at === 0 ? [] : ['']),
    ...(styles.has('flowed') ? flowedOwn(own, prose) : own),
  ]);
  const said = lines.map((text): BodyLine => ({ text, origin: { kind: 'comment', ...whose } }));
  const blank: BodyLine = { text: '', origin: { kind: 'other' } };
  return gap ? [blank, ...said, blank] : said;
}

export function greeting(random: Random, to: Writer): string[] {
  const first = to.name.split(' ')[0] ?? to.name;
  return [
    random.pick([`Hi ${first},`, `Hello ${first},`, 'Hi,', `Hi ${first}!`, 'Hi all,', `Dear ${first},`]),
    '',
  ];
}

/** Sign-off, signature and the footer of the list, as far as the styles have them. */
export function closing(random: Random, from: Writer, styles: ReadonlySet<StyleName>): string[] {
  const first = from.name.split(' ')[0] ?? from.name;
  const lines: string[] = [];
  if (styles.has('sign-off')) {
    lines.push(
      '',
      ...random.pick([
        ['Thanks,', first],
        ['Best regards,', from.name],
        ['Cheers,', '', first],
        ['Thanks!'],
        ['Regards', '', `  ${first}`],
        [`-${first}`],
      ]),
    );
  }
  if (styles.has('signature')) {
    lines.push(
      '',
      '-- ',
      ...random.pick([
        [from.name, 'Sample Systems GmbH, Kernel Team'],
        [`${from.name}, sample.example.org`],
        ['Cheers,', '', `${from.name} / kernel work`],
      ]),
    );
  }
  if (styles.has('footer')) {
    lines.push(
      '',
      '_______________________________________________',
      'Vsock mailing list',
      'vsock@lists.example.org',
      'https://lists.example.org/mailman/listinfo/vsock',
    );
  }
  return lines;
}

export function trailer(random: Random, from: Writer): string {
  return `${random.pick(['Reviewed-by', 'Acked-by', 'Tested-by'])}: ${from.name} <${from.email}>`;
}

/** What stands for lines that were cut; nothing for a cut without a mark. */
export function cutMark(random: Random, styles: ReadonlySet<StyleName>, initials: string): BodyLine[] {
  const marks = [
    ...(styles.has('cut-dots') ? ['[...]', '...', '[…]'] : []),
    ...(styles.has('cut-snip') ? ['[snip]', '<snip>', '<snipped>', '[ ... snip ... ]'] : []),
  ];
  if (marks.length === 0) return [];
  const text = random.pick(styles.has('latin1') ? marks.filter((mark) => mark !== '[…]') : marks);
  const mark: BodyLine = { text, origin: { kind: 'other' } };
  const blank: BodyLine = { text: '', origin: { kind: 'other' } };
  if (random.chance(0.3)) return quote([mark], styles, initials, 76, random);
  return random.chance(0.6) ? [blank, mark, blank] : [mark];
}

/** The rest of a robot's mail; its `>>` marks what is new and quotes nothing. */
export function robotText(random: Random, about: BodyLine | undefined): string[] {
  const place = about?.origin.kind === 'patch' ? about.origin.place : null;
  const file = place?.file ?? 'net/vmw_vsock/sample.c';
  const line = place?.line ?? 1;
  return [
    '[auto build test WARNING on net-next/main]',
    '',
    'url:    https://builds.example.org/series/4711',
    `config: x86_64-randconfig-${random.int(100, 999)}`,
    'compiler: gcc-12 (Debian 12.2.0-14) 12.2.0',
    '',
    'All warnings (new ones prefixed by >>):',
    '',
    `   ${file}: In function 'vsock_sample':`,
    `>> ${file}:${line}:9: warning: unused variable 'sample' [-Wunused-variable]`,
    `     ${line} | ${about?.text.slice(1) ?? '        int sample;'}`,
    '         |             ^~~~~~',
    '',
    '--',
    'kernel build robot, https://builds.example.org/help',
  ];
}
