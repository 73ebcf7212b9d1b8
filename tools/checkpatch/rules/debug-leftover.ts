// SPDX-License-Identifier: MIT
import { type AddedCode, addedCode, isKernelC } from '../c-lines.ts';
import { atLine, pathOf } from '../places.ts';
import type { Found, Rule } from '../rule.ts';

const TRACE = /(?<![\w.>])trace_printk\(/;
const PRINT = /(?<![\w.>])(?:printk|pr_[a-z_]+|dev_[a-z_]+|netdev_[a-z_]+)\(/;
/** All of a message, but format and line end: words that are there to see whether a line is reached. */
const MARK =
  /^(?:(?:got |i am |we are )?here|debug|test|testing|xxx+|aaa+|foo|hello(?: world)?|[>!]{2,})[\s!.\d:-]*$/i;

export const debugLeftover: Rule = {
  id: 'debug-leftover',
  kind: 'source',
  severity: 'note',
  title: 'no trace of the author’s own debugging is left',
  explanation: `A message of the kernel tells somebody who was not there what happened. One that only says
that a line was reached, or the line's number, was for the author. trace_printk() is for debugging alone: a kernel that
has one called prints a large banner at boot, saying that it is not to be used in production.`,
  link: 'https://docs.kernel.org/process/coding-style.html#printing-kernel-messages',
  needs: 'mails',
  advice: 'take it out',
  check: ({ series }) =>
    [...addedCode(series)].flatMap((one): Found[] => {
      const left = leftIn(one);
      return left === null ? [] : [{ place: atLine(one), quote: one.line.text, ...left }];
    }),
};

function leftIn(one: AddedCode): Pick<Found, 'text' | 'severity'> | null {
  const { code, strings, directive, file } = one;
  if (directive || !isKernelC(pathOf(file)) || /^\S/.test(code)) return null;
  if (TRACE.test(code) && !/^(?:kernel\/trace|include)\//.test(pathOf(file))) {
    return { text: 'trace_printk() is left in', severity: 'warning' };
  }
  if (!PRINT.test(code)) return null;
  if (/\b__LINE__\b/.test(code)) return { text: 'a message that prints the number of its line' };
  const words = strings
    .slice(0, 200)
    .replaceAll(/\\n|%s|%d|[(),:]/g, ' ')
    .trim();
  return MARK.test(words) ? { text: `a message that says only "${words}"` } : null;
}
