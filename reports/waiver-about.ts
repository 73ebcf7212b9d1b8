// SPDX-License-Identifier: MIT
import type { CheckReport, Finding } from '../core/check.ts';
import { printable } from '../core/escape.ts';
import { placeWords } from './check-words.ts';

/** What a finding is, for who reads waivers.toml: its place and its words. */
export function waiverAbout({ place, text }: Finding, report: CheckReport): string {
  return printable(`${placeWords(place, report)}: ${text}`);
}
