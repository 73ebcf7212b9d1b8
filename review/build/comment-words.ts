// SPDX-License-Identifier: MIT
/** The words of a comment, of its lines and of the answers to it, that an entry of a changelog may have in common with it. */
import type { FoundComment } from '../anchors/comments.ts';

export interface CommentWords {
  /** Identifiers of the comment and of the author's answers. */
  own: ReadonlySet<string>;
  /** Identifiers, and words that say something, of the comment. */
  said: ReadonlySet<string>;
  /** Identifiers of its own line. */
  onLine: ReadonlySet<string>;
  /** The same as `said`, of its line and of the changed lines above. */
  near: ReadonlySet<string>;
  /** What it asks the author to do: `please split …`. */
  verbs: ReadonlySet<string>;
  /** It is a robot's: its report has the names of half the kernel in it, so only what it found counts. */
  isRobot: boolean;
}

const ROBOT = /\b(?:kernel test robot|syzbot)\b|^(?:lkp|oliver\.sang)@/i;

/** @param answers of the author: what is going to be done has a name there first */
export function wordsOf(comment: FoundComment, answers: readonly { text: string }[]): CommentWords {
  const { name, email } = comment.author;
  const isRobot = ROBOT.test(name) || ROBOT.test(email) || comment.anchor.named !== null;
  const text = isRobot ? (comment.text.split(/\n\s*\n/)[0] ?? '') : comment.text;
  const line = codeOnLine(comment);
  return {
    own: new Set([...identifiersIn(text), ...identifiersIn(answers.map((one) => one.text).join('\n'))]),
    said: namesIn(text),
    onLine: identifiersIn(line),
    near: namesIn([line, ...changedLines(comment)].join('\n')),
    verbs: verbsIn(text),
    isRobot,
  };
}

const ASKED =
  /\b(?:please|(?:could|can|should) (?:you|we)|you (?:could|can|should|need to)|(?:rather|better to))\s+(?:also |just |then )?([a-z]{3,20})\b/gi;
/** Everything is added, used or fixed. */
const ANY = new Set(
  'add use fix make change get set put have send see note call let take keep try'.split(' '),
);

function verbsIn(text: string): Set<string> {
  const verbs = [...text.slice(0, 20_000).matchAll(ASKED)].map((match) => (match[1] ?? '').toLowerCase());
  return new Set(verbs.filter((verb) => !ANY.has(verb)));
}

/** The comment's own line, without what a comment behind it says. */
function codeOnLine({ anchor }: FoundComment): string {
  const line = anchor.quoted.at(-1) ?? '';
  if (anchor.on !== 'line') return line;
  const code = line.slice(1).trim();
  return /^(?:\*|\/[*/])/.test(code) ? code : (code.split(/\/[*/]/)[0] ?? '');
}

/** Quoted to show what is meant, and not where it stands. */
function changedLines({ anchor }: FoundComment): string[] {
  return anchor.on === 'line' ? anchor.quoted.slice(-3).filter((line) => /^[-+]/.test(line)) : [];
}

/** `virtio_vsock_skb_dequeue`, `GetLink`, `ENOBUFS`. */
function identifiersIn(text: string): Set<string> {
  return namesOf(text, isIdentifier);
}

/** Identifiers, and words that say something: `seqpacket`. */
export function namesIn(text: string): Set<string> {
  return namesOf(text, (word) => isIdentifier(word) || !COMMON.has(word.toLowerCase()));
}

function namesOf(text: string, isWanted: (word: string) => boolean): Set<string> {
  const names = new Set<string>();
  for (const [word] of text.slice(0, 20_000).matchAll(/[A-Za-z_][A-Za-z0-9_]{4,80}/g)) {
    if (isWanted(word)) names.add(word.toLowerCase().replace(/^_+/, ''));
  }
  return names;
}

function isIdentifier(word: string): boolean {
  return /[a-z0-9]_[a-z0-9]/i.test(word) || /[a-z][A-Z]|^[A-Z][A-Z0-9]+$/.test(word);
}

const COMMON = new Set(
  (
    'about above after again already also always another because before being below between cannot change changed ' +
    'changes check clear could different directly doing every extra first fixed following function maybe might ' +
    'might needs never other patch patches please really remove removed return returns right same series should ' +
    'since something still struct their there these thing things think this those through under until using value ' +
    'version where which while without would wrong static const unsigned int size_t code comment comments helper ' +
    'here instead just left make makes need only opinion single strong used useful want well'
  ).split(' '),
);
