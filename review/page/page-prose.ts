// SPDX-License-Identifier: MIT
/** How much a line reads like code, how much like somebody talking. */

import { isClosing, isSnip } from '../mails/mail-words.ts';

/** What a hunk's file is: tabs and spaces say how its code is indented. */
export type FileKind = 'tabs' | 'spaces' | 'text';

/** Above 0: as code, below 0: as prose, by how sure; 0 for an empty line. Within -8 and 8. */
export function codeScore(line: string, file: FileKind): number {
  // A line that does not tell in its first letters does not tell.
  const text = line.slice(0, 400);
  const bare = text.trim();
  if (bare === '') return 0;
  // `...` ends a YAML file.
  if (isOwnMark(bare) && !(file === 'text' && bare === '...')) return -8;
  const words = bare.split(/\s+/);
  const talk = talkScore(words, bare);
  // In a text file the context is prose as well: only what addresses somebody speaks against it.
  if (file === 'text') return clamp(2 - 2 * talk);
  if (/^(?:\/\*|\*\/|\/\/)|\*\/$/.test(bare) || /^\s+\*(?:\s|$)/.test(text)) return 6;
  const marks = codeMarks(text, bare);
  const score = clamp(marks - proseScore(words, bare) - talk);
  if (text.startsWith('\t')) return Math.max(6, score);
  // Code as a replier shows it: not indented as the file is.
  if (file === 'tabs' && (/^ {2,}\S/.test(text) || STATEMENT.test(text))) return Math.min(-1, score);
  if (file === 'tabs' && EXPRESSION.test(text) && !AT_FILE_SCOPE.test(text)) return Math.min(0, score);
  // At the margin of a file stand declarations, directives and labels: anything else is rare.
  return file === 'tabs' && marks === 0 ? clamp(score - 2.5) : score;
}

/** `Reviewed-by: Name <address>`; null when it is no trailer. */
export function trailerOf(text: string): { kind: string; name: string; email: string } | null {
  const line = text.slice(0, 400).trim();
  const match = /^([A-Z][A-Za-z-]{1,30}-by): ([^<>]{1,120})<([^<>\s]{1,200})>/.exec(line);
  if (!match) return null;
  return { kind: match[1] ?? '', name: (match[2] ?? '').trim(), email: match[3] ?? '' };
}

/** One to three capitalised words, as a signature has them. */
export function isName(text: string): boolean {
  const line = text.slice(0, 80).trim();
  return line.length < 60 && /^\p{Lu}[\p{L}.'-]*(?: \p{Lu}[\p{L}.'-]*){0,2}$/u.test(line);
}

function isOwnMark(bare: string): boolean {
  return isSnip(bare) || isClosing(bare) || trailerOf(bare) !== null;
}

const DIRECTIVE = /^#\s?(?:include|define|if|ifdef|ifndef|endif|else|elif|undef|pragma|error)\b/;
const DECLARATION =
  /^(?:static|struct|union|enum|typedef|extern|const|unsigned|int|void|char|long|bool|size_t|[su](?:8|16|32|64)|__\w+|EXPORT_\w+|MODULE_\w+|DEFINE_\w+|config|menuconfig|depends on|select|obj-\S+|CONFIG_\w+)\b/;
const STATEMENT = /^(?:(?:\}\s?)?else$|(?:if|for|while|switch|else if|do|return|case|goto)\b.*[(;{:]$)/;
/** A call or an assignment that is a statement by itself: it stands in a function. */
const EXPRESSION = /^(?:[a-z_]\w*\(.*\)|[\w.>[\]*-]+ [-+*/|&^]?= .*|break|continue|[\w.>-]+(?:\+\+|--));$/;
const AT_FILE_SCOPE = /^(?:module_|__|\w*initcall|\w*_param|late_|early_|static |const )/;
const CALL = /^[A-Za-z_]\w*\(/;
const OPERATORS = /->|==|!=|&&|\|\||<<|>>|\+=|-=|\w\(|[\w\])] = |\w_\w|\*\w|&\w|\]\[|0x[0-9a-f]/g;

function codeMarks(text: string, bare: string): number {
  let score = 0;
  if (text.startsWith('\t')) score += 4;
  if (/[;{}\\]$|^[{}]/.test(bare)) score += 4;
  if (DIRECTIVE.test(bare)) score += 6;
  // A comment's body at the margin, or somebody's list.
  if (/^\*(?:\s|$)/.test(bare)) score += 3;
  if (/^(?:[a-z_]\w*|[A-Z_\d]+):$/.test(bare) || /^[A-Z]:\t/.test(bare)) score += 3;
  if (DECLARATION.test(bare)) score += 3;
  if (STATEMENT.test(bare)) score += 2;
  if (CALL.test(bare)) score += 2;
  return score + Math.min(4, (bare.match(OPERATORS) ?? []).length);
}

const SMALL_WORDS = new Set(
  (
    'a an the this that these those it its is are was were be been being am do does did has have had will would ' +
    'can could should may might must not no nor so but and or if then than when while where which who what how ' +
    'why here there to of in on at by for from with without about into out up as also too only just very more ' +
    'most some any all both each other another same such like because since before after still already again ' +
    'maybe perhaps instead looks seems think mean means need needs want make makes sense see use using good'
  ).split(' '),
);

/** Who says these talks to somebody; comments in code rarely do. */
const TALK = new Set(
  "i i'm i'd i'll i've me my you your you're we we're our let's please thanks thank sorry maybe hmm nit typo same ditto ack nack agreed lgtm nice great imho imo btw afaik afaict don't doesn't isn't can't didn't shouldn't won't wouldn't".split(
    ' ',
  ),
);

function letters(word: string): string {
  return word
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^["'(`]+|["'`).,:;?!]+$/g, '');
}

function proseScore(words: readonly string[], bare: string): number {
  const english = words.filter((word) => /^["'(`]?[A-Za-z][a-z'’]*["'`)]?[.,:;?!]*\)?$/.test(word)).length;
  const small = words.filter((word) => SMALL_WORDS.has(letters(word))).length;
  let score = Math.min(6, small * 1.2);
  if (english >= 3 && english / words.length > 0.7) score += 2;
  else if (english === words.length) score += 1;
  if (/[.?!]\)?$/.test(bare) && english > 0) score += 1.5;
  return score;
}

function talkScore(words: readonly string[], bare: string): number {
  const talk = words.filter((word) => TALK.has(letters(word))).length;
  const asks = /[A-Za-z)]\?(?:\s|$)/.test(bare) && !/\? .* : /.test(bare);
  return Math.min(4, talk * 1.5 + (asks ? 2.5 : 0));
}

function clamp(score: number): number {
  return Math.max(-8, Math.min(8, score));
}
