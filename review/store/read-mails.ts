// SPDX-License-Identifier: MIT
/** The bytes of mails → mails, each once; what cannot be used is named. */
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { ReviewProblem } from '../../core/review.ts';
import type { PutAside } from '../../system/put-aside.ts';
import { barePrint, fingerprint, inBrief, type KeptElsewhere } from '../mails/brief.ts';
import { mailsIn } from '../mails/joined-mails.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { beginsWithHeader, readPageMail } from '../mails/page-mail.ts';

/** Mails by Message-ID. The order they come in makes no difference. */
export class MailSet {
  readonly problems: ReviewProblem[] = [];
  /** Mails that were given, those twice that came twice; what is no mail does not count. */
  read = 0;
  readonly #mails = new Map<string, ReviewMail>();
  readonly #others: ReviewMail[] = [];
  readonly #aside: PutAside | null;

  /** @param aside where the mails' bytes are put: they are then here in brief. */
  constructor(aside: PutAside | null = null) {
    this.#aside = aside;
  }

  /**
   * @param kept where its bytes can be had again: it is then here in brief
   * @returns the mail; null when it is no mail, or is there already
   */
  async add(bytes: Uint8Array, origin: string, kept?: KeptElsewhere): Promise<ReviewMail | null> {
    const mail = await this.#read(bytes, origin);
    if (mail === null) return null;
    this.read += 1;
    if (kept !== undefined) return this.#put(inBrief(mail, kept));
    if (this.#aside === null) return this.#put(mail);
    return this.#put(inBrief(mail, { bytes: this.#aside.add(bytes) }));
  }

  #put(mail: ReviewMail): ReviewMail | null {
    return this.put(mail) ? mail : null;
  }

  /** @returns false when it is there already, or another with its Message-ID is used */
  put(mail: ReviewMail): boolean {
    const { messageId } = mail;
    const there = this.#mails.get(messageId);
    if (there === undefined) {
      this.#mails.set(messageId, mail);
      return true;
    }
    if (fingerprint(there) === fingerprint(mail)) return false;
    const [used, other] = before(mail, there) ? [mail, there] : [there, mail];
    this.#mails.set(messageId, used);
    this.#others.push(other);
    // One that came over two lists, below which each has put something of its own.
    if (barePrint(used) === barePrint(other)) return used === mail;
    this.problems.push({
      origin: printable(other.origin),
      what: `two different mails have the Message-ID ${printable(messageId)}: ${printable(used.origin)} is used, ${printable(other.origin)} is not`,
    });
    return used === mail;
  }

  /** Those that are used, one a Message-ID. */
  get mails(): ReviewMail[] {
    return [...this.#mails.values()];
  }

  /** Those that are not, because another has their Message-ID. */
  get others(): ReviewMail[] {
    return [...this.#others];
  }

  async #read(bytes: Uint8Array, origin: string): Promise<ReviewMail | null> {
    try {
      if (!beginsWithHeader(bytes)) {
        const page = await readPageMail(bytes, origin);
        if (page !== null) return page;
        this.problems.push({ origin: printable(origin), what: 'neither a mail nor the page of one' });
        return null;
      }
      const mail = await readReviewMail(bytes, origin);
      this.#warnOfJoined(mail);
      return mail;
    } catch (error) {
      if (!(error instanceof RespinError)) throw error;
      // Where it stands is said once.
      const what = error.message.startsWith(origin) ? error.message.slice(origin.length) : error.message;
      this.problems.push({ origin: printable(origin), what: what.replace(/^[: ]+/, '') });
      return null;
    }
  }

  #warnOfJoined({ lines, origin }: ReviewMail): void {
    const count = mailsIn(lines);
    if (count === 1) return;
    this.problems.push({
      origin: printable(origin),
      what: `${count} mails seem to be in one: were .eml files concatenated? use an mbox, or name the files`,
    });
  }
}

/** Which came first must not matter: a mail is better than a page of it, and of two mails the smaller hash is used. */
function before(a: ReviewMail, b: ReviewMail): boolean {
  return a.isPage === b.isPage ? fingerprint(a) < fingerprint(b) : b.isPage;
}
