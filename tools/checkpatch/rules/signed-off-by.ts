// SPDX-License-Identifier: MIT
import type { Patch, Person } from '../../../core/series.ts';
import type { MailFacts } from '../../../patches/mail-facts.ts';
import { readPerson } from '../../../patches/trailer-person.ts';
import { placed, textLines } from '../places.ts';
import type { Found, Rule } from '../rule.ts';
import { atTrailer, isMailed, isSame, MOST_TRAILERS, nameOf } from '../trailers.ts';

interface Line {
  line: number;
  written: string;
  person: Person;
}

const LONGEST = 1000;

export const signedOffBy: Rule = {
  id: 'signed-off-by',
  kind: 'series',
  severity: 'error',
  title: 'author and sender have signed off, in the order the patch went',
  explanation: `Signed-off-by says that its giver may pass the patch on (the Developer's Certificate of Origin). A patch
without its author's is not taken: "sorry, no anonymous contributions". Below the author's come those of the
people it went through; "the last Signed-off-by: must always be that of the developer submitting the patch".
Who signs above the author has to be a co-developer.

git commit -s and git am -s write the line. It has to stand above ---: what is below is dropped.`,
  link: 'https://docs.kernel.org/process/submitting-patches.html#sign-your-work-the-developer-s-certificate-of-origin',
  needs: 'mails',
  advice: 'whoever is missing signs the patch off: git commit --amend -s',
  check: ({ series, mails }) =>
    series.patches.flatMap((patch) =>
      foundIn(
        patch,
        mails.find(({ patch: index }) => index === patch.index),
      ),
    ),
};

function foundIn(patch: Patch, mail: MailFacts | undefined): Found[] {
  const signed = linesOf(patch.body, /^signed-off-by[ \t]?:/i);
  const [first] = signed;
  const last = signed.at(-1);
  if (first === undefined || last === undefined) return [missing(patch)];
  const found: Found[] = [];
  const own = signed.findIndex(({ person }) => isSame(person, patch.author));
  if (own < 0) {
    const text = `${nameOf(patch.author)} is the author and has not signed off`;
    found.push({ ...atTrailer(patch, first), text });
  } else {
    const together = linesOf(patch.body, /^co-developed-by[ \t]?:/i);
    const stranger = signed
      .slice(0, own)
      .find(({ person }) => !together.some((one) => isSame(one.person, person)));
    if (stranger !== undefined) {
      found.push({
        ...atTrailer(patch, stranger),
        severity: 'warning',
        text: `${nameOf(stranger.person)} signs off before the author ${nameOf(patch.author)}`,
        advice:
          'the author comes first, who passes the patch on below; who wrote part of it is Co-developed-by',
      });
    }
  }
  const mailed = mail !== undefined && isMailed(mail);
  const from = mail?.from ?? null;
  // Not mailed yet, the header has the author, unless another is about to send it.
  const sender = from !== null && (mailed || !isSame(from, patch.author)) ? from : null;
  const verb = mailed ? 'sent' : 'sends';
  if (sender !== null && !isSame(last.person, sender) && !(own < 0 && isSame(sender, patch.author))) {
    const late = signed.some(({ person }) => isSame(person, sender));
    found.push({
      ...atTrailer(patch, last),
      ...(late ? { severity: 'warning' } : {}),
      text: late
        ? `${nameOf(sender)} ${verb} the patch, and the last Signed-off-by is that of ${nameOf(last.person)}`
        : `${nameOf(sender)} ${verb} the patch and has not signed off`,
      advice: 'the Signed-off-by of who sends the patch comes last',
    });
  }
  return found;
}

function missing({ index, notes }: Patch): Found {
  for (const { line, text } of textLines(notes)) {
    if (!/^signed-off-by[ \t]?:/i.test(text)) continue;
    return {
      place: placed('notes', index, line),
      quote: text,
      text: 'the Signed-off-by stands below ---, where git am drops it',
      advice: 'move it above ---',
    };
  }
  return { place: placed('mail', index), quote: null, text: 'there is no Signed-off-by' };
}

/** Anywhere in the message: git reads them so as well, and some people write on below them. */
function linesOf(body: string, kind: RegExp): Line[] {
  const found: Line[] = [];
  for (const { line, text } of textLines(body)) {
    if (text.length > LONGEST || !kind.test(text)) continue;
    if (found.length === MOST_TRAILERS) break;
    const value = text.slice(text.indexOf(':') + 1);
    found.push({
      line,
      written: text,
      person: readPerson(value).person ?? { name: value.trim(), email: '' },
    });
  }
  return found;
}
