// SPDX-License-Identifier: MIT
/** Diffs of the series that is open. Reading all of its mails takes longer than the review that was kept. */
import { RespinError } from '../../core/errors.ts';
import type { Review, ReviewPatch } from '../../core/review.ts';
import type { PatchText } from '../../review/anchors/patch-text.ts';
import type { BuiltReview } from '../../review/build/build-review.ts';
import { readPatchDiff, readWholeReview } from '../../review/store/read-review.ts';
import type { DiffWanted, PatchMatrix } from '../model.ts';
import { type Beside, type DiffRows, interdiffRows, patchRows } from '../rows/diff-rows.ts';
import { patchMatrix } from './matrix.ts';
import { reviewOf } from './review-of.ts';

export class DiffSource {
  #folder = '';
  #built: Promise<BuiltReview> | null = null;

  /** Its mails have changed. */
  forget(folder: string): void {
    if (folder === this.#folder) this.#built = null;
  }

  /** @throws RespinError PATCH_MISSING (usage), and what reading the mails throws */
  async rows(folder: string, wanted: DiffWanted, beside: Beside): Promise<DiffRows> {
    if (wanted.against !== null) return await between(await this.#whole(folder), wanted, wanted.against);
    const review = await reviewOf(folder);
    const found = review.versions
      .find(({ version }) => version === wanted.version)
      ?.patches.find(({ index }) => index === wanted.patch);
    if (found === undefined) throw missing(wanted.version, wanted.patch);
    // From its own mail: of all of them it is read only where there is none.
    const text =
      (await readPatchDiff(folder, found)) ??
      (await this.#whole(folder)).correspondence.patch(wanted.version, wanted.patch)?.text;
    if (text === undefined) throw missing(wanted.version, wanted.patch);
    return ofPatch(review, found, text, wanted, beside);
  }

  async matrix(folder: string): Promise<PatchMatrix> {
    return patchMatrix(await this.#whole(folder));
  }

  async #whole(folder: string): Promise<BuiltReview> {
    if (folder !== this.#folder || this.#built === null) {
      this.#folder = folder;
      const reading = readWholeReview(folder);
      this.#built = reading;
      // Tried again when it is asked for again.
      reading.catch(() => this.forget(folder));
    }
    return await this.#built;
  }
}

function ofPatch(
  review: Review,
  { subject }: ReviewPatch,
  text: PatchText,
  { version, patch }: DiffWanted,
  beside: Beside,
): DiffRows {
  const comments = review.comments.filter((one) => one.version === version && one.anchor.patch === patch);
  const shown = { message: text.message, notes: text.notes, files: text.files };
  return patchRows({ ...shown, title: titleOf(review, version, patch, subject) }, comments, beside);
}

async function between(
  built: BuiltReview,
  { version, patch }: DiffWanted,
  against: string,
): Promise<DiffRows> {
  const { diffVersions } = await import('../../review/build/diff-versions.ts');
  const diff = diffVersions(built, against, version);
  const found = diff.patches.find(({ after }) => after === patch);
  if (found === undefined) throw missing(version, patch);
  const title = titleOf(built.review, version, patch, found.subject.after ?? '');
  const since = found.before === null ? `not in ${against}` : `since ${against} ${found.before}`;
  return interdiffRows(found, `${title} — ${since}`, new Map(diff.comments.map((one) => [one.id, one])));
}

function titleOf(review: BuiltReview['review'], version: string, patch: number, subject: string): string {
  const total = review.versions.find((one) => one.version === version)?.total ?? '?';
  return `${version} ${patch}/${total} ${subject}`;
}

function missing(version: string, patch: number): RespinError {
  return new RespinError({
    code: 'PATCH_MISSING',
    blame: 'usage',
    message: `patch ${patch} of ${version} is not here`,
    hint: 'respin review import fetches what is missing',
  });
}
