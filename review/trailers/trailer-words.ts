// SPDX-License-Identifier: MIT
/** A person's own lines, cut into words and the trailers that stand among them. */
import type { Person } from '../../core/series.ts';
import { samePerson } from '../../patches/trailer-person.ts';
import { grants } from './trailer-condition.ts';
import { type ReadTrailer, readTrailer } from './trailer-line.ts';
import { withdrawsNext } from './trailer-refusal.ts';
import { sentencesOf } from './trailer-sentences.ts';

/** Sentences, and the trailers right below them. */
export interface Passage {
  sentences: string[];
  trailers: ReadTrailer[];
}

const SCISSORS = /^(?=.*(?:>8|8<|>%|%<))[\s>8<%-]*(?:cut here)?[\s>8<%-]*$/;

/**
 * Reads blocks of own lines up to the signature or to scissors. Of a patch that somebody wrote into a reply
 * the trailers are the patch's, and are left out.
 * @param from who the mail is from: a trailer in mid-line counts only when it is the sender's
 * @returns for each block its passages, top to bottom
 */
export function passagesOf(own: readonly (readonly string[])[], from: Person): Passage[][] {
  const blocks: Passage[][] = [];
  for (const block of own) {
    const end = block.findIndex((line) => line === '-- ' || line === '--' || isScissors(line));
    blocks.push(readBlock(withoutPatch(end < 0 ? block : block.slice(0, end)), from));
    if (end >= 0) break;
  }
  return blocks;
}

function isScissors(line: string): boolean {
  return line.length <= 100 && SCISSORS.test(line);
}

function readBlock(lines: readonly string[], from: Person): Passage[] {
  const passages: Passage[] = [];
  let passage: Passage = { sentences: [], trailers: [] };
  let paragraph: string[] = [];
  const flush = () => {
    passage.sentences.push(...sentencesOf(paragraph));
    paragraph = [];
  };
  const add = (line: string) => {
    if (passage.trailers.length > 0) {
      passages.push(passage);
      passage = { sentences: [], trailers: [] };
    }
    paragraph.push(line);
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    // Whoever cut the mail into blocks may have missed a quote.
    if (line.trim() === '' || /^\s*[>|]/.test(line)) {
      flush();
      continue;
    }
    const trailer = readTrailer(lines, at);
    if (trailer === null || !isOwn(trailer, from)) {
      add(line);
      continue;
    }
    if (trailer.lead !== '') add(trailer.lead);
    flush();
    passage.trailers.push(trailer);
    at += trailer.lines - 1;
  }
  flush();
  passages.push(passage);
  return passages;
}

/** In mid-line only the sender's own, behind words that can give it: not `you already have Reviewed-by: …`. */
function isOwn(trailer: ReadTrailer, from: Person): boolean {
  const { lead, person } = trailer;
  if (lead === '') return true;
  if (samePerson(person, from) === 'no' || /\b(?:before|until) /i.test(lead)) return false;
  return (
    /[:,;.!)–—-]$/.test(lead) ||
    grants(lead) ||
    withdrawsNext(lead) ||
    /^(?:with|after|once|fwiw)\b/i.test(lead)
  );
}

/** Cuts a patch out: from the trailers above its `---` line on, or from its first header. */
function withoutPatch(lines: readonly string[]): readonly string[] {
  const diff = lines.findIndex((line) => line.startsWith('diff --git '));
  if (diff < 0) return lines;
  let end = diff;
  for (let at = diff; at >= 0; at--) {
    if (lines[at] !== '---') continue;
    end = at;
    while (end > 0 && /^(?:[A-Za-z-]{2,40}:|\[)/.test(lines[end - 1] ?? '')) end--;
    break;
  }
  return lines.slice(0, end);
}
