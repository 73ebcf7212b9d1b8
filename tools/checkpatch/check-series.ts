// SPDX-License-Identifier: MIT
/** Rules on a series, side by side → the report. */
import {
  CHECK_SCHEMA,
  type CheckReport,
  type Finding,
  RULE_KINDS,
  type RuleRun,
  SEVERITIES,
} from '../../core/check.ts';
import { exitCodeOf, interrupted, RespinError } from '../../core/errors.ts';
import type { RespinEvent, Steps } from '../../core/events.ts';
import { once } from '../../core/once.ts';
import type { Series } from '../../core/series.ts';
import { inStage } from '../../core/stage.ts';
import type { Tree } from '../../core/tree.ts';
import { scriptTree } from '../../kernel-tree/script-tree.ts';
import { aloneOf } from './alone.ts';
import { findingsOf } from './findings.ts';
import type { CheckInput, CheckTree, Found, Rule, RuleResult } from './rule.ts';
import { type Waivers, withWaivers } from './waivers.ts';

export interface CheckRequest extends Omit<CheckInput, 'tree' | 'scripts'> {
  /** Which rules, in any order. */
  rules: readonly Rule[];
  waivers: Waivers;
  /** The tree; called once at most, when the first rule asks. */
  prepareTree(): Steps<Tree>;
  /** The tree with the series applied; likewise. */
  apply(tree: Tree, emit: (event: RespinEvent) => void): Steps<CheckTree & AsyncDisposable>;
}

/**
 * Runs every rule that is for the profile. A rule that cannot tell is in the report with the
 * reason, and the others run on.
 * @throws RespinError INTERRUPTED; nothing else
 */
export async function* checkSeries(request: CheckRequest): Steps<CheckReport> {
  const { rules, profile, series } = request;
  const started = performance.now();
  const chosen = rules.filter((rule) => rule.profile === undefined || rule.profile === profile);
  const title = `check ${series.name} ${series.version}`;
  return yield* inStage(
    'check',
    title,
    async (emit) => {
      const used: { tree: (CheckTree & AsyncDisposable) | null } = { tree: null };
      const base = once(async () => await drain(request.prepareTree(), emit));
      const tree = once(async () => {
        used.tree = await drain(request.apply(await base(), emit), emit);
        return used.tree;
      });
      const scripts = once(async () => await scriptTree(await base(), filesOf(series), request.signal));
      const input: CheckInput = { ...request, tree, scripts };
      const done: { run: RuleRun; findings: Finding[] }[] = [];
      // All at once: what is dear in a rule takes turns by itself.
      const work = chosen.map(async (rule) => {
        const one = await runRule(rule, input);
        done.push(one);
        const [count, total] = [done.length, chosen.length];
        emit({ type: 'progress', stage: 'check', what: rule.id, done: count, total, unit: 'rules' });
      });
      try {
        await Promise.all(work);
      } catch (error) {
        // Nothing may go on when this has ended.
        await Promise.allSettled(work);
        throw error;
      } finally {
        await used.tree?.[Symbol.asyncDispose]();
      }
      return report(request, done, used.tree, performance.now() - started);
    },
    ({ counts }) => ({
      outcome: 'done',
      detail: SEVERITIES.map((one) => `${counts[one]} ${one}s`).join(', '),
    }),
  );
}

async function runRule(rule: Rule, input: CheckInput): Promise<{ run: RuleRun; findings: Finding[] }> {
  const started = performance.now();
  const end = (
    state: RuleRun['state'],
    { why, hint }: Pick<RuleRun, 'why' | 'hint'>,
    found: readonly Found[],
  ) => ({
    run: { rule: rule.id, kind: rule.kind, state, why, hint, ms: Math.round(performance.now() - started) },
    findings: findingsOf(rule, found, input.series),
  });
  try {
    const alone = aloneOf(input.series);
    if (rule.ofSeries === true && alone !== null) {
      return end('not-for-this', because(`of the series ${alone.index}/${alone.total} alone is here`), []);
    }
    const result: RuleResult = await rule.check(input);
    if ('notForThis' in result) return end('not-for-this', because(result.notForThis), []);
    if ('unknown' in result) return end('unknown', because(result.unknown), result.found);
    if ('leftOut' in result) return end('ran', because(result.leftOut), result.found);
    return end('ran', { why: null, hint: null }, result);
  } catch (error) {
    if (input.signal.aborted) throw interrupted();
    return end('unknown', whyUnknown(error), []);
  }
}

function because(why: string, hint: string | null = null): { why: string; hint: string | null } {
  return { why, hint };
}

/** A rule with a bug must not take the others with it, nor pass for one that found nothing. */
function whyUnknown(error: unknown): { why: string; hint: string | null } {
  if (!(error instanceof RespinError)) return because(`the rule itself failed: ${String(error)}`);
  if (exitCodeOf(error) === 1) return because(`the series does not get that far: ${error.message}`);
  return because(error.message, error.hint ?? null);
}

function filesOf(series: Series): string[] {
  return series.patches.flatMap(({ files }) =>
    files.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((name) => name !== null)),
  );
}

async function drain<T>(steps: Steps<T>, emit: (event: RespinEvent) => void): Promise<T> {
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    emit(next.value);
  }
}

function report(
  request: CheckRequest,
  done: readonly { run: RuleRun; findings: Finding[] }[],
  tree: CheckTree | null,
  ms: number,
): CheckReport {
  const { series, profile, rules, waivers } = request;
  const order = new Map(rules.map((rule, at) => [rule.id, RULE_KINDS.indexOf(rule.kind) * 1000 + at]));
  const runs = done
    .map(({ run }) => run)
    .toSorted((a, b) => (order.get(a.rule) ?? 0) - (order.get(b.rule) ?? 0));
  const bare: CheckReport = {
    schema: CHECK_SCHEMA,
    series: {
      name: series.name,
      title: series.title,
      version: series.version,
      cover: series.cover === null ? null : { subject: series.cover.subject, origin: series.cover.origin },
      total: aloneOf(series)?.total ?? series.patches.length,
      patches: series.patches.map(({ index, subject, origin }) => ({ index, subject, origin })),
    },
    tree: tree === null ? null : { source: tree.applied.tree.source, commit: tree.applied.commit },
    profile,
    findings: inOrder(done.flatMap((one) => one.findings)),
    ...{ voidWaivers: [], rules: runs, counts: { error: 0, warning: 0, note: 0 }, waived: 0, exit: 0 },
    ms: Math.round(ms),
  };
  return withWaivers(bare, waivers);
}

/** The series as a whole, the cover letter, then patch by patch, each from its mail down to its last line. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const places = ['series', 'cover', 'mail', 'subject', 'message', 'notes', 'file', 'line'];
  const key = ({ place, severity }: Finding): (string | number)[] => [
    place.patch ?? -1,
    place.file === null ? 0 : 1,
    place.file ?? '',
    places.indexOf(place.on),
    place.line ?? 0,
    SEVERITIES.indexOf(severity),
  ];
  return findings.toSorted((a, b) => {
    const [one, two] = [key(a), key(b)];
    for (const [at, left] of one.entries()) {
      const right = two[at] ?? 0;
      if (left !== right) return left < right ? -1 : 1;
    }
    return a.rule < b.rule ? -1 : 1;
  });
}
