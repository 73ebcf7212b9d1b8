// SPDX-License-Identifier: MIT
import { describe, expect, it, vi } from 'vitest';
import type { CheckReport } from '../../core/check.ts';
import { RespinError } from '../../core/errors.ts';
import type { Series } from '../../core/series.ts';
import { checkSeries } from './check-series.ts';
import { checkInput, SIGNED } from './fixture.ts';
import { placed, SERIES } from './places.ts';
import type { CheckTree, Rule, RuleResult } from './rule.ts';
import type { Waivers } from './waivers.ts';

function rule(id: string, check: Rule['check'], more: Partial<Rule> = {}): Rule {
  return {
    ...{ id, kind: 'series', severity: 'warning', title: id, explanation: id, link: 'https://example.org' },
    ...{ needs: 'mails', advice: 'mend it', check },
    ...more,
  };
}

const says = (text: string): RuleResult => [{ place: SERIES, quote: null, text }];
const noTool = (): never => {
  throw new RespinError({
    code: 'TOOL_MISSING',
    blame: 'machine',
    message: 'no perl',
    hint: 'apt install perl',
  });
};

interface Given {
  waivers?: Waivers;
  abort?: AbortController;
  tree?: CheckTree & AsyncDisposable;
  series?: Series;
}

async function checked(rules: readonly Rule[], given: Given = {}): Promise<CheckReport> {
  const { abort = new AbortController(), waivers = new Map(), tree, series } = given;
  const input = await checkInput({ patches: [{ message: `One.\n\n${SIGNED}` }, {}], signal: abort.signal });
  const steps = checkSeries({
    ...input,
    ...(series === undefined ? {} : { series }),
    rules,
    waivers,
    // biome-ignore lint/correctness/useYield: it has nothing to tell
    prepareTree: async function* () {
      if (tree === undefined) throw new Error('this test has no tree');
      return tree.applied.tree;
    },
    // biome-ignore lint/correctness/useYield: likewise
    apply: async function* (base) {
      if (base !== tree?.applied.tree) throw new Error('it is another tree');
      return tree;
    },
  });
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

const states = ({ rules }: CheckReport): string[] =>
  rules.map(({ rule: id, state, why, hint }) =>
    [id, state, why, hint].filter((one) => one !== null).join(': '),
  );

describe('exit', () => {
  it.each<[string, Rule[], number]>([
    ['0 without a finding', [rule('a', () => [])], 0],
    ['0 with warnings', [rule('a', () => says('look'))], 0],
    ['1 with an error', [rule('a', () => says('wrong'), { severity: 'error' })], 1],
    ['3 when a rule could not tell', [rule('a', () => []), rule('b', noTool)], 3],
    ['1 with both', [rule('a', () => says('wrong'), { severity: 'error' }), rule('b', noTool)], 1],
    ['3 when a rule looked at a part only', [rule('a', () => ({ found: [], unknown: 'half of it' }))], 3],
    ['0 when it left out what is of no use', [rule('a', () => ({ found: [], leftOut: 'the rest' }))], 0],
  ])('%s', async (_, rules, exit) => {
    expect((await checked(rules)).exit).toBe(exit);
  });
});

it('a rule that cannot tell does not keep the others from it', async () => {
  const bug = rule('bug', () => {
    throw new TypeError('x is undefined');
  });
  const report = await checked([bug, rule('tool', noTool), rule('good', () => says('seen'))]);
  expect(states(report)).toEqual([
    'bug: unknown: the rule itself failed: TypeError: x is undefined',
    'tool: unknown: no perl: apt install perl',
    'good: ran',
  ]);
  expect(report.findings.map(({ text }) => text)).toEqual(['seen']);
});

it('a rule on the series says nothing of one patch out of it', async () => {
  const input = await checkInput({ patches: [{}, {}] });
  const [, second] = input.series.patches;
  if (second === undefined) throw new Error('two were made');
  const rules = [rule('one', () => says('of one')), rule('all', () => says('of all'), { ofSeries: true })];
  const report = await checked(rules, { series: { ...input.series, patches: [second] } });
  expect(report.findings.map(({ text }) => text)).toEqual(['of one']);
  expect(states(report)).toEqual(['one: ran', 'all: not-for-this: of the series 2/2 alone is here']);
  expect(report.series).toMatchObject({ total: 2, patches: [{ index: 2 }] });
  expect((await checked(rules)).findings).toHaveLength(2);
});

it('rules of the other profile are not asked', async () => {
  const other = vi.fn(() => []);
  const report = await checked([
    rule('other', other, { profile: 'generic' }),
    rule('own', () => [], { profile: 'netdev' }),
  ]);
  expect(states(report)).toEqual(['own: ran']);
  expect(other).not.toHaveBeenCalled();
});

it('findings stand from the series down to the last line, whatever ended first', async () => {
  const late = rule('late', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return says('series');
  });
  const early = rule('early', () => [
    { place: placed('message', 2, 3), quote: 'b', text: 'line 3' },
    { place: placed('message', 2, 1), quote: 'a', text: 'line 1' },
    { place: placed('subject', 2), quote: 's', text: 'subject' },
    { place: placed('message', 1, 9), quote: 'c', text: 'first patch' },
  ]);
  const { findings } = await checked([early, late]);
  expect(findings.map(({ text }) => text)).toEqual(['series', 'first patch', 'subject', 'line 1', 'line 3']);
});

describe('waivers', () => {
  const error = rule('a', () => says('wrong'), { severity: 'error' });
  const waiver = { rule: 'a', by: 'Ann', date: '2026-11-25', reason: 'it has to be', about: 'wrong' };

  it('a waived finding is shown and does not count', async () => {
    const [finding] = (await checked([error])).findings;
    const report = await checked([error], { waivers: new Map([[finding?.id ?? '', waiver]]) });
    expect(report).toMatchObject({ exit: 0, waived: 1, counts: { error: 0 }, voidWaivers: [] });
    expect(report.findings[0]?.waiver).toMatchObject({ by: 'Ann', reason: 'it has to be' });
  });

  it('one that matches nothing is void, unless its rule could not tell', async () => {
    const waivers = new Map([['f0000000', waiver]]);
    expect((await checked([error], { waivers })).voidWaivers).toMatchObject([
      { id: 'f0000000', reason: 'it has to be' },
    ]);
    expect((await checked([rule('a', noTool)], { waivers })).voidWaivers).toEqual([]);
  });
});

describe('the tree', () => {
  it('is prepared once, and given back', async () => {
    const dispose = vi.fn(async () => {});
    const applied = { tree: { source: 'a tree' }, commit: 'c0ffee' };
    const tree = { applied, [Symbol.asyncDispose]: dispose } as unknown as CheckTree & AsyncDisposable;
    const seen: CheckTree[] = [];
    const asks = async ({ tree: get }: { tree(): Promise<CheckTree> }): Promise<RuleResult> => {
      seen.push(await get());
      return [];
    };
    const report = await checked([rule('a', asks), rule('b', asks)], { tree });
    expect(seen).toEqual([tree, tree]);
    expect(dispose).toHaveBeenCalledOnce();
    expect(report.tree).toEqual({ source: 'a tree', commit: 'c0ffee' });
  });

  it('is not prepared when no rule asks', async () => {
    expect((await checked([rule('a', () => [])])).tree).toBeNull();
  });
});

it('an interrupt ends it', async () => {
  const abort = new AbortController();
  const stops = rule('stops', () => {
    abort.abort();
    throw new Error('cut short');
  });
  await expect(checked([stops, rule('b', () => [])], { abort })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
});
