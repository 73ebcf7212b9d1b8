// SPDX-License-Identifier: MIT
/**
 * Console logs → splats: reports of kernel faults, with their consequences.
 *
 *             a rule matches            its end, by SplatRule.end
 *     idle ───────────────────► body ───────────────────────────► tail
 *      ▲  │ "cut here"           │  │ a line that begins another      │
 *      │  ▼                      │  ▼ report closes this one          │
 *      │ preamble ───────────────┘ body                              │
 *      └──────────── a line that is no part of a report ◄────────────┘
 *
 * The tail is held open for what a fault leads to: the registers printed once more,
 * the panic. A panic behind an oops is one splat, not two.
 */
import type { Machine, Splat } from '../../core/run.ts';
import {
  belongs,
  CUT_HERE,
  ends,
  isFiller,
  isIndented,
  isLate,
  isUnnamed,
  type Line,
  mayFollow,
  type Report,
} from './splat-report.ts';
import { HARMLESS, isFatal, MAY_BEGIN, SPLAT_RULES, type SplatRule } from './splat-table.ts';
import { clean, steady, timeOf, withoutStamp } from './splat-text.ts';
import { whereOf } from './splat-where.ts';

export interface SplatSource {
  machine: Machine;
  /** The log's file name, relative to the record's folder. */
  log: string;
  /** Which boot of the machines the log is of, 1-based. */
  boot: number;
}

/** A report longer than this is cut: a stall on many CPUs, a list of all locks. */
const MAX_LINES = 400;
const MAX_LINE = 1000;
/** From the fourth report of the same thing at the same place on, only the title is kept. */
const MAX_SAME = 3;
const MAX_SPLATS = 500;
/** Lines that may stand between `cut here` and the line that names the trouble. */
const MAX_PREAMBLE = 8;
/** How many lines after a fault its panic is still taken for its consequence. */
const CONSEQUENCE_LINES = 200;

/** What an ended report leads to follows at once. */
const ENDED_MS = 2_000;
/** A machine that is starved may well stop for seconds in mid-report; its second half would lose its place. */
const UNENDED_MS = 15_000;

const RULE = /^={20,}$/;

/** Words of a panic that only says what an earlier report did. */
const CONSEQUENT_PANIC =
  /not syncing: (?:Fatal (?:hardware )?exception|Attempted to kill|Aiee, killing|.*panic_on_warn|softlockup|hung_task|RCU Stall|Hard LOCKUP|Machine halted|kasan\.fault=|.*stack guard hit|System is deadlocked on memory|Out of memory|oops|UBSAN|kfence)/i;

/** Finds splats in a console log as it comes. Give it each line once, then call `end`. */
export class SplatReader {
  readonly #source: SplatSource;
  #number = 0;
  #report: Report | null = null;
  #preamble: Line[] = [];
  #found = 0;
  readonly #same = new Map<string, number>();
  /** Line of the last fault's end: a panic soon after is its consequence. */
  #lastFault = Number.NEGATIVE_INFINITY;

  constructor(source: SplatSource) {
    this.#source = source;
  }

  /** The report being read, as far as it has come; null when there is none. */
  get pending(): Splat | null {
    return this.#report === null ? null : this.#splat(this.#report);
  }

  /**
   * Takes the next line of the console, with or without its line end.
   * @returns the reports this line closed; mostly none
   */
  push(line: string): Splat[] {
    this.#number += 1;
    const raw = clean(line);
    const found: Splat[] = [];
    // A line whose end was lost carries two messages: each stamp begins one.
    for (const part of raw.split(/\r|(?=\[ *\d+\.\d{6}\])/)) {
      const text = withoutStamp(part);
      this.#take(
        { number: this.#number, time: timeOf(part), raw: part.trimEnd(), text: text.trimEnd() },
        found,
      );
    }
    return found;
  }

  /**
   * How long a silence closes the report being read, ms: short once its own end has been read, long while
   * that may still come. null when there is none.
   */
  get closesAfterMs(): number | null {
    if (this.#report !== null) return this.#report.phase === 'tail' ? ENDED_MS : UNENDED_MS;
    return CUT_HERE.test(this.#preamble[0]?.text ?? '') ? UNENDED_MS : null;
  }

  /**
   * The log is at its end, or silent for good: closes what is open. More lines may follow.
   * @returns the report that was open, if there was one
   */
  end(): Splat[] {
    const found: Splat[] = [];
    this.#close(found);
    // All that got out before the machine fell silent.
    if (this.#openUnnamed()) {
      if (this.#report !== null) this.#report.cut = true;
      this.#close(found);
    }
    this.#preamble = [];
    return found;
  }

  #take(line: Line, found: Splat[]): void {
    const hit = match(line.text);
    const report = this.#report;
    if (report === null) {
      if (hit !== null) this.#open(hit, line, found);
      else this.#keepPreamble(line, found);
      return;
    }
    if (hit !== null && isUnnamed(report) && !isLate(report, line)) {
      // The line that names the trouble came late, behind a message of many lines.
      report.rule = hit.rule;
      report.title = hit.title;
      this.#add(report, line, found);
      return;
    }
    const foreign = hit !== null && !belongs(hit.rule, report, line);
    if (foreign || isLate(report, line)) {
      this.#close(found);
      if (hit !== null) this.#open(hit, line, found);
      else this.#keepPreamble(line, found);
      return;
    }
    // CONFIG_BUG_ON_DATA_CORRUPTION: the message, then the BUG with its own `cut here`; SLUB does as much.
    const announced =
      (report.rule.kind === 'list-corruption' && report.lines.length === 1) ||
      (report.rule.kind === 'slab' && report.phase === 'body');
    if (CUT_HERE.test(line.text) && !announced) {
      // The next report begins; what is open ends before it.
      this.#close(found);
      this.#keepPreamble(line, found);
      return;
    }
    if (report.phase === 'tail' && hit === null && !mayFollow(line)) {
      this.#close(found);
      this.#keepPreamble(line, found);
      return;
    }
    if (report.rule.end === 'indent' && hit === null && !isIndented(line)) {
      this.#close(found);
      this.#keepPreamble(line, found);
      return;
    }
    if (hit !== null) {
      // A consequence reopens the report: its own end is awaited now.
      report.phase = 'body';
      report.rules = 0;
      if (report.rule.end !== hit.rule.end && hit.rule.end !== 'line') {
        report.rule = { ...report.rule, end: hit.rule.end, ...(hit.rule.fatal ? { fatal: true } : {}) };
      }
    }
    this.#add(report, line, found);
  }

  #open(hit: Hit, line: Line, found: Splat[]): void {
    // A panic that says what an oops did, come too late to be in its report, is no second splat.
    if (
      hit.rule.kind === 'panic' &&
      CONSEQUENT_PANIC.test(line.text) &&
      line.number - this.#lastFault <= CONSEQUENCE_LINES
    ) {
      return;
    }
    const before = this.#preamble;
    this.#preamble = [];
    const report: Report = {
      rule: hit.rule,
      title: hit.title,
      lines: [...before],
      phase: 'body',
      rules: 0,
      cut: false,
    };
    this.#report = report;
    this.#add(report, line, found);
  }

  #add(report: Report, line: Line, found: Splat[]): void {
    report.lines.push(line);
    if (RULE.test(line.text)) report.rules += 1;
    if (ends(report, line)) {
      report.phase = 'tail';
      // Only after a fault, a stack or a rule can something of the same report follow.
      if (report.rule.end === 'line') this.#close(found);
      else if (report.rule.end === 'trace-end' && !report.rule.fatal) this.#close(found);
      else if (report.rule.end === 'panic') this.#close(found);
    }
    if (this.#report !== null && report.lines.length >= MAX_LINES) {
      report.cut = true;
      this.#close(found);
    }
  }

  #close(found: Splat[]): void {
    const report = this.#report;
    this.#report = null;
    if (report === null) return;
    while (report.lines.length > 1 && isFiller(report.lines.at(-1)?.text ?? 'x')) report.lines.pop();
    const splat = this.#splat(report);
    if (isFatal(report.rule.kind) || report.rule.fatal)
      this.#lastFault = report.lines.at(-1)?.number ?? splat.line;
    this.#found += 1;
    if (this.#found > MAX_SPLATS) return;
    const key = `${splat.kind}\0${splat.title}\0${splat.where ?? ''}`;
    const count = (this.#same.get(key) ?? 0) + 1;
    this.#same.set(key, count);
    found.push(count > MAX_SAME ? { ...splat, text: splat.title } : splat);
  }

  #keepPreamble(line: Line, found: Splat[]): void {
    const first = this.#preamble[0];
    const cutHere = first !== undefined && CUT_HERE.test(first.text);
    // A rule opens KASAN's and lockdep's reports; `cut here` those of WARN and BUG.
    const opens = CUT_HERE.test(line.text) || RULE.test(line.text);
    if (cutHere && (opens || isLate({ lines: this.#preamble }, line))) {
      // Two processors may say `cut here` at once: one alone is the other's too.
      const alone = opens && this.#preamble.length === 1;
      if (!alone && this.#openUnnamed()) this.#close(found);
      this.#preamble = [];
    }
    if (opens) {
      this.#preamble = [line];
      return;
    }
    if (this.#preamble.length === 0) return;
    this.#preamble.push(line);
    if (!cutHere) {
      if (this.#preamble.length > 1) this.#preamble = [];
      return;
    }
    const ended = line.text.startsWith('---[ end trace');
    if (ended || this.#preamble.length > MAX_PREAMBLE) {
      this.#openUnnamed();
      if (ended) this.#close(found);
    }
  }

  /** Makes a report of a `cut here` behind which no line is known; false without one. */
  #openUnnamed(): boolean {
    const lines = this.#preamble;
    const first = lines[0];
    if (first === undefined || !CUT_HERE.test(first.text)) return false;
    const rule: SplatRule = { kind: 'warning', pattern: CUT_HERE, end: 'trace-end' };
    const said = lines.find((line) => !CUT_HERE.test(line.text) && line.text !== '');
    const title = said === undefined ? 'report cut off at its first line' : steady(said.text);
    this.#report = { rule, title, lines, phase: 'body', rules: 0, cut: false };
    this.#preamble = [];
    return true;
  }

  #splat(report: Report): Splat {
    const lines = report.lines.map((line) => line.raw.slice(0, MAX_LINE));
    if (report.cut) lines.push('… cut here: the report goes on in the log, or the log ended');
    return {
      machine: this.#source.machine,
      kind: report.rule.kind,
      title: report.title,
      where: whereOf(report.lines.map((line) => line.text)),
      text: lines.join('\n'),
      log: this.#source.log,
      line: report.lines[0]?.number ?? this.#number,
      boot: this.#source.boot,
    };
  }
}

/** All splats of a log that is there whole. */
export function findSplats(lines: Iterable<string>, source: SplatSource): Splat[] {
  const reader = new SplatReader(source);
  const found: Splat[] = [];
  for (const line of lines) found.push(...reader.push(line));
  found.push(...reader.end());
  return found;
}

interface Hit {
  rule: SplatRule;
  title: string;
}

function match(text: string): Hit | null {
  if (!MAY_BEGIN.test(text) || HARMLESS.some((pattern) => pattern.test(text))) return null;
  for (const rule of SPLAT_RULES) {
    const found = rule.pattern.exec(text);
    if (found !== null) return { rule, title: steady(rule.title?.(found) ?? found[0]) };
  }
  return null;
}
