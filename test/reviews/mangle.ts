// SPDX-License-Identifier: MIT
/** How mailers quote, and what they do to the lines on the way: the styles that the bench counts by. */
import type { BodyLine } from './diffs.ts';
import type { Random } from './random.ts';

/** clean: nothing of what is quoted is lost or changed. */
export const STYLES = [
  // The mark in front of a quoted line.
  { name: 'gt', clean: true },
  { name: 'mutt', clean: true },
  { name: 'tight', clean: true },
  { name: 'bar', clean: true },
  { name: 'colon', clean: true },
  { name: 'initials', clean: true },
  { name: 'page', clean: false },
  // What happens to the quoted lines.
  { name: 'rewrap-marked', clean: false },
  { name: 'rewrap-bare', clean: false },
  { name: 'tabs8', clean: false },
  { name: 'tabs4', clean: false },
  { name: 'trailing', clean: false },
  { name: 'flowed', clean: false },
  // What is not quoted.
  { name: 'cut-dots', clean: false },
  { name: 'cut-snip', clean: false },
  { name: 'cut-silent', clean: false },
  { name: 'few-lines', clean: false },
  // What stands around it.
  { name: 'attribution', clean: true },
  { name: 'greeting', clean: true },
  { name: 'sign-off', clean: true },
  { name: 'signature', clean: true },
  { name: 'footer', clean: true },
  { name: 'trailers', clean: true },
  { name: 'no-gap', clean: true },
  { name: 'top-post', clean: true },
  { name: 'no-quote', clean: true },
  { name: 'robot', clean: false },
  // How it is sent.
  { name: 'quoted-printable', clean: true },
  { name: 'base64', clean: true },
  { name: 'latin1', clean: true },
  { name: 'wide', clean: true },
  { name: 'crlf', clean: true },
  // Who else writes.
  { name: 'depth-2', clean: true },
  { name: 'depth-3', clean: true },
  { name: 'depth-4', clean: true },
  { name: 'same-lines', clean: true },
  { name: 'second-mail', clean: true },
] as const satisfies readonly { name: string; clean: boolean }[];

export type StyleName = (typeof STYLES)[number]['name'];
export const MARKS = [
  'gt',
  'mutt',
  'tight',
  'bar',
  'colon',
  'initials',
  'page',
] as const satisfies StyleName[];

const lossy = new Set<StyleName>(STYLES.filter((style) => !style.clean).map((style) => style.name));

/** Whether all of a truth's style (names joined by `+`) is clean. */
export function isClean(style: string): boolean {
  return style.split('+').every((name) => !lossy.has(name as StyleName));
}

/** What an answer inherits from the mail that it quotes: what was lost stays lost. */
export function lossOf(styles: Iterable<StyleName>): StyleName[] {
  return [...styles].filter((name) => lossy.has(name) && name !== 'robot');
}

/**
 * The lines as their next reader quotes them.
 * @param initials of whom is quoted
 * @param wrapAt the width of the mailer, for those that fill lines again
 */
export function quote(
  lines: readonly BodyLine[],
  styles: ReadonlySet<StyleName>,
  initials: string,
  wrapAt: number,
  random: Random,
): BodyLine[] {
  const mark = markOf(styles, initials);
  return lines.flatMap(({ text, origin }) => {
    let line = text;
    if (styles.has('tabs8')) line = line.replaceAll('\t', '        ');
    if (styles.has('tabs4')) line = line.replaceAll('\t', '    ');
    // A web page keeps neither the marks nor the blank in front of a context line.
    if (styles.has('page')) return [{ text: line.replace(/^ /, '').trimEnd(), origin }];
    if (styles.has('flowed')) return flowedQuote(line, random).map((one) => ({ text: one, origin }));
    line = mark(line);
    if (styles.has('trailing')) line = line.trimEnd();
    if (styles.has('rewrap-marked')) return wrapped(line, wrapAt, mark).map((one) => ({ text: one, origin }));
    if (styles.has('rewrap-bare'))
      return wrapped(line, wrapAt, (one) => one).map((one) => ({ text: one, origin }));
    return [{ text: line, origin }];
  });
}

function markOf(styles: ReadonlySet<StyleName>, initials: string): (line: string) => string {
  if (styles.has('mutt')) return (line) => `>${line}`;
  if (styles.has('tight')) return (line) => (line.startsWith('>') ? `>${line}` : `> ${line}`);
  if (styles.has('bar')) return (line) => `| ${line}`;
  if (styles.has('colon')) return (line) => `: ${line}`;
  if (styles.has('initials')) return (line) => `${initials}> ${line}`;
  return (line) => (line === '' ? '>' : `> ${line}`);
}

/** A mailer that fills its lines after the quoting: what is too long goes to the next line, with the mark or bare. */
function wrapped(line: string, width: number, mark: (line: string) => string): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > width) {
    // Not in the indentation: a mark alone on a line is what no mailer makes.
    const start = /^[>|: \t+\-\p{Lu}]*/u.exec(rest)?.[0].length ?? 0;
    const at = rest.lastIndexOf(' ', width);
    if (at <= start) break;
    parts.push(rest.slice(0, at));
    rest = mark(rest.slice(at + 1));
    if (parts.length > 20) break;
  }
  return [...parts, rest];
}

/**
 * RFC 3676 as mailers do it: a quoted line that was broken ends in a space. Some lines that were
 * not broken do as well, which is why the format ruins patches.
 */
function flowedQuote(line: string, random: Random): string[] {
  const quoted = line.trimEnd() === '' ? '>' : `> ${line.trimEnd()}`;
  const parts = wrapped(quoted, 76, (rest) => `> ${rest}`);
  return parts.map((part, at) =>
    at < parts.length - 1 || (part !== '>' && random.chance(0.08)) ? `${part} ` : part,
  );
}

/** Own words as a format=flowed mail has them: soft line ends in prose, a space stuffed where one is needed. */
export function flowedOwn(lines: readonly string[], prose: boolean): string[] {
  return lines.map((line, at) => {
    const stuffed = /^(?: |>|From )/.test(line) ? ` ${line}` : line;
    return prose && at < lines.length - 1 ? `${stuffed} ` : stuffed;
  });
}
