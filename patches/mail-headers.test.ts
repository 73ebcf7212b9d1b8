// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { readHeaders } from './mail-headers.ts';

const read = (text: string) => Object.fromEntries(readHeaders(Buffer.from(text)));

describe('readHeaders', () => {
  it('gives each value by its name, unfolded', () => {
    expect(read('Subject: [PATCH] vsock: take\n the length\nX-A:\tb \n')).toMatchObject({
      subject: '[PATCH] vsock: take the length',
      'x-a': 'b',
    });
  });

  it('takes the first of two headers with one name', () => {
    expect(read('Subject: one\nsubject: two\n')).toMatchObject({ subject: 'one' });
  });

  it('leaves a line that is no header under its own name, and does not fold by other white space', () => {
    expect(read('Subject: one\n\u00a0two: x\nno header\n')).toMatchObject({
      subject: 'one',
      'no header': '',
    });
  });

  it('turns a carriage return within a value into a blank', () => {
    expect(read('Subject: a\rb\n')).toMatchObject({ subject: 'a b' });
  });

  it('reads what the mail library reads', async () => {
    const piece = fc.constantFrom('a', 'Subject', ':', ' ', '\t', '\n', '\n ', 'ü', '=?utf-8?q?x?=', '<x@y>');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 40 }), async (pieces) => {
        // An empty line would end the header.
        const text = `X: y\n${pieces.join('')}`.replace(/\n[ \t]*(?=\n|$)/g, '');
        const { headers } = await PostalMime.parse(`${text}\n\n`);
        const first = new Map(headers.toReversed().map(({ key, value }) => [key, value]));
        for (const [name, value] of readHeaders(Buffer.from(text))) {
          if (name !== '') expect(value).toBe(first.get(name));
        }
      }),
    );
  });
});
