// SPDX-License-Identifier: MIT
/** Diffs of the series that is open. Reading all of its mails takes longer than the review that was kept. */
import { RespinError } from '../../core/errors.ts';
import type { BuiltReview } from '../../review/build/build-review.ts';
import { diffVersions } from '../../review/build/diff-versions.ts';
import { readWholeReview } from '../../review/store/read-review.ts';
import type { DiffWanted, PatchMatrix } from '../model.ts';
import { type Beside, type DiffRows, interdiffRows, patchRows } from '../rows/diff-rows.ts';
import { patchMatrix } from './matrix.ts';

export class DiffSource {
  #folder = '';
  #built: Promise<BuiltReview> | null = null;

  /** Its mails have changed. */
  forget(folder: string): void {
    if (folder === this.#folder) this.#built = null;
  }

  /** @throws RespinError PATCH_MISSING (usage), and what reading the mails throws */
  async rows(folder: string, wanted: DiffWanted, beside: Beside): Promise<DiffRows> {
    const built = await this.#whole(folder);
    return wanted.against === null ? ofPatch(built, wanted, beside) : between(built, wanted, wanted.against);
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
  { review, correspondence }: BuiltReview,
  { version, patch }: DiffWanted,
  beside: Beside,
): DiffRows {
  const found = correspondence.patch(version, patch);
  if (found === null) throw missing(version, patch);
  const comments = review.comments.filter((one) => one.version === version && one.anchor.patch === patch);
  const { text, mail } = found;
  const shown = { message: text.message, notes: text.notes, files: text.files };
  return patchRows(
    { ...shown, title: titleOf(review, version, patch, mail.subject.subject) },
    comments,
    beside,
  );
}

function between(built: BuiltReview, { version, patch }: DiffWanted, against: string): DiffRows {
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
