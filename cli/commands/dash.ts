// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CheckReport } from '../../core/check.ts';
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { Steps } from '../../core/events.ts';
import { nearest } from '../../core/nearest.ts';
import type { WantedRun } from '../../dashboard/data/follow-run.ts';
import { SERIES_NAME } from '../../patches/series-folder.ts';
import type { FinishedRun } from '../../runs/run-series.ts';
import type { ChosenCases } from '../../tools/run-vsock-test/chosen-cases.ts';
import type { Context, PlainCommand } from '../command.ts';
import { pruneRecords } from '../prune-records.ts';

export const dash: PlainCommand = {
  options: {
    linear: {
      type: 'boolean',
      description: 'lines that follow each other instead of a screen: for screen readers and plain terminals',
    },
    keys: { type: 'boolean', description: 'print the keys of every screen, in Markdown' },
  },
  details: `SERIES is a name in patches/; without one the list of all series is shown.
The keys are those of lazygit and tig; ? shows those of the place. What is
decided in it is what review resolve and reopen would write, and u takes it
back. Where stdin or stdout is no terminal the list is printed, and the exit
status is 2.`,
  run: async (context) => {
    if (context.flag('keys')) {
      const { keysMarkdown } = await import('../../dashboard/keys-markdown.ts');
      await context.show(keysMarkdown());
      return 0;
    }
    const { patches } = (await context.settings()).settings;
    const series = await namedFolder(context, patches);
    const { stdin, stdout } = process;
    const isTerminal = stdin.isTTY === true && stdout.isTTY === true && process.env['TERM'] !== 'dumb';
    if (!isTerminal) return await summary(context, patches);
    const { openDashboard } = await import('../../dashboard/open.ts');
    await openDashboard({
      ...{ patchesDir: patches, cwd: context.cwd, series, signal: context.signal, color: context.color },
      ...{ stdin, stdout, linear: context.flag('linear'), leavingInterrupts: context.leavingInterrupts },
      signer: async () =>
        (await (await import('../review/own-person.ts')).ownPerson(context, "the waiver would be nobody's"))
          .name,
      draftReply: async (folder, id) => await draftReply(context, folder, id),
      coverage: async (folder, version) =>
        await (await import('../review/coverage-of-version.ts')).coverageOfVersion(context, folder, version),
      startCheck: async (name, builds, signal) => await startCheck(context, name, builds, signal),
      startRun: async (wanted, signal) => await startRun(context, wanted, signal),
    });
    return 0;
  },
};

/** @throws RespinError BAD_ARGUMENT, SERIES_UNKNOWN (usage) */
async function namedFolder(
  { positionals }: Context,
  patches: string,
): Promise<{ name: string; folder: string } | null> {
  const [name, ...more] = positionals;
  if (name === undefined) return null;
  if (more.length > 0) {
    throw new RespinError({
      code: 'BAD_ARGUMENT',
      blame: 'usage',
      message: `one series at a time: ${more.join(' ')} is too much`,
      hint: 'respin dash without a name shows all',
    });
  }
  const folder = path.join(patches, name);
  const isThere = ['series.toml', 'mail'].some((one) => existsSync(path.join(folder, one)));
  if (SERIES_NAME.test(name) && isThere) return { name, folder };
  const { listSeriesRows } = await import('../../dashboard/data/load-series.ts');
  const rows = await listSeriesRows(patches);
  const names = rows.map((one) => one.name);
  const near = nearest(name, names);
  throw new RespinError({
    code: 'SERIES_UNKNOWN',
    blame: 'usage',
    message: `there is no series "${printable(name)}" in ${patches}`,
    hint:
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : names.length === 0
          ? 'respin review import SOURCE fetches the mails of a series'
          : `there is ${names.join(', ')}`,
  });
}

/** What the first screen shows, as text: for a pipe, and for who has no terminal to draw on. */
async function summary(context: Context, patches: string): Promise<ExitCode> {
  const { summaryText } = await import('../../dashboard/summary.ts');
  const text = await summaryText(patches);
  context.stdout.write(text);
  throw new RespinError({
    code: 'NO_TERMINAL',
    blame: 'usage',
    message: 'the dashboard needs a terminal for stdin and stdout',
    hint: 'respin series list, respin review status and respin runs list print the same',
  });
}

/** As `respin run NAME` would, or with --case. */
async function startRun(
  context: Context,
  { series: name, only }: WantedRun,
  signal: AbortSignal,
): Promise<Steps<FinishedRun>> {
  const { requestFor, testsOf } = await import('../run-options.ts');
  const { readNamed } = await import('../read-named.ts');
  const { runSeries } = await import('../../runs/run-series.ts');
  const { pruneRuns } = await import('../../runs/prune-runs.ts');
  const { DIRECTIONS } = await import('../../core/run.ts');
  const { chosenText } = await import('../../tools/run-vsock-test/chosen-cases.ts');
  const { settings } = await context.settings();
  const series = await readNamed(context, name, undefined, { signal });
  const chosen: ChosenCases[] =
    only === undefined
      ? []
      : [{ program: only.program, which: only.name === null ? null : { named: only.name } }];
  const times = only?.times ?? 1;
  const tests = testsOf(
    only === undefined ? null : { chosen, times },
    only?.directions ?? DIRECTIONS,
    settings.probes,
  );
  const request = { ...(await requestFor(context, series)), ...tests };
  const words = chosen.flatMap((one) => ['--case', chosenText(one), '--times', String(times)]);
  const directions = only === undefined ? [] : ['--direction', only.directions.join(',')];
  const more = { strict: false, argv: ['run', name, ...words, ...directions], check: null };
  return pruned(context, { prune: pruneRuns }, runSeries({ ...request, ...more }, signal));
}

/** As `respin check NAME` would, or with --no-build; the report is kept. */
async function startCheck(
  context: Context,
  name: string,
  builds: boolean,
  signal: AbortSignal,
): Promise<Steps<CheckReport>> {
  const { checkSteps } = await import('../check/check-steps.ts');
  const { readNamed } = await import('../read-named.ts');
  const { CHECK_RECORDS, keepCheck } = await import('../../runs/check-record.ts');
  const { RULES } = await import('../../tools/checkpatch/catalogue.ts');
  const series = await readNamed(context, name, undefined, { signal });
  const rules = RULES.filter(({ needs }) => builds || needs !== 'build');
  const started = new Date();
  const steps = await checkSteps({ ...context, signal }, { name, series }, { rules, profile: null });
  const kept = async function* (): Steps<CheckReport> {
    const report = yield* steps;
    await keepCheck(report, started, ['check', name, ...(builds ? [] : ['--no-build'])]);
    return report;
  };
  return pruned(context, CHECK_RECORDS, kept());
}

/** The steps, and at their end no more records than are to be kept. */
async function* pruned<T>(
  context: Context,
  records: { prune(keep: number): Promise<unknown> },
  steps: Steps<T>,
): Steps<T> {
  const result = yield* steps;
  // A screen has no place for a warning.
  await pruneRecords({ ...context, warn: () => {} }, records);
  return result;
}

/** As `respin review reply ID --out` would, beside where the user stands. */
async function draftReply(context: Context, folder: string, id: string): Promise<string> {
  const { readWholeReview } = await import('../../review/store/read-review.ts');
  const { findWords } = await import('../../review/out/find-words.ts');
  const { replyMail } = await import('../../review/out/reply-mail.ts');
  const { formatMail } = await import('../../review/out/mail-file.ts');
  const { ownPerson } = await import('../review/own-person.ts');
  const { writeNew } = await import('../review/mail-out.ts');
  const self = await ownPerson(context);
  const { review, comments } = await readWholeReview(folder);
  const comment = review.comments.find((one) => one.id === id);
  const words = comment === undefined ? null : findWords(comments, comment, null);
  if (words === null) {
    throw new RespinError({
      code: 'MAIL_UNKNOWN',
      blame: 'usage',
      message: `the mail of ${id} cannot be found`,
    });
  }
  const { mail } = await replyMail(words, self);
  const name = `reply-${id}.eml`;
  await writeNew(path.join(context.cwd, name), formatMail(mail));
  return name;
}
