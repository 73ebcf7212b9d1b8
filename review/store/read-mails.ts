// SPDX-License-Identifier: MIT
/** The bytes of mails → mails, each once; what cannot be used is named. */
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { ReviewProblem } from '../../core/review.ts';
import { mailsIn } from '../mails/joined-mails.ts';
import { type ReviewMail, readReviewMail } from '../mails/mail.ts';
import { beginsWithHeader, readPageMail } from '../mails/page-mail.ts';
import { fingerprint } from './keep-mails.ts';

/** Mails by Message-ID. The order they come in makes no difference. */
export class MailSet {
  readonly problems: ReviewProblem[] = [];
  /** Mails that were given, those twice that came twice; what is no mail does not count. */
  read = 0;
  readonly #mails = new Map<string, ReviewMail>();
  readonly #prints = new Map<string, string>();

  /** @returns the mail; null when it is no mail, or is there already */
  async add(bytes: Uint8Array, origin: string): Promise<ReviewMail | null> {
    const mail = await this.#read(bytes, origin);
    if (mail !== null) this.read += 1;
    return mail === null || !this.put(mail) ? null : mail;
  }

  /** @returns false when it is there already, or another with its Message-ID is kept */
  put(mail: ReviewMail): boolean {
    const { messageId, origin } = mail;
    const there = this.#mails.get(messageId);
    if (there === undefined) {
      this.#mails.set(messageId, mail);
      return true;
    }
    const prints = [there, mail].map((one) => this.#print(one));
    if (prints[0] === prints[1]) return false;
    // Whichever comes first must not matter: the smaller hash is kept.
    const replaces = (prints[1] ?? '') < (prints[0] ?? '');
    const [kept, other] = replaces ? [mail, there] : [there, mail];
    if (replaces) this.#mails.set(messageId, mail);
    this.problems.push({
      origin: printable(origin),
      what: `two different mails have the Message-ID ${printable(messageId)}: ${printable(kept.origin)} is used, ${printable(other.origin)} is not`,
    });
    return replaces;
  }

  get mails(): ReviewMail[] {
    return [...this.#mails.values()];
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
      this.problems.push({ origin: printable(origin), what: error.message });
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

  #print(mail: ReviewMail): string {
    const known = this.#prints.get(mail.origin);
    if (known !== undefined) return known;
    const print = fingerprint(mail);
    this.#prints.set(mail.origin, print);
    return print;
  }
}
