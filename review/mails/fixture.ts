// SPDX-License-Identifier: MIT
/** For tests: mails, from as few words as it takes. */
import { type ReviewMail, readReviewMail } from './mail.ts';

export interface MailWords {
  id: string;
  subject: string;
  from?: string;
  /** What it answers, by id. */
  answers?: readonly string[];
  /** Day of November 2026, or a whole Date header. */
  day?: number | string;
  body?: string;
}

export const DIFF = `---
 net/sample.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/net/sample.c b/net/sample.c
index 111111111111..222222222222 100644
--- a/net/sample.c
+++ b/net/sample.c
@@ -1,3 +1,3 @@
 int a;
-int b;
+int c;
 int d;
-- 
2.47.1
`;

/** The bytes of a mail; a `[PATCH …]` gets a message and a diff. */
export function mailBytes({ id, subject, from, answers = [], day = 1, body }: MailWords): Buffer {
  const isPatch = /^\[/.test(subject) && !/\b0+\/\d/.test(subject);
  const date = typeof day === 'string' ? day : `${day} Nov 2026 12:00:00 +0000`;
  return Buffer.from(
    [
      `From: ${from ?? 'Ann Author <ann@example.org>'}`,
      ...(date === '' ? [] : [`Date: ${date}`]),
      `Subject: ${subject}`,
      `Message-ID: <${id}>`,
      ...(answers.length === 0 ? [] : [`In-Reply-To: <${answers[0]}>`]),
      ...(answers.length < 2
        ? []
        : [
            `References: ${answers
              .toReversed()
              .map((one) => `<${one}>`)
              .join(' ')}`,
          ]),
      '',
      body ?? (isPatch ? `Do it.\n\nSigned-off-by: Ann Author <ann@example.org>\n${DIFF}` : 'Some words.\n'),
    ].join('\n'),
  );
}

export async function mailOf(words: MailWords): Promise<ReviewMail> {
  return await readReviewMail(mailBytes(words), words.id);
}

export async function mailsOf(...words: MailWords[]): Promise<ReviewMail[]> {
  return await Promise.all(words.map(mailOf));
}
