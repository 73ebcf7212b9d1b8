// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMENT_STATES } from '../../core/review.ts';
import { type Decision, formatState, parseState, type ReviewState } from './state.ts';

const state = (more: Partial<ReviewState> = {}): ReviewState => ({
  decisions: new Map(),
  links: new Map(),
  met: new Map(),
  ...more,
});

const DECISION: Decision = {
  state: 'declined',
  by: 'Ann Author',
  date: '2026-11-25',
  why: 'it is not ours\nany more',
  mail: 'r@x',
  about: 'Rita on net/a.c:3 (v1): Why "not" d?',
};

describe('formatState', () => {
  it('is empty for nothing', () => {
    expect(formatState(state())).toBe('');
  });

  it('is made to be read in git diff', () => {
    const text = formatState(
      state({
        decisions: new Map([
          ['c2', { ...DECISION, state: 'moot' }],
          ['c1', DECISION],
        ]),
        links: new Map([['a@b', 'v2']]),
        met: new Map([
          ['Reviewed-by rita@example.org v1', { version: 'v2', by: 'Ann', date: '2026-11-25', why: 'in v2' }],
        ]),
      }),
    );
    expect(
      text,
    ).toBe(`# What was decided on the comments of this series: respin review status, resolve, reopen.

[links]
"a@b" = "v2"

[comments.c1]
about = "Rita on net/a.c:3 (v1): Why \\"not\\" d?"
mail = "r@x"
state = "declined"
by = "Ann Author"
date = "2026-11-25"
why = "it is not ours\\nany more"

[comments.c2]
about = "Rita on net/a.c:3 (v1): Why \\"not\\" d?"
mail = "r@x"
state = "moot"
by = "Ann Author"
date = "2026-11-25"
why = "it is not ours\\nany more"

[met."Reviewed-by rita@example.org v1"]
version = "v2"
by = "Ann"
date = "2026-11-25"
why = "in v2"
`);
  });
});

describe('parseState', () => {
  it('takes a date as TOML has them, and what a person left out', async () => {
    const { decisions } = await parseState('[comments.c1]\nstate = "moot"\ndate = 2026-11-25\n', 'f');
    expect(decisions.get('c1')).toEqual({
      state: 'moot',
      by: '',
      date: '2026-11-25',
      why: '',
      mail: '',
      about: '',
    });
  });

  it.each([
    ['[comments.c1]\nstate = "done"\n', /f(?::2)?: comments\.c1: state is "done", not one of/],
    ['[comments.c1]\n', /state is missing/],
    ['[comments.c1\n', /^f:1: /],
    ['links = 3\n[comments]\nc1 = 4\n', /state is missing/],
  ])('%j is named as damaged', async (text, message) => {
    const error = await parseState(text, 'f').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'REVIEW_STATE', blame: 'usage' });
    expect((error as Error).message).toMatch(message);
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '\n',
      "'",
      '#',
      '[',
      ']',
      '.',
      '\u0000',
      '\x7f',
      '\ud800',
      '\u2028',
      'u0041',
      ' ',
    ),
  }),
  fc.constantFrom('__proto__', 'constructor', 'toString', ''),
);
const person = { by: text, date: text, why: text };

describe('whatever is decided', () => {
  it('reads as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          text,
          fc.record({ state: fc.constantFrom(...COMMENT_STATES), mail: text, about: text, ...person }),
        ),
        fc.dictionary(text, text),
        fc.dictionary(text, fc.record({ version: text, ...person })),
        async (decisions, links, met) => {
          const whole = state({
            decisions: new Map(Object.entries(decisions)),
            links: new Map(Object.entries(links)),
            met: new Map(Object.entries(met)),
          });
          // A lone surrogate is no text: two keys may become one.
          const fits = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
            new Map([...map].filter(([key]) => key.isWellFormed()));
          const wanted = state({
            decisions: fits(whole.decisions),
            links: fits(whole.links),
            met: fits(whole.met),
          });
          const written = formatState(wanted);
          const read = await parseState(written, 'f');
          expect(read).toEqual(wellFormed(wanted));
          expect(formatState(read)).toBe(written);
        },
      ),
    );
  });
});

/** With each lone surrogate replaced, as in a file. */
function wellFormed(all: ReviewState): ReviewState {
  const each = <T extends object>(map: ReadonlyMap<string, T>): Map<string, T> =>
    new Map(
      [...map].map(([key, one]) => [
        key,
        Object.fromEntries(
          Object.entries(one).map(([name, value]) => [name, String(value).toWellFormed()]),
        ) as T,
      ]),
    );
  return {
    decisions: each(all.decisions),
    links: new Map([...all.links].map(([key, value]) => [key, value.toWellFormed()])),
    met: each(all.met),
  };
}
