// SPDX-License-Identifier: MIT
/** A thread: patches, who answers whom, and the bytes of it all. */
import { stylesFor } from './choose-styles.ts';
import { coverBody, patchBody, type SourcePatch, sources } from './diffs.ts';
import { type Envelope, encodeMail, isLatin1 } from './encode.ts';
import { grownPatch } from './grow.ts';
import { lossOf, MARKS, STYLES, type StyleName } from './mangle.ts';
import { LATIN1_WRITERS, mailDate, ROBOT, WIDE_WRITERS, WRITERS, type Writer } from './people.ts';
import { pinsOf } from './pins.ts';
import type { Random } from './random.ts';
import { type Mail, type Truth, writeReply } from './reply.ts';
import { coverText } from './words.ts';

export interface GeneratedThread {
  /** Cover letter and patches first, then the answers, not always in their order. */
  mails: {
    bytes: Uint8Array;
    /** Without its angle brackets. */
    messageId: string;
    /** The text before it was encoded, to show when something is wrong. */
    text: string;
  }[];
  truth: Truth[];
}

interface Cast {
  author: Writer;
  reviewers: Writer[];
}

/** @param feature the style this thread is for: its first answers have it */
export function generateThread(random: Random, name: string, feature: StyleName): GeneratedThread {
  const cast = castOf(random, feature);
  let clock = Date.UTC(2026, 10, random.int(1, 28), random.int(0, 23), random.int(0, 59), random.int(0, 59));
  const tick = (): Date => {
    clock += random.int(1, 900) * 60_000;
    // Clocks are wrong now and then: an answer can be dated before what it answers.
    return new Date(random.chance(0.05) ? clock - 86_400_000 : clock);
  };
  const roots = rootMails(random, name, cast.author, tick());
  const mails: Mail[] = [...roots];
  const truth: Truth[] = [];
  let number = 0;
  const reply = (
    parent: Mail,
    from: Writer,
    wanted: StyleName | null,
    under?: readonly number[],
  ): Mail | null => {
    const styles = stylesFor(random, wanted, parent.depth > 0);
    const mail = writeReply(
      random,
      parent,
      {
        messageId: `${name}-answer-${++number}@${from.email.split('@')[1]}`,
        from: styles.has('robot') ? ROBOT : from,
        date: tick(),
        styles,
        comments: random.int(1, parent.depth > 0 ? 3 : 5),
        isAuthor: from === cast.author,
        ...(under === undefined ? {} : { under }),
      },
      truth,
    );
    if (mail === null) return null;
    finish(mail, styles, truth);
    mails.push(mail);
    return mail;
  };
  const wantedDepth = /^depth-(\d)$/.exec(feature)?.[1];
  for (const [at, reviewer] of cast.reviewers.entries()) {
    const targets = random.shuffle(roots).slice(0, random.int(1, 2));
    for (const root of targets) {
      const first = reply(root, reviewer, at === 0 || random.chance(0.3) ? feature : null);
      if (first === null) continue;
      if (feature === 'second-mail' || random.chance(0.08)) {
        tag(reply(root, reviewer, null), 'second-mail', truth);
      }
      const other = cast.reviewers.find((one) => one !== reviewer);
      if (other && (feature === 'same-lines' || random.chance(0.08))) {
        const under = commentedLines(root, first, truth);
        tag(reply(root, other, null, under), 'same-lines', truth);
      }
      let parent: Mail | null = first;
      for (let depth = 2; depth <= 4 && parent !== null; depth++) {
        if (!random.chance(depth <= Number(wantedDepth ?? 0) ? 0.95 : 0.4)) break;
        if (parent.styles.has('page') || parent.styles.has('robot')) break;
        const others = WRITERS.filter((one) => one !== parent?.from);
        const turn = depth % 2 === 0 ? cast.author : reviewer;
        // Somebody else joins; and who joined is answered by anybody but themselves.
        const next: Writer = random.chance(0.2) || turn === parent.from ? random.pick(others) : turn;
        parent = reply(parent, next, random.chance(0.4) ? feature : null);
      }
    }
  }
  const answers = mails.slice(roots.length);
  const order = random.chance(0.2) ? random.shuffle(answers) : answers;
  return { mails: [...roots, ...order].map((mail) => encoded(random, mail, cast.author)), truth };
}

function castOf(random: Random, feature: StyleName): Cast {
  const [author, ...others] = random.shuffle(WRITERS);
  const special =
    feature === 'latin1'
      ? LATIN1_WRITERS
      : feature === 'wide'
        ? WIDE_WRITERS
        : random.chance(0.2)
          ? [...LATIN1_WRITERS, ...WIDE_WRITERS]
          : [];
  const reviewers = [...random.shuffle(special).slice(0, 1), ...others].slice(
    0,
    random.int(feature === 'same-lines' ? 2 : 1, 3),
  );
  return { author: author as Writer, reviewers };
}

/** The cover letter, where there are several patches, and the patches. */
function rootMails(random: Random, name: string, author: Writer, date: Date): Mail[] {
  const total = random.pick([1, 1, 2, 3, 4]);
  const revised = random.chance(0.5);
  const own = random.shuffle(sources().patches);
  const prefix = (index: number): string =>
    `[PATCH net-next${revised ? ' v2' : ''}${total === 1 ? '' : ` ${index}/${total}`}]`;
  const id = (index: number): string => `${name}-${index}-${author.email}`;
  const root = (index: number, subject: string, lines: Mail['lines']): Mail => ({
    messageId: id(index),
    from: author,
    date: new Date(date.getTime() + index * 1000),
    subject: `${prefix(index)} ${subject}`,
    lines,
    styles: new Set(),
    parent: null,
    cover: total === 1 || index === 0 ? null : id(0),
    patch: index,
    pins: pinsOf(lines),
    depth: 0,
  });
  const mails: Mail[] = [];
  if (total > 1) {
    const cover = random.chance(0.3) ? random.pick(sources().covers) : coverText(random);
    mails.push(root(0, cover.subject, coverBody(cover.text)));
  }
  for (let index = 1; index <= total; index++) {
    const patch: SourcePatch = random.chance(0.35) ? (own.pop() as SourcePatch) : grownPatch(random, revised);
    const other = random.chance(0.15) ? 'Another Author <another@example.org>' : null;
    mails.push(root(index, patch.subject, patchBody(patch, other)));
  }
  return mails;
}

/** Names the styles of the comments that the mail brought. */
function finish(mail: Mail, styles: Set<StyleName>, truth: readonly Truth[]): void {
  if (styles.has('latin1') && !isLatin1(mail.lines.map((line) => line.text).join('\n')))
    styles.delete('latin1');
  // The mark of a mail that quotes nothing is none.
  if (styles.has('no-quote')) for (const mark of MARKS) styles.delete(mark);
  if (mail.depth > 1) {
    styles.add(`depth-${Math.min(mail.depth, 4)}` as StyleName);
    for (const name of lossOf(mail.parent?.styles ?? [])) styles.add(name);
  }
  nameStyles(mail, truth);
}

function tag(mail: Mail | null, name: StyleName, truth: readonly Truth[]): void {
  if (mail === null) return;
  (mail.styles as Set<StyleName>).add(name);
  nameStyles(mail, truth);
}

function nameStyles(mail: Mail, truth: readonly Truth[]): void {
  const names = STYLES.map((style) => style.name).filter((name) => mail.styles.has(name));
  for (const one of truth) if (one.messageId === mail.messageId) one.style = names.join('+');
}

/** The lines of `root` that have a comment of `mail` under them. */
function commentedLines(root: Mail, mail: Mail, truth: readonly Truth[]): number[] {
  const places = truth.filter((one) => one.messageId === mail.messageId && one.line !== null);
  return places.flatMap((one) => {
    const at = root.lines.findIndex(({ origin }) => {
      const place = origin.kind === 'patch' ? origin.place : null;
      return (
        place !== null &&
        place.on === one.on &&
        place.hunk === one.hunk &&
        place.file === one.file &&
        place.side === one.side &&
        place.line === one.line
      );
    });
    return at < 0 ? [] : [at];
  });
}

function rootOf(mail: Mail): Mail {
  let root = mail;
  while (root.parent !== null) root = root.parent;
  return root;
}

function encoded(random: Random, mail: Mail, author: Writer): GeneratedThread['mails'][number] {
  const text = `${mail.lines.map((line) => line.text).join('\n')}\n`;
  const chain: string[] = [];
  for (let at = mail.parent; at !== null; at = at.parent) chain.unshift(at.messageId);
  const { cover } = rootOf(mail);
  if (cover !== null) chain.unshift(cover);
  const above = mail.parent?.messageId ?? mail.cover;
  // Git always writes both.
  const how = mail.parent === null ? 0 : random.int(1, 20);
  const envelope: Envelope = {
    messageId: mail.messageId,
    from: mail.from,
    to: mail.parent?.from ?? author,
    date: mailDate(mail.date),
    subject: mail.subject,
    // Some mailers write only one of the two.
    inReplyTo: how === 1 ? null : above,
    references: how > 1 && how < 4 ? [] : chain,
  };
  return { bytes: encodeMail(envelope, text, mail.styles), messageId: mail.messageId, text };
}
