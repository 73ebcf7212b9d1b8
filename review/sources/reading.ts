// SPDX-License-Identifier: MIT
/** What every kind of source is read with, and the two things all of them give. */
import type { RawMail } from '../../patches/assemble.ts';

/** `origin` is how messages name it: path, path#3, address#3. */
export type { RawMail };

/** Something that could not even be cut out as a mail. */
export interface Skipped {
  origin: string;
  why: string;
}

export interface Progress {
  source: string;
  /** What has been read: of a packed file, and of a thread on the web, the packed bytes. */
  bytes: number;
  /** Null when nobody knows. */
  total: number | null;
  mails: number;
}

/** One source being read. */
export interface Reading {
  signal: AbortSignal;
  /** The largest mail that is taken, in bytes. */
  mailLimit: number;
  skip(origin: string, why: string): void;
  /** Changed as it is read; `tell` shows it. */
  progress: Progress;
  tell(): void;
}

/** A mail of a hundred patches is smaller than this by far. */
export const MAIL_LIMIT: number = 32 << 20;

export function tooLarge(limit: number): string {
  return `it is larger than ${mib(limit)}`;
}

/** `32 MiB`; in bytes below one. */
export function mib(bytes: number): string {
  return bytes < 1 << 20 ? `${bytes} bytes` : `${Math.floor(bytes / (1 << 20))} MiB`;
}
