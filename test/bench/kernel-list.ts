// SPDX-License-Identifier: MIT
/**
 * The mails of a kernel list as bytes, for benches: series with covers and several versions, answers
 * with quotes to depth four, talk without patches, encodings and footers as they come. What is large
 * is made once and taken again under other names, so that 20,000 mails take seconds.
 */
import { encodeMail } from '../reviews/encode.ts';
import { grownPatch } from '../reviews/grow.ts';
import type { StyleName } from '../reviews/mangle.ts';
import { mailDate, WRITERS, type Writer } from '../reviews/people.ts';
import { type Random, randomFrom } from '../reviews/random.ts';
import { answer, coverText, generalRemark, remark, textOf } from '../reviews/words.ts';

export interface ListMail {
  /** When it was sent, in milliseconds. */
  time: number;
  bytes: Buffer;
  /** Comments its writer put under quoted lines. */
  comments: number;
}

interface Sent {
  id: string;
  subject: string;
  from: Writer;
  time: number;
  text: string;
  /** Message-IDs above it, the root first. */
  above: string[];
}

interface SeriesPlan {
  patches: number;
  versions: number;
  /** How many answers a patch or cover letter gets. */
  answers: (random: Random) => number;
  /** Comments an answer has at most. */
  comments: number;
}

const POOL = 240;
const MONTH = 30 * 86_400_000;
const START = Date.UTC(2026, 9, 1);
const FOOTER =
  '_______________________________________________\nvsock mailing list\nvsock@lists.example.org\nhttps://lists.example.org/listinfo/vsock\n';

/** At least this many mails in the order they were sent; the same for the same seed. */
export function kernelListMails(seed: number, count: number): ListMail[] {
  const list = new List(seed);
  while (list.mails.length < count) {
    if (list.random.chance(0.25)) list.talk();
    else {
      list.series({
        patches: list.random.pick([1, 1, 1, 1, 2, 2, 3, 4, 6, 9, 14, 30]),
        versions: list.random.pick([1, 1, 1, 2, 2, 3, 5]),
        answers: (random) => random.pick([0, 0, 0, 0, 1, 1, 2]),
        comments: 3,
      });
    }
  }
  return list.mails.slice(0, count).sort((a, b) => a.time - b.time);
}

/** One series of so many patches and versions, with at least so many comments on it. */
export function bigSeriesMails(patches: number, versions: number, comments: number): ListMail[] {
  const list = new List(7);
  const each = comments / (patches * versions);
  list.series({ patches, versions, comments: 2, answers: (random) => (random.chance(each / 1.3) ? 1 : 0) });
  return list.mails.sort((a, b) => a.time - b.time);
}

/** Mails as one mbox (mboxrd). */
export function* mboxEntries(mails: readonly ListMail[]): Generator<Buffer> {
  for (const { bytes } of mails) {
    const quoted = bytes.includes('\nFrom ') || bytes.includes('\n>From ');
    yield Buffer.from('From mboxrd@z Thu Jan  1 00:00:00 1970\n');
    yield quoted ? Buffer.from(bytes.toString('latin1').replace(/^(?=>*From )/gm, '>'), 'latin1') : bytes;
    yield Buffer.from(bytes.at(-1) === 0x0a ? '\n' : '\n\n');
  }
}

class List {
  readonly mails: ListMail[] = [];
  readonly random: Random;
  readonly #pool: { subject: string; message: string; notes: string; diff: string }[];
  #number = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    const random = randomFrom(20_000);
    this.#pool = Array.from({ length: POOL }, () => {
      const { subject, message, notes, diff } = grownPatch(random, true);
      // Few patches are large, but those make up much of a list.
      const more = random.chance(0.8) ? grownPatch(random, true).diff : [];
      const notesText = notes.join('\n').replaceAll('Changes in v2:', 'Changes in vN:');
      return {
        ...{ subject, message: message.join('\n'), notes: notesText },
        diff: [...diff, ...more].join('\n'),
      };
    });
  }

  series(plan: SeriesPlan): void {
    const { random } = this;
    const name = `s${++this.#number}`;
    const author = this.#person();
    const patches = random.shuffle(this.#pool).slice(0, plan.patches);
    const title = `vsock: ${name}: ${coverText(random).text[0]?.slice(0, 40).toLowerCase()}`;
    let time = START + random.int(0, 3 * MONTH);
    for (let version = 1; version <= plan.versions; version++, time += random.int(2, 12) * 86_400_000) {
      const tag = version === 1 ? '' : ` v${version}`;
      const changes =
        version === 1 ? '' : `Changes in v${version}:\n- share the error path (${name})\n- rebase\n`;
      const roots: Sent[] = [];
      const send = (index: number, subject: string, text: string): void => {
        const brackets = plan.patches === 1 ? '' : ` ${index}/${plan.patches}`;
        const cover = roots[0];
        const above = cover === undefined || plan.patches === 1 ? [] : [cover.id];
        const root: Sent = {
          ...{ id: `2026${time}.${name}-${version}-${index}-${author.email}`, from: author, above, text },
          ...{ subject: `[PATCH net-next${tag}${brackets}] ${subject}`, time: time + index * 1000 },
        };
        roots.push(root);
        this.#send(root, new Set(), 0);
      };
      if (plan.patches > 1) {
        const stat = patches.map(({ notes }) => notes.split('\n').slice(-4).join('\n')).join('\n');
        send(0, title, `${coverText(random).text.join('\n')}\n\n${changes}\n${stat}\n-- \n2.47.1\n`);
      }
      for (const [at, patch] of patches.entries()) {
        const own = (text: string): string => text.replaceAll('vsock_', `${name}_${at}_`);
        const diff = revised(own(patch.diff), version + at);
        const text = `${own(patch.message)}\n---\n${changes}\n${patch.notes.replaceAll('vN', `v${version}`)}\n\n${diff}\n-- \n2.47.1\n`;
        send(at + 1, `${own(patch.subject)} ${name}/${at}`, text);
      }
      for (const root of roots) {
        for (let left = plan.answers(random); left > 0; left--) this.#answers(root, plan.comments);
      }
    }
  }

  talk(): void {
    const { random } = this;
    const from = this.#person();
    const words = { names: ['skb'], to: from.name, proseOnly: false, wide: false };
    const paragraphs = Array.from({ length: random.int(2, 12) }, () => textOf(generalRemark(random, words)));
    const root: Sent = {
      ...{ id: `talk-${++this.#number}-${from.email}`, from, above: [] },
      ...{ subject: `vsock: a question on ${this.#number}`, time: START + random.int(0, 3 * MONTH) },
      text: `Hi all,\n\n${paragraphs.join('\n\n')}\n\nThanks,\n${from.name}\n`,
    };
    this.#send(root, this.#encoding(), 0);
    for (let left = random.int(0, 4); left > 0; left--) this.#answers(root, 3);
  }

  /** An answer, and now and then one to it. */
  #answers(root: Sent, comments: number): void {
    let parent = root;
    for (let depth = 1; depth <= 4; depth++) {
      const from = depth % 2 === 0 ? root.from : this.#person();
      const { text, count } = this.#answerTo(parent, from, comments);
      const sent: Sent = {
        ...{ id: `${(++this.#number).toString(36)}-${depth}.${from.email}`, from, text },
        ...{ subject: parent.subject.replace(/^(?:Re: )?/, 'Re: '), above: [...parent.above, parent.id] },
        time: parent.time + this.random.int(600, 90_000) * 1000,
      };
      this.#send(sent, this.#encoding(), count);
      if (!this.random.chance(0.4)) return;
      parent = sent;
    }
  }

  #answerTo(parent: Sent, from: Writer, most: number): { text: string; count: number } {
    const { random } = this;
    const lines = parent.text.split('\n');
    const words = { names: ['skb', 'len', 'ret'], to: parent.from.name, proseOnly: false, wide: false };
    const parts = [`On ${mailDate(new Date(parent.time))}, ${parent.from.name} wrote:`];
    let at = 0;
    let count = 0;
    for (let left = random.int(1, most); left > 0 && at < lines.length - 12; left--) {
      // Much is quoted that nobody needs, as on a real list.
      const end = Math.min(lines.length - 4, at + random.int(8, 90));
      if (at > 0 && random.chance(0.3)) parts.push('[...]');
      else parts.push(...lines.slice(at, Math.max(at, end - 8)).map((line) => `> ${line}`));
      parts.push(...lines.slice(Math.max(at, end - 8), end).map((line) => `> ${line}`), '');
      parts.push(textOf(parent.above.length > 1 ? answer(random, words) : remark(random, words)), '');
      at = end;
      count++;
    }
    if (random.chance(0.5)) parts.push(...lines.slice(at).map((line) => `> ${line}`), '');
    if (random.chance(0.3)) parts.push(`Reviewed-by: ${from.name} <${from.email}>`, '');
    return { text: `${parts.join('\n')}\n${from.name}\n`, count };
  }

  #send(sent: Sent, styles: ReadonlySet<StyleName>, comments: number): void {
    const { random } = this;
    const to = random.pick(WRITERS);
    const footer = sent.above.length > 0 && random.chance(0.1);
    const envelope = {
      ...{ messageId: sent.id, from: sent.from, to, subject: sent.subject },
      ...{
        date: mailDate(new Date(sent.time)),
        inReplyTo: sent.above.at(-1) ?? null,
        references: sent.above,
      },
    };
    const multipart = styles.size === 0 && sent.above.length > 1 && random.chance(0.06);
    const text = footer && !multipart ? `${sent.text}\n${FOOTER}` : sent.text;
    const encoded = encodeMail(envelope, text, styles) as Buffer;
    const bytes = Buffer.concat([this.#trace(sent), multipart ? inParts(encoded) : encoded]);
    this.mails.push({ time: sent.time, bytes, comments });
  }

  /** What servers put in front, and whom a patch goes to. */
  #trace(sent: Sent): Buffer {
    const { random } = this;
    const hop = (n: number): string =>
      `Received: from mx${n}.example.org (mx${n}.example.org [192.0.2.${random.int(1, 254)}])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\n\tby lists.example.org (Postfix) with ESMTPS id ${random.int(1e8, 1e9).toString(16)}\n\tfor <vsock@lists.example.org>; ${mailDate(new Date(sent.time))}\n`;
    const key = Array.from({ length: 40 }, () => random.int(1e8, 1e9).toString(36)).join('');
    const people = Array.from({ length: 8 }, () => {
      const { name, email } = this.#person();
      return `"${name}" <${email}>`;
    });
    return Buffer.from(
      `${[1, 2, 3].map(hop).join('')}DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.org; s=k20260101;\n\tbh=x; h=From:To:Cc:Subject:Date;\n\tb=${key.replace(/.{70}/g, '$&\n\t ')}\nX-Cc: ${people.join(',\n\t')}\nList-Id: <vsock.lists.example.org>\nPrecedence: bulk\n`,
    );
  }

  #encoding(): Set<StyleName> {
    const style = this.random.int(1, 100);
    if (style <= 8) return new Set(['quoted-printable']);
    if (style <= 11) return new Set(['base64']);
    if (style <= 15) return new Set(['latin1']);
    return new Set();
  }

  #person(): Writer {
    const base = this.random.pick(WRITERS);
    const number = this.random.int(1, 60);
    return { ...base, name: `${base.name} ${number}`, email: base.email.replace('@', `${number}@`) };
  }
}

/** Some of the added lines are others than in the version before. */
function revised(diff: string, salt: number): string {
  let at = 0;
  return diff.replace(/^\+[^+\n][^\n]*$/gm, (line) =>
    ++at % 37 === salt % 37 ? `${line} /* ${salt} */` : line,
  );
}

/** As a list server does it that adds its footer as a part. */
function inParts(mail: Buffer): Buffer {
  const text = mail.toString('latin1');
  const border = text.indexOf('\n\n');
  const type = /^Content-[\s\S]*/m.exec(text.slice(0, border))?.[0] ?? '';
  const head = text.slice(0, border).replace(type, '');
  return Buffer.from(
    `${head}Content-Type: multipart/mixed; boundary="=-part-="\n\n--=-part-=\n${type}\n${text.slice(border + 1)}\n--=-part-=\nContent-Type: text/plain; charset="us-ascii"\nContent-Disposition: inline\n\n${FOOTER}--=-part-=--\n`,
    'latin1',
  );
}
