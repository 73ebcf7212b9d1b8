// SPDX-License-Identifier: MIT
/** One answer to a mail: what is quoted of it, and own words under some of the quoted lines. */
import type { BodyLine } from './diffs.ts';
import { quote, type StyleName } from './mangle.ts';
import { closing, cutMark, greeting, ownLines, robotText, trailer } from './own-lines.ts';
import { otherAttribution, plainAttribution, type Writer } from './people.ts';
import { fold, type Pins } from './pins.ts';
import type { Random } from './random.ts';
import { freeSpots, type Spot } from './spots.ts';
import { answer, generalRemark, type Paragraph, remark, textOf } from './words.ts';

/** What a reviewer wrote, and where it belongs. */
export interface Truth {
  messageId: string;
  /** The exact words, without greetings, trailers and what else a mail has. */
  text: string;
  /** Names of STYLES, joined by `+`: those of the mail, and what had been lost before. */
  style: string;
  /** 0 is the cover letter. */
  patch: number;
  on: 'line' | 'message' | 'notes' | 'cover' | 'patch';
  file: string | null;
  /** The hunk's header line. */
  hunk: string | null;
  side: 'old' | 'new' | null;
  /** Null for a remark on the whole. */
  line: number | null;
  /** Message-ID of the mail whose words this answers; null for a comment on the patch itself. */
  answers: string | null;
}

export interface Mail {
  messageId: string;
  from: Writer;
  date: Date;
  subject: string;
  lines: BodyLine[];
  styles: ReadonlySet<StyleName>;
  /** The mail it answers; null for patches and cover letters. */
  parent: Mail | null;
  /** Of a patch: the Message-ID of its cover letter. */
  cover: string | null;
  /** The number of the patch that is talked about. */
  patch: number;
  /** Of this patch. */
  pins: Pins;
  /** How many answers are between it and the patch: 0 for the patch itself. */
  depth: number;
}

export interface ReplyPlan {
  messageId: string;
  from: Writer;
  date: Date;
  styles: Set<StyleName>;
  /** Comments under quoted lines, at most. */
  comments: number;
  /** Whether the writer made the patches: authors give no trailers. */
  isAuthor: boolean;
  /** Lines of the mail that must get a comment, if they can: what another reviewer has commented on. */
  under?: readonly number[];
}

/**
 * Writes the mail and adds what it says to `truth`. Styles that do not come to bear are taken out
 * of the plan.
 * @returns null when no comment could be placed fairly
 */
export function writeReply(random: Random, parent: Mail, plan: ReplyPlan, truth: Truth[]): Mail | null {
  const { styles } = plan;
  const first = truth.length;
  const mail: Mail = {
    messageId: plan.messageId,
    from: plan.from,
    date: plan.date,
    subject: parent.subject.startsWith('Re: ') ? parent.subject : `Re: ${parent.subject}`,
    lines: [],
    styles,
    parent,
    cover: null,
    patch: parent.patch,
    pins: parent.pins,
    depth: parent.depth + 1,
  };
  const said: string[] = [];
  const say = (made: () => Paragraph[], where: Partial<Truth>, gap: boolean): BodyLine[] | null => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const paragraphs = made();
      const text = textOf(paragraphs);
      const folded = fold(text);
      // The bench tells the comments of a mail apart by their words; and nobody begins twice alike.
      const opening = folded.slice(0, 30);
      if (said.some((other) => other.includes(folded) || other.startsWith(opening))) continue;
      if (said.some((other) => folded.includes(other))) continue;
      said.push(folded);
      truth.push({ ...onWhole(parent), ...where, messageId: mail.messageId, text, style: '' });
      return ownLines(paragraphs, { comment: truth.length - 1, messageId: mail.messageId }, styles, gap);
    }
    return null;
  };
  const add = (lines: readonly (BodyLine | string)[]): void => {
    for (const line of lines) {
      mail.lines.push(typeof line === 'string' ? { text: line, origin: { kind: 'other' } } : line);
    }
  };
  const names = ['skb', 'len', 'rx_buf', 'vsk', 'credit'];
  const words = { names, to: parent.from.name, proseOnly: styles.has('page'), wide: styles.has('wide') };
  const lastWords = (): void => add(closing(random, plan.from, styles));

  if (styles.has('robot')) {
    const paragraph = {
      lines: [`I have built this patch and found ${random.int(2, 99)} new problems:`],
      prose: true,
    };
    const place = parent.lines.find(
      ({ origin }) => origin.kind === 'patch' && origin.place?.on === 'line' && origin.place.side === 'new',
    );
    // Whoever names a line of the file is at that line.
    const where = place?.origin.kind === 'patch' ? (place.origin.place ?? {}) : {};
    add(['Hello,', '', ...(say(() => [paragraph], where, true) ?? []).map((line) => line.text)]);
    add(robotText(random, place));
    return mail;
  }
  const attribution = styles.has('attribution')
    ? otherAttribution(random, parent.from, parent.date, parent.subject)
    : plainAttribution(random, parent.from, parent.date);
  const wholeAnswer = (): boolean => {
    const whole = soleComment(parent, truth);
    const made = (): Paragraph[] =>
      parent.parent === null ? generalRemark(random, words) : answer(random, words);
    const lines = whole === null ? null : say(made, whole, true);
    if (lines !== null) add([...(styles.has('greeting') ? greeting(random, parent.from) : []), ...lines]);
    return lines !== null;
  };
  if (styles.has('no-quote') || styles.has('top-post')) {
    if (!wholeAnswer()) return null;
    lastWords();
    if (styles.has('top-post')) {
      add(['', ...attribution]);
      add(quote(parent.lines, styles, parent.from.initials, 76, random));
    }
    return mail;
  }

  const spots = freeSpots(random, parent, plan, truth);
  if (spots.length === 0) return null;
  const head = styles.has('greeting') ? greeting(random, parent.from) : [];
  const general =
    parent.parent === null && !styles.has('page') && random.chance(0.12)
      ? say(() => generalRemark(random, words), {}, true)
      : null;
  if (general === null && random.chance(0.5)) add([...attribution, ...head]);
  else add([...head, ...(general ?? []), ...attribution]);
  const kept = keptLines(random, parent.lines.length, spots, styles, parent.depth > 0);
  const wrapAt = random.pick([72, 76]);
  let cut = false;
  for (let at = 0; at < parent.lines.length; ) {
    const spot = spots.find((one) => one.at >= at);
    let end = at;
    while (end < parent.lines.length && kept[end] === kept[at] && end - 1 !== spot?.at) end++;
    if (kept[at] !== true) {
      const more = kept.indexOf(true, at) >= 0;
      if (more) cut = true;
      if (more || random.chance(0.3)) add(cutMark(random, styles, parent.from.initials));
    } else {
      add(quote(parent.lines.slice(at, end), styles, parent.from.initials, wrapAt, random));
      if (spot !== undefined && end - 1 === spot.at) {
        // Words of a message are no names.
        const near = spot.where.on === 'line' ? namesNear(parent.lines, spot.at) : [];
        const options = { ...words, names: near.length > 0 ? near : names };
        const made = (): Paragraph[] =>
          spot.where.answers ? answer(random, options) : remark(random, options);
        const lines = say(made, spot.where, !styles.has('no-gap')) ?? [];
        add(lines);
        if (styles.has('trailers') && !plan.isAuthor && random.chance(0.6)) {
          if (styles.has('no-gap')) add(['']);
          add([trailer(random, plan.from), '']);
        }
      }
    }
    at = end;
  }
  lastWords();
  if (!cut)
    for (const name of ['cut-dots', 'cut-snip', 'cut-silent', 'few-lines'] as const) styles.delete(name);
  return truth.length > first ? mail : null;
}

/** Where a remark on the whole of a mail's subject belongs. */
function onWhole(parent: Mail): Omit<Truth, 'messageId' | 'text' | 'style'> {
  const on = parent.patch === 0 ? 'cover' : 'patch';
  return { patch: parent.patch, on, file: null, hunk: null, side: null, line: null, answers: null };
}

/** What an answer that quotes nothing answers: the patch, or the only comment of the mail; null when there are several. */
function soleComment(parent: Mail, truth: readonly Truth[]): Partial<Truth> | null {
  if (parent.parent === null) return {};
  const all = truth.filter((one) => one.messageId === parent.messageId);
  const [only] = all;
  if (only === undefined || all.length > 1) return null;
  const { text: _text, style: _style, ...where } = only;
  return { ...where, answers: parent.messageId };
}

function keptLines(
  random: Random,
  count: number,
  spots: readonly Spot[],
  styles: ReadonlySet<StyleName>,
  nested: boolean,
): boolean[] {
  const last = spots.at(-1)?.at ?? 0;
  const few = styles.has('few-lines');
  const end = few || random.chance(nested ? 0.8 : 0.5) ? last + 1 : count;
  const kept = Array.from({ length: count }, (_, at) => !few && at < end);
  if (styles.has('cut-dots') || styles.has('cut-snip') || styles.has('cut-silent')) {
    for (let cuts = random.int(1, 5); cuts > 0; cuts--) {
      const from = random.chance(0.4) ? 0 : random.int(0, end);
      kept.fill(false, from, Math.min(end, from + random.int(2, Math.max(4, end >> 1))));
    }
  }
  for (const spot of spots) {
    kept.fill(true, spot.from, spot.at + 1);
    // The quote goes on below the comment.
    if (few && random.chance(0.5))
      kept.fill(true, spot.at + 1, Math.min(count, spot.at + 1 + random.int(1, 5)));
  }
  return kept;
}

/** Names in the last lines above a comment, for its words. */
function namesNear(lines: readonly BodyLine[], at: number): string[] {
  const text = lines.slice(Math.max(0, at - 3), at + 1).map((line) => line.text);
  const names = text.join('\n').match(/\b[a-z_][a-z0-9_]{3,30}\b/g) ?? [];
  return [...new Set(names)].filter((name) => !KEYWORDS.test(name));
}

const KEYWORDS =
  /^(?:bool|break|case|char|const|continue|default|else|enum|goto|inline|long|return|signed|size_t|sizeof|static|struct|switch|union|unsigned|void|while|this|that|with|from|when)$/;
