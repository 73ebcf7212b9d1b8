// SPDX-License-Identifier: MIT
/** The patches of each version with their diffs, and how the versions' patches correspond. */
import type { FileDiff } from '../../core/series.ts';
import { type PatchText, readPatchText } from '../anchors/patch-text.ts';
import { type Place, placesOf } from '../anchors/places.ts';
import { positionOf, type SeriesMails, type VersionMails } from '../mails/group-series.ts';
import type { ReviewMail } from '../mails/mail.ts';
import { type LineMap, lineMap } from '../versions/line-map.ts';
import { type PairedPatch, type PatchPair, pairPatches, patchReader } from '../versions/pair-patches.ts';

export interface VersionPatch {
  index: number;
  mail: ReviewMail;
  places: readonly Place[];
  text: PatchText;
}

export interface VersionPatches {
  mails: VersionMails;
  version: string;
  cover: VersionPatch | null;
  /** By number; a version need not have all of them. */
  patches: VersionPatch[];
}

export function versionPatches(series: SeriesMails): VersionPatches[] {
  return series.versions.map((mails) => {
    const all = mails.posting.mails.map((mail) => patchOf(positionOf(mail, mails.posting), mail));
    return {
      mails,
      version: mails.version,
      cover: all.find(({ index }) => index === 0) ?? null,
      patches: all.filter(({ index }) => index > 0).sort((a, b) => a.index - b.index),
    };
  });
}

/** A patch mail with its diff. */
export function patchOf(index: number, mail: ReviewMail): VersionPatch {
  const places = placesOf(mail.lines, mail.quotedOnly);
  return { index, mail, places, text: readPatchText(mail.lines, places) };
}

/** What of one version's patches became what of another's; worked out when first asked for. */
export class Correspondence {
  readonly #versions: readonly VersionPatches[];
  readonly #read = patchReader();
  readonly #paired = new Map<string, PairedPatch[]>();
  readonly #pairs = new Map<string, PatchPair[]>();
  readonly #maps = new Map<string, LineMap>();

  constructor(versions: readonly VersionPatches[]) {
    this.#versions = versions;
  }

  pairs(from: string, to: string): PatchPair[] {
    const key = `${from} ${to}`;
    let pairs = this.#pairs.get(key);
    if (pairs === undefined) {
      pairs = pairPatches(this.#pairedOf(from), this.#pairedOf(to), this.#read);
      this.#pairs.set(key, pairs);
    }
    return pairs;
  }

  /** The pair a patch of `from` is in; undefined when there is no such patch. */
  pairOf(patch: number, from: string, to: string): PatchPair | undefined {
    return this.pairs(from, to).find(({ before }) => before === patch);
  }

  patch(version: string, index: number): VersionPatch | null {
    return this.#version(version)?.patches.find((one) => one.index === index) ?? null;
  }

  /** Follows lines of a patch into its partner; null without one. */
  lines(patch: number, from: string, to: string): LineMap | null {
    const key = `${patch} ${from} ${to}`;
    const known = this.#maps.get(key);
    if (known !== undefined) return known;
    const partner = this.pairOf(patch, from, to)?.after ?? null;
    const before = this.patch(from, patch);
    const after = partner === null ? null : this.patch(to, partner);
    if (before === null || after === null) return null;
    const all: FileDiff[] = this.#version(to)?.patches.flatMap(({ text }) => text.files) ?? [];
    const map = lineMap(before.text.files, after.text.files, all);
    this.#maps.set(key, map);
    return map;
  }

  #version(version: string): VersionPatches | undefined {
    return this.#versions.find((one) => one.version === version);
  }

  #pairedOf(version: string): PairedPatch[] {
    const known = this.#paired.get(version);
    if (known !== undefined) return known;
    const paired = (this.#version(version)?.patches ?? []).map(({ index, mail, text }) => ({
      index,
      subject: mail.subject.subject,
      body: text.message.join('\n'),
      files: text.files,
    }));
    this.#paired.set(version, paired);
    return paired;
  }
}
