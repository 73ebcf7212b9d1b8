// SPDX-License-Identifier: MIT
import type { ExitCode } from '../../core/errors.ts';
import { RespinError } from '../../core/errors.ts';
import { printable } from '../../core/escape.ts';
import type { SettledTrailer } from '../../core/review.ts';
import { isBy } from '../../reports/review-owed.ts';
import { trailersOf } from '../../reports/review-trailers.ts';
import { readReview } from '../../review/store/read-review.ts';
import { changeState, readState, trailerKey } from '../../review/store/state.ts';
import { whoDecides } from '../../system/who-decides.ts';
import type { Context } from '../command.ts';
import { seriesFolder } from './which-series.ts';
import { versionNamed } from './which-version.ts';

/**
 * `respin review met PERSON [vN] --why …`: the condition of the trailer that this person gave (on that version) is met, by
 * the newest version or that of `--version`. `--undo` takes the note back.
 */
export async function met(context: Context, [person = '', on]: string[]): Promise<ExitCode> {
  const folder = await seriesFolder(context);
  const review = await readReview(folder);
  const { versions } = review;
  if (on !== undefined) versionNamed(versions, on);
  const trailers = trailersOf(review);
  const noted = (await readState(folder)).met;
  const undo = context.flag('undo');
  const candidates = trailers.filter((one) =>
    undo ? noted.has(trailerKey(one)) : one.state === 'conditional',
  );
  const trailer = chosen(candidates, person, on, undo);
  const key = trailerKey(trailer);
  if (undo) {
    await changeState(folder, (state) => state.met.delete(key), context.signal);
  } else {
    const { version } = versionNamed(versions, context.text('version') ?? versions.at(-1)?.version ?? '');
    const since = versions.findIndex((one) => one.version === trailer.version);
    if (versions.findIndex((one) => one.version === version) < since) throw tooOld(version, trailer);
    const why = context.text('why')?.trim() ?? '';
    if (why === '') throw noReason();
    const by = await whoDecides(context.cwd, context.signal);
    const date = new Date().toISOString().slice(0, 10);
    await changeState(folder, (state) => state.met.set(key, { version, by, date, why }), context.signal);
  }
  const { kind, name, email, version } = trailer;
  const now = trailersOf(await readReview(folder)).find(
    (one) => trailerKey(one) === key && one.messageId === trailer.messageId,
  );
  const state = now?.state ?? trailer.state;
  if (context.json) {
    context.printJson({ schema: 'respin.met/1', kind, email, version, before: trailer.state, state });
  } else {
    context.stdout.write(
      `${printable(kind)} of ${printable(name || email)}, on ${version}: ${trailer.state} → ${state}\n`,
    );
  }
  return 0;
}

/** The one of this person; of several none is guessed. */
function chosen(
  candidates: readonly SettledTrailer[],
  person: string,
  on: string | undefined,
  undo: boolean,
): SettledTrailer {
  const found = candidates.filter(
    ({ name, email, version }) =>
      person !== '' && isBy(name, email, person) && (on === undefined || version === on),
  );
  const [first] = found;
  // The same said of two patches is one note.
  if (first !== undefined && found.every((one) => trailerKey(one) === trailerKey(first))) return first;
  const listed = [...new Set((first === undefined ? candidates : found).map(trailerKey))].map(printable);
  const what = undo ? 'condition that somebody noted as met' : 'conditional trailer';
  throw new RespinError({
    code: 'TRAILER_UNKNOWN',
    blame: 'usage',
    message:
      first === undefined
        ? `there is no ${what} of ${printable(person)}${on === undefined ? '' : ` on ${on}`}`
        : `${printable(person)} is more than one: ${listed.join(', ')}`,
    hint:
      first !== undefined
        ? 'name the address, and the version: respin review met PERSON vN'
        : listed.length === 0
          ? 'respin review trailers lists all, with their states'
          : `there is ${listed.join(', ')}`,
  });
}

function tooOld(version: string, trailer: SettledTrailer): RespinError {
  return new RespinError({
    code: 'SERIES_VERSION',
    blame: 'usage',
    message: `${version} is older than the trailer, which is on ${trailer.version}`,
    hint: '--version names the version that did what was asked for',
  });
}

function noReason(): RespinError {
  return new RespinError({
    code: 'MISSING_OPTION',
    blame: 'usage',
    message: 'a condition is not met without a reason',
    hint: '--why "…": it is kept, and shown beside the trailer',
  });
}
