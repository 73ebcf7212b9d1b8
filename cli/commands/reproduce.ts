// SPDX-License-Identifier: MIT
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { type ExitCode, RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { HeldClaim, Reproduction } from '../../core/reproduce.ts';
import { DIRECTIONS, type RunRecord } from '../../core/run.ts';
import type { Series } from '../../core/series.ts';
import type { PeerRun } from '../../review/claims/held.ts';
import type { TestRequest } from '../../runs/run-series.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';
import type { Claimed } from '../reproduce/claimed.ts';
import { BUILD_OPTIONS, PROBE_OPTIONS, probesOf } from '../run-options.ts';
import { terminalWidth } from '../width.ts';

const { base: _, host: __, guest: ___, profile: ____, ...OPTIONS } = BUILD_OPTIONS;

/** Fresh boots of each kernel, as `respin perf` does. */
const RUNS = 5;

export const reproduce: PlainCommand = {
  options: {
    ...OPTIONS,
    ...PROBE_OPTIONS,
    'no-interop': { type: 'boolean', description: 'do not try what it claims of an unpatched host or guest' },
    'no-perf': { type: 'boolean', description: 'do not measure what it claims to gain' },
    out: { type: 'string', value: 'FILE', description: 'the mail; by default tested-by-SERIES-vN.eml here' },
  },
  details: `WHAT is a name in patches/, a Message-ID (looked up on the list of the setting
archive), the address of a thread on a public-inbox server, an mbox, a maildir
or a folder of mails. The mails are kept in patches/, as by review import.

Applies the version, builds it, runs vsock_test in both directions and over
loopback, again with an unpatched host or guest where its mails claim that that
works, measures what they claim to gain against the base, and holds each claim
against what was found. The mail lists both, and has a Tested-by where the
run passed and no claim fell or was left in doubt. Nothing is sent.

The tree is --tree, else what series.toml names; git:/path/to/linux, without a
commit, is taken at the commit the mails name as their base.

Exit status: 0 what was tried holds, 1 something does not hold or a test failed,
2 wrong words, 3 the machine could not tell.`,
  run: async (context) => {
    const [what, ...more] = context.positionals;
    if (what === undefined || more.length > 0) {
      throw new RespinError({
        code: 'BAD_ARGUMENT',
        blame: 'usage',
        message:
          what === undefined
            ? 'what is to be reproduced?'
            : `one series at a time: ${more.join(' ')} is too much`,
        hint: 'respin reproduce MESSAGE-ID; respin help reproduce tells what else it takes',
      });
    }
    // Before anything that takes time: whose mail it will be.
    const { ownPerson } = await import('../review/own-person.ts');
    const self = await ownPerson(context);
    expectFree(context, context.text('out'));
    const { findSeries } = await import('../reproduce/find-series.ts');
    const { name, folder, version: named } = await findSeries(context);
    const { readNamed } = await import('../read-named.ts');
    const series = await readNamed(context, name, named ?? undefined);
    const out = context.text('out') ?? `tested-by-${series.name}-${series.version}.eml`;
    expectFree(context, out);
    const { claimedIn } = await import('../reproduce/claimed.ts');
    const claimed = await claimedIn(folder, series.version);
    const { treeOf, warnOfOtherBase } = await import('../reproduce/tree.ts');
    const tree = await treeOf(context, series.tree, claimed.baseCommit);
    const record = await tested(context, { ...series, tree });
    // It does not apply, it does not build, the machine failed: nothing can be held against anything.
    await expectResult(record);
    warnOfOtherBase(context, claimed.baseCommit, record.tree);
    const peers = await withPeers(context, { ...series, tree }, claimed, record);
    const { holdTesting } = await import('../../review/claims/held.ts');
    const testing = holdTesting(claimed.testing, record, peers);
    const measured = await performance(context, { ...series, tree }, claimed, record);
    const claims = [...testing, ...measured.claims];
    const mail = await mailOf(context, { folder, record, claims, self });
    const report: Reproduction = {
      schema: 'respin.reproduce/1',
      series: { name: series.name, title: series.title, version: series.version },
      tree: { source: record.tree.source, version: record.tree.version, commit: record.tree.commit },
      peers: (typeof peers === 'string' ? [] : peers).map((peer) => ({
        ...{ unpatched: peer.unpatched, run: peer.record.id, verdict: peer.record.verdict },
      })),
      ...{ run: record.id, perf: measured.perf, verdict: record.verdict, why: record.why, claims, mail: out },
      exit: await exitOf(record, claims, measured.exit),
    };
    if (context.json) context.printJson(report);
    else if (!context.ndjson) {
      const { formatReproduction } = await import('../../reports/reproduce-table.ts');
      context.stdout.write(formatReproduction(report, terminalWidth(context)));
    }
    // Last: whatever becomes of the file, what was found is told.
    const { writeNew } = await import('../review/mail-out.ts');
    await writeNew(path.resolve(context.cwd, out), mail);
    return report.exit as ExitCode;
  },
};

async function tested(
  context: Context,
  series: Series,
  how: Partial<Pick<TestRequest, 'variants' | 'probes'>> = {},
): Promise<RunRecord> {
  const { requestFor } = await import('../run-options.ts');
  const { runSeries } = await import('../../runs/run-series.ts');
  const { pruneRuns } = await import('../../runs/prune-runs.ts');
  const request = { ...(await requestFor(context, series)), tree: series.tree ?? '' };
  const usual = {
    probes: probesOf(context, request.probes),
    directions: DIRECTIONS,
    part: null,
    strict: false,
    check: null,
    argv: ['reproduce', ...context.argv],
  };
  const { record } = await context.follow(runSeries({ ...request, ...usual, ...how }, context.signal));
  await pruneRecords(context, { prune: pruneRuns });
  return record;
}

async function expectResult({ error, exit }: RunRecord): Promise<void> {
  const { errorOf } = await import('../../runs/record-error.ts');
  if (error !== null) throw errorOf(error, exit);
}

/** The same with the base's kernel on one of the machines, where that is claimed; why not, where it is not tried. */
async function withPeers(
  context: Context,
  series: Series,
  { testing }: Claimed,
  { verdict }: RunRecord,
): Promise<PeerRun[] | string> {
  if (context.flag('no-interop')) return '--no-interop';
  if (verdict === 'fail' || verdict === 'unknown')
    return 'what does not pass with both patched is not tried so';
  const { unpatchedPeers } = await import('../../review/claims/held.ts');
  const runs: PeerRun[] = [];
  for (const unpatched of unpatchedPeers(testing)) {
    if (!context.quiet) context.stderr.write(`run    with an unpatched ${unpatched}\n`);
    const variants = { host: 'patched', guest: 'patched', [unpatched]: 'base' } as const;
    // The claims are of the tree's own programs.
    const record = await tested(context, series, { variants, probes: false });
    if (record.exit === 130) await expectResult(record);
    runs.push({ unpatched, record });
  }
  return runs;
}

/** What the mails claim to gain, measured; why not, where it is not. */
async function performance(
  context: Context,
  series: Series,
  { performance: claims }: Claimed,
  { verdict }: RunRecord,
): Promise<{ perf: string | null; claims: HeldClaim[]; exit: number }> {
  if (claims.length === 0) return { perf: null, claims: [], exit: 0 };
  const { toMeasure } = await import('../reproduce/claimed.ts');
  const what = toMeasure(claims);
  const why = context.flag('no-perf')
    ? '--no-perf'
    : what === null
      ? 'no figure names direction and message size'
      : verdict === 'fail' || verdict === 'unknown'
        ? 'what does not pass its tests is not measured'
        : null;
  if (what === null || why !== null) {
    const { notMeasured } = await import('../../review/claims/held.ts');
    return { perf: null, claims: notMeasured(claims, why ?? ''), exit: 0 };
  }
  const { requestFor } = await import('../run-options.ts');
  const { perfSeries } = await import('../../runs/perf-series.ts');
  const { PERF_RECORDS } = await import('../../runs/perf-record.ts');
  const { errorOf } = await import('../../runs/record-error.ts');
  const { perfTests } = await import('../../tools/run-vsock-perf/tests.ts');
  const { holdPerformance } = await import('../../review/claims/held.ts');
  const { variants: _, ...request } = await requestFor(context, series);
  const choice = { ...what, types: ['stream'] as const, measure: 'throughput' as const, bytes: null };
  const { record } = await context.follow(
    perfSeries(
      {
        ...{ ...request, tree: series.tree ?? '', clock: null, runs: RUNS, programs: ['vsock-load'] },
        sets: [
          { host: 'base', guest: 'base' },
          { host: 'patched', guest: 'patched' },
        ],
        tests: (clock, program, emulated) => perfTests({ ...choice, clock, program, emulated }),
        argv: ['reproduce', ...context.argv],
      },
      context.signal,
    ),
  );
  await pruneRecords(context, PERF_RECORDS);
  if (record.error === null) return { perf: record.id, claims: holdPerformance(claims, record), exit: 0 };
  if (record.exit === 130) throw errorOf(record.error, record.exit);
  // The run is whole, whatever became of the measurement.
  const { notMeasured } = await import('../../review/claims/held.ts');
  const untold = notMeasured(claims, `${record.error.code}: ${record.error.message}`);
  return {
    perf: record.id,
    claims: untold.map((one) => ({ ...one, held: 'could not tell' })),
    exit: record.exit,
  };
}

interface MailParts {
  folder: string;
  record: RunRecord;
  claims: readonly HeldClaim[];
  self: Awaited<ReturnType<typeof import('../review/own-person.ts')['ownPerson']>>;
}

/** The mail, as it is written. */
async function mailOf(context: Context, { folder, record, claims, self }: MailParts): Promise<string> {
  const { readWholeReview } = await import('../../review/store/read-review.ts');
  const { versionOfRun } = await import('../../review/out/version-of-run.ts');
  const { testedByMail } = await import('../../review/out/tested-by-mail.ts');
  const { formatMail } = await import('../../review/out/mail-file.ts');
  const { versions } = await readWholeReview(folder);
  const version = await versionOfRun(record, versions, context.signal);
  const { mail, warnings } = await testedByMail(record, version, self, claims);
  for (const one of warnings) context.warn(one);
  return formatMail(mail);
}

/** An answer somebody has written is not written over; nor is it found out after an hour. */
function expectFree(context: Context, out: string | undefined): void {
  if (out === undefined) return;
  const file = path.resolve(context.cwd, out);
  if (!isWritable(path.dirname(file))) {
    throw new RespinError({
      code: 'OUT_PATH',
      blame: 'usage',
      message: `nothing can be written to ${printable(path.dirname(file))}`,
      hint: 'name another file with --out',
    });
  }
  if (!existsSync(file)) return;
  throw new RespinError({
    code: 'FILE_EXISTS',
    blame: 'usage',
    message: `${printable(out)} is there already`,
    hint: 'remove it, or name another file with --out',
  });
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function exitOf({ exit }: RunRecord, claims: readonly HeldClaim[], measured: number): Promise<number> {
  const { worstOf } = await import('../../review/claims/held.ts');
  const worst = worstOf(claims);
  if (exit === 1 || measured === 1 || worst === 'does not hold') return 1;
  return exit === 3 || worst === 'could not tell' ? 3 : exit;
}
