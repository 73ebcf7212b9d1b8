// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weightOf } from './weight.ts';

it.each([
  'nit: one blank line too many',
  'Nit, but a helper would be nicer.',
  'nit - please fix the indentation',
  'Minor: the order of the includes.',
  'Minor nit: please fix the typo.',
  'nitpick: reverse xmas tree',
  '(nit) spaces',
  'nits:\n\n- tabs\n- a typo',
  'Nit: why u32?',
  'This could be const, only if you respin.',
  'If you respin, please add a comment here.',
  'I would call it len. Feel free to ignore.',
  'The typo can be fixed when it is applied, no need to resend.',
  'A comment would help. Just a nit.',
  'This wants a per-queue counter. Can be a follow-up.',
  "FWIW, I'd have used size_t.",
])('a nit: %s', (text) => {
  expect(weightOf(text)).toBe('nit');
});

it.each([
  'NAK. This breaks user space.',
  'NACK from me.',
  'This is a bug: the lock is not held.',
  "That's clearly a bug",
  'You must not sleep here.',
  'This must be fixed before it goes in.',
  'This leaks, please fix.',
  'I consider it a blocker',
])('blocking: %s', (text) => {
  expect(weightOf(text)).toBe('blocking');
});

it.each([
  'Why not a helper?',
  'The caller must hold the lock, as far as I can see.',
  'Please use size_t.',
  'What happens when the peer sends a nack here?',
  'This is not a bug, is it?',
  'I do not know whether this is a bug.',
  'A minor version is not enough here.',
  'The unit of this is bytes.',
  'Nit: the name.\n\nAnd who frees it?',
  'nit: this is a bug, is it not',
  'I did not ignore it.',
  'Who frees it? Not a blocker.',
  'There is a monitor: it sees all.',
])('neither: %s', (text) => {
  expect(weightOf(text)).toBe('normal');
});

it('takes any text, quickly', () => {
  fc.assert(fc.property(fc.string(), (text) => void weightOf(text)));
  for (const text of ['nit '.repeat(100_000), 'it is a '.repeat(100_000), ' '.repeat(400_000)]) {
    expect(weightOf(text)).toMatch(/normal|nit/);
  }
});
