// SPDX-License-Identifier: MIT
/**
 * What one side of vsock_test, vsock_uring_test, vsock_diag_test or a probe prints → cases.
 * Source of the format: run_tests() in tools/testing/vsock/util.c:
 *
 *     Control socket listening on 0.0.0.0:1234
 *     Control socket connection accepted...
 *     0 - SOCK_STREAM connection reset...ok
 *     1 - SOCK_STREAM bind only...skipped
 *     2 - SOCK_STREAM client close...recv timed out        and the program exits
 *     All tests have been executed. Waiting other peer...ok
 *
 * A case that fails prints its reason behind the dots and the program exits: a case
 * without an end is the one that failed. A passing case may print as well, before its `ok`.
 * A probe (probes/probe.h) prints the reason and then `failed`, and goes on with the next case. One that runs
 * each case several times says `round 2 of 4` before the second.
 * stdout and stderr arrive merged through a pty, so lines end in CR LF.
 */

export interface SideCase {
  id: number;
  name: string;
  /** `unfinished`: it began and nothing says that it ended. */
  side: 'ok' | 'skipped' | 'failed' | 'unfinished';
  /** Milliseconds from its first byte to its end by the arrival times given; null without an end. */
  ms: number | null;
  /** What it printed besides, in its own words: for a failed or an unfinished case, the reason. */
  notes: string[];
}

export interface SideOutput {
  cases: SideCase[];
  /** `All tests have been executed. Waiting other peer...ok` was printed. */
  finished: boolean;
  /** That line was begun: all cases are over, the other side was waited for. */
  waiting: boolean;
  /** `host:port` of the control socket, once the server listens. */
  listening: string | null;
  /** Lines that belong to no case: usage, an error before the first one, garbage. Bounded. */
  garbage: string[];
  /** How many there were. */
  garbageLines: number;
}

export type OutputEvent =
  | { type: 'listening'; address: string }
  | { type: 'connected' }
  /** When the name itself holds `...` it may be longer in `case-end`. */
  | { type: 'case-start'; id: number; name: string }
  | { type: 'case-end'; id: number; name: string; side: CaseEnd; ms: number }
  | { type: 'finished' }
  | { type: 'garbage'; line: string };

type CaseEnd = Exclude<SideCase['side'], 'unfinished'>;

const MAX_LINE = 4096;
const MAX_KEPT_LINE = 400;
const MAX_NOTES = 20;
const MAX_GARBAGE = 50;
const MAX_CASES = 2000;

const CASE = /^(\d{1,6}) - (.*?)\.\.\.(.*)$/s;
const BEGUN = /^(\d{1,6}) - (.+)\.\.\.$/s;
const ENDED = /^(\d{1,6}) - (.*)\.\.\.(ok|skipped|failed)$/s;
const END_ALONE = /(?:^|.)(ok|skipped)$/;
const LISTENING = /^Control socket listening on (\S+)$/;
const CONNECTED = /^Control socket (?:connected to \S+?\.?|connection accepted\.\.\.)$/;
const ROUND = /^round \d+ of \d+$/;
const WAITING = /^All tests have been executed\. Waiting other peer\.\.\.(.*)$/;

/** Reads the output of one side as it comes; chunks may be cut anywhere. */
export class ProgramOutput {
  readonly #decoder = new TextDecoder('utf-8');
  /** The line under way, without its end. */
  #partial = '';
  /** The rest of a line that was too long is thrown away. */
  #discarding = false;
  /** When the line under way began to arrive. */
  #lineAt = 0;
  #open: { entry: SideCase; at: number; round: string | null } | null = null;
  /** A `case-start` was given for the line under way. */
  #announced = false;
  readonly #result: SideOutput = {
    cases: [],
    finished: false,
    waiting: false,
    listening: null,
    garbage: [],
    garbageLines: 0,
  };

  /** What is known so far; the arrays go on growing. */
  get result(): Readonly<SideOutput> {
    return this.#result;
  }

  /** The case under way; null between cases. */
  get running(): { id: number; name: string } | null {
    const entry = this.#open?.entry;
    if (entry !== undefined) return { id: entry.id, name: entry.name };
    const begun = BEGUN.exec(this.#partial);
    return begun === null ? null : { id: Number(begun[1]), name: begun[2] ?? '' };
  }

  /**
   * Takes a chunk.
   * @param at its arrival in milliseconds, of any clock that does not go back
   */
  push(chunk: Uint8Array | string, at: number): OutputEvent[] {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    return this.#text(text, at);
  }

  /** The program's output is at its end: reads what came without a line end. */
  end(at: number): OutputEvent[] {
    const events = this.#text(this.#decoder.decode(), at);
    if (this.#partial !== '') {
      const line = this.#partial;
      this.#partial = '';
      this.#line(line, at, events);
    }
    const open = this.#open;
    this.#open = null;
    if (open !== null) {
      tellRound(open);
      this.#add(open.entry);
    }
    return events;
  }

  #text(text: string, at: number): OutputEvent[] {
    const events: OutputEvent[] = [];
    let from = 0;
    while (from < text.length) {
      const newline = text.indexOf('\n', from);
      const to = newline < 0 ? text.length : newline;
      if (!this.#discarding) {
        if (this.#partial === '') this.#lineAt = at;
        const room = MAX_LINE - this.#partial.length;
        this.#partial += text.slice(from, Math.min(to, from + room));
        if (to - from > room) {
          // An endless line: what fits is read as if it were whole.
          const line = this.#partial;
          this.#partial = '';
          this.#line(line, at, events);
          this.#discarding = true;
        }
      }
      if (newline < 0) break;
      if (this.#discarding) this.#discarding = false;
      else {
        const line = this.#partial;
        this.#partial = '';
        this.#line(line, at, events);
      }
      from = newline + 1;
    }
    this.#announce(events);
    return events;
  }

  /** A case shows itself by `N - name...` before its line ends. */
  #announce(events: OutputEvent[]): void {
    if (this.#announced) return;
    const begun = BEGUN.exec(this.#partial);
    if (begun === null) return;
    this.#announced = true;
    events.push({ type: 'case-start', id: Number(begun[1]), name: begun[2] ?? '' });
  }

  #line(whole: string, at: number, events: OutputEvent[]): void {
    const line = whole.replace(/\r+$/, '');
    const announced = this.#announced;
    this.#announced = false;
    const began = CASE.exec(line);
    if (began !== null && (began[2] ?? '') !== '') {
      // A program moves on only when a case is over, whatever became of its `ok`.
      this.#finishOpen('ok', this.#lineAt, events);
      const id = Number(began[1]);
      const ended = ENDED.exec(line);
      const name = ended?.[2] ?? began[2] ?? '';
      if (!announced) events.push({ type: 'case-start', id, name });
      const rest = ended === null ? (began[3] ?? '') : '';
      this.#open = {
        entry: { id, name, side: 'unfinished', ms: null, notes: rest === '' ? [] : [keep(rest)] },
        at: this.#lineAt,
        round: null,
      };
      if (ended !== null) this.#finishOpen(ended[3] as CaseEnd, at, events);
      return;
    }
    const waiting = WAITING.exec(line);
    if (waiting !== null) {
      this.#finishOpen('ok', this.#lineAt, events);
      this.#result.waiting = true;
      if (waiting[1] === 'ok') {
        this.#result.finished = true;
        events.push({ type: 'finished' });
      } else if (waiting[1] !== '') this.#garbage(waiting[1] ?? '', events);
      return;
    }
    if (this.#open !== null) {
      const { entry } = this.#open;
      if (line === 'ok' || line === 'skipped' || line === 'failed') this.#finishOpen(line, at, events);
      else if (ROUND.test(line)) this.#open.round = line;
      else if (line !== '' && entry.notes.length < MAX_NOTES) entry.notes.push(keep(line));
      return;
    }
    const listening = LISTENING.exec(line);
    if (listening?.[1] !== undefined) {
      this.#result.listening = listening[1];
      events.push({ type: 'listening', address: listening[1] });
    } else if (CONNECTED.test(line)) {
      events.push({ type: 'connected' });
    } else if (line !== '') this.#garbage(line, events);
  }

  #finishOpen(said: CaseEnd, at: number, events: OutputEvent[]): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const { entry } = open;
    // A note without a line end may stand before the word: `some noteok`.
    const last = entry.notes.at(-1);
    const side = said === 'ok' && END_ALONE.exec(last ?? '')?.[1] === 'skipped' ? 'skipped' : said;
    if (side === 'failed') tellRound(open);
    entry.side = side;
    entry.ms = Math.max(0, at - open.at);
    this.#add(entry);
    events.push({ type: 'case-end', id: entry.id, name: entry.name, side, ms: entry.ms });
  }

  #add(entry: SideCase): void {
    if (this.#result.cases.length < MAX_CASES) this.#result.cases.push(entry);
  }

  #garbage(line: string, events: OutputEvent[]): void {
    this.#result.garbageLines += 1;
    if (this.#result.garbage.length >= MAX_GARBAGE) return;
    const kept = keep(line);
    this.#result.garbage.push(kept);
    events.push({ type: 'garbage', line: kept });
  }
}

/** Where it ended early; that it came through all of its rounds is nothing to tell. */
function tellRound({ entry, round }: { entry: SideCase; round: string | null }): void {
  if (round !== null) entry.notes.push(`in ${round}`);
}

function keep(line: string): string {
  return line.length > MAX_KEPT_LINE ? `${line.slice(0, MAX_KEPT_LINE)}…` : line;
}

/**
 * Reads what `--list` prints: `ID\tTest name`, then `N\tname`. Note that the programs
 * exit with status 1 after it.
 */
export function parseCaseList(text: string): { id: number; name: string }[] {
  const cases: { id: number; name: string }[] = [];
  for (const line of text.split('\n')) {
    const found = /^(\d{1,6})\t(.+?)\r*$/.exec(line);
    if (found !== null && cases.length < MAX_CASES)
      cases.push({ id: Number(found[1]), name: found[2] ?? '' });
  }
  return cases;
}
