// SPDX-License-Identifier: MIT
/** The two sides of a program → the cases of a suite. */
import type { CaseResult, SideStatus } from '../../core/run.ts';
import type { SideCase, SideOutput } from './parse-output.ts';

export type SideName = 'host' | 'guest';

export interface SideEnd {
  output: Readonly<SideOutput>;
  /** Exit status; null when a signal ended it or it is not known. */
  exit: number | null;
  /** `SIGSEGV`, `6`, …; null when it exited by itself. */
  signal: string | null;
  /**
   * Why there is no end of its own: `timeout`, respin ended it after waiting `limitMs`;
   * `machine-died`, nothing more came from the machine it ran on; `enough`, a case failed, and no more was asked for.
   */
  cut: 'timeout' | 'machine-died' | 'enough' | null;
  /** Milliseconds waited for before it was ended; for the reason. */
  limitMs?: number;
}

/** `id` of the entries that stand for the program as a whole rather than for a case. */
export const WHOLE_PROGRAM = -1;
export const BEFORE_FIRST = '(before the first case)';
export const AFTER_LAST = '(after the last case)';

/** Reasons that only say that the other side went away. */
const SECOND_HAND =
  /^(?:the other side has left this case|unexpected EOF on control socket|(?:send|recv|read|write|connect)(?:\(\d\))?: (?:Broken pipe|Connection reset by peer)|expected "\w*" on control socket, got ".*")$/;

const SIDES: readonly SideName[] = ['host', 'guest'];

interface Entry {
  id: number;
  name: string;
  host: SideCase | null;
  guest: SideCase | null;
}

/**
 * Combines what both sides printed and how they ended.
 * @param expected the cases of the program in order, where known: those that never began are `not-run`
 * @returns cases in the program's order; an entry with id `WHOLE_PROGRAM` when the
 *   program failed outside of its cases
 */
export function combine(
  sides: { host: SideEnd; guest: SideEnd },
  expected: readonly { id: number; name: string }[] = [],
): CaseResult[] {
  const entries = pair(sides, expected);
  const results: CaseResult[] = [];
  let stopped = false;
  for (const entry of entries) {
    if (stopped) {
      results.push(notRun(entry, sides));
      continue;
    }
    const result = one(entry, sides, entries);
    results.push(result);
    // Both of a probe's sides go on behind a case that failed.
    const goesOn =
      hasEnded(entry.host) && hasEnded(entry.guest) && SIDES.every((side) => sides[side].cut !== 'enough');
    stopped = (result.status === 'fail' || result.status === 'unknown') && !goesOn;
  }
  const broken = results.find((result) => result.status === 'fail' || result.status === 'unknown');
  if (broken !== undefined) return results;
  const whole = program(sides, results, expected.length > 0);
  if (whole === null) return results;
  return whole.name === BEFORE_FIRST ? [whole, ...results] : [...results, whole];
}

/** True for a reason that slowness alone can bring about; errno 110 is ETIMEDOUT. */
export function isTimeout(reason: string | null): boolean {
  return (
    reason !== null && /\btimed out\b|\bno end within\b|\berrno 110\b|\btoo much time in\b/i.test(reason)
  );
}

const DIED = 'died while this case ran';

/** True for a case that a machine did not survive. */
export function isDeath({ status, reason }: Pick<CaseResult, 'status' | 'reason'>): boolean {
  return status === 'unknown' && reason?.endsWith(DIED) === true;
}

/** True for a reason that says the program itself crashed. */
export function isCrash(reason: string | null): boolean {
  return reason !== null && /\bkilled by (?:SIG\w+|signal \d+)/.test(reason);
}

/** Same name, same case: numbers move between kernel versions. The n-th of a name pairs with the n-th. */
function pair(
  sides: { host: SideEnd; guest: SideEnd },
  expected: readonly { id: number; name: string }[],
): Entry[] {
  const entries = new Map<string, Entry>();
  const key = (name: string, seen: Map<string, number>): string => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return `${nth}\0${name}`;
  };
  const known = new Map<string, number>();
  for (const { id, name } of expected) entries.set(key(name, known), { id, name, host: null, guest: null });
  for (const side of SIDES) {
    const seen = new Map<string, number>();
    for (const found of sides[side].output.cases) {
      const whole = wholeName(found, side, sides, expected);
      const slot = key(whole.name, seen);
      const entry = entries.get(slot) ?? { id: found.id, name: whole.name, host: null, guest: null };
      // The number the program gave counts; a list may come from another version.
      entry.id = found.id;
      entry[side] = whole;
      entries.set(slot, entry);
    }
  }
  return [...entries.values()].sort((a, b) => a.id - b.id);
}

/** A name that holds `...` is cut at its first dots when the case fails; the other side knows it whole. */
function wholeName(
  found: SideCase,
  side: SideName,
  sides: { host: SideEnd; guest: SideEnd },
  expected: readonly { id: number; name: string }[],
): SideCase {
  if (found.side !== 'unfinished') return found;
  const other = sides[side === 'host' ? 'guest' : 'host'].output.cases;
  const printed = `${found.name}...${found.notes[0] ?? ''}`;
  const longer = [...other, ...expected].find(
    (one) => one.id === found.id && one.name !== found.name && printed.startsWith(`${one.name}...`),
  );
  if (longer === undefined) return found;
  const said = printed.slice(longer.name.length + '...'.length);
  return { ...found, name: longer.name, notes: [...(said === '' ? [] : [said]), ...found.notes.slice(1)] };
}

function one(entry: Entry, sides: { host: SideEnd; guest: SideEnd }, entries: readonly Entry[]): CaseResult {
  const { host, guest } = entry;
  if (host === null && guest === null) return notRun(entry, sides);
  const over = (side: SideCase | null): boolean => side?.side === 'ok' || side?.side === 'skipped';
  const base = { id: entry.id, name: entry.name, ms: longest(host, guest), attempts: 1 };
  if (over(host) && over(guest)) {
    const skipped = host?.side === 'skipped' || guest?.side === 'skipped';
    const status = skipped ? ('skip' as const) : ('pass' as const);
    return {
      ...base,
      status,
      host: host?.side ?? 'not-run',
      guest: guest?.side ?? 'not-run',
      reason: said(host, guest),
    };
  }
  const states = {
    host: state(host, sides.host),
    guest: state(guest, sides.guest),
  };
  // What nobody waited for says nothing.
  const waited = SIDES.every((side) => sides[side].cut !== 'enough');
  if (!waited && host?.side !== 'failed' && guest?.side !== 'failed') return notRun(entry, sides);
  const died = SIDES.filter((side) => sides[side].cut === 'machine-died');
  if (died.length > 0) {
    const who = died.length === 2 ? 'both machines' : `the ${died[0]}`;
    return { ...base, ...states, status: 'unknown', reason: `${who} ${DIED}` };
  }
  return { ...base, ...states, status: 'fail', reason: reasonOf(entry, sides, entries) };
}

function hasEnded(side: SideCase | null): boolean {
  return side !== null && side.side !== 'unfinished';
}

function state(side: SideCase | null, end: SideEnd): SideStatus {
  if (side === null) return 'not-run';
  if (side.side !== 'unfinished') return side.side;
  // An exit status of 0 in the middle of a case is no result, and neither is being ended from outside.
  return end.cut === null && (end.signal !== null || end.exit !== 0) ? 'failed' : 'unfinished';
}

function notRun(entry: Entry, sides: { host: SideEnd; guest: SideEnd }): CaseResult {
  const status = (side: SideName): SideStatus => {
    const found = entry[side];
    // Waiting for a side that is gone is not running.
    return found === null || found.side === 'unfinished' ? 'not-run' : state(found, sides[side]);
  };
  const base = { id: entry.id, name: entry.name, ms: null, attempts: 0, reason: null };
  return { ...base, status: 'not-run', host: status('host'), guest: status('guest') };
}

interface Told {
  side: SideName;
  text: string;
  /** The lowest is the likeliest cause. */
  rank: number;
}

/** The failing side in its own words; the other's are added where they say more than that it went away. */
function reasonOf(entry: Entry, sides: { host: SideEnd; guest: SideEnd }, entries: readonly Entry[]): string {
  const told = SIDES.flatMap((side) => tell(side, entry, sides, entries)).sort((a, b) => a.rank - b.rank);
  const first = told[0];
  if (first === undefined) return 'it ended without a word on either side';
  // A side that only waited tells less than one that lost its peer.
  const mute = sides[first.side].cut === 'timeout' && first.text.startsWith('no end within');
  const rest = told.slice(1).filter((one) => one.rank <= 1 || first.rank > 1 || mute);
  return [first, ...rest].map((one) => `${one.side}: ${one.text}`).join('; ');
}

function tell(
  side: SideName,
  entry: Entry,
  sides: { host: SideEnd; guest: SideEnd },
  entries: readonly Entry[],
): Told[] {
  const end = sides[side];
  const found = entry[side];
  const here = found?.side === 'unfinished' || found?.side === 'failed';
  // A side that is through with this case waits at the next one, and may give up there.
  const next = entries.find((other) => other.id > entry.id && other[side]?.side === 'unfinished')?.[side];
  const words = (here ? found : next)?.notes.join(' ').trim() ?? '';
  const crashed = end.signal !== null && end.cut === null;
  const told: Told[] = [];
  if (crashed)
    told.push({
      side,
      text: [`killed by ${signalName(end.signal)}`, words].filter(Boolean).join(': '),
      rank: -1,
    });
  else if (words !== '') {
    const where = here ? '' : ' (waiting at the next case)';
    told.push({ side, text: `${words}${where}`, rank: SECOND_HAND.test(words) ? 2 : here ? 0 : 1 });
  } else if (end.cut === 'timeout') {
    told.push({ side, text: `no end within ${seconds(end.limitMs)}`, rank: here ? 1 : 3 });
  } else if (end.cut === 'enough') return told;
  else if (here)
    told.push({ side, text: `ended with exit status ${end.exit ?? 'unknown'} and said nothing`, rank: 1 });
  else if (found === null) {
    const text = `ended with exit status ${end.exit ?? 'unknown'} before this case`;
    told.push({ side, text: [text, end.output.garbage.at(-1)].filter(Boolean).join(': '), rank: 1 });
  }
  return told;
}

/** What went wrong outside of the cases; null when all is well. */
function program(
  sides: { host: SideEnd; guest: SideEnd },
  results: readonly CaseResult[],
  listed: boolean,
): CaseResult | null {
  const ran = results.some((result) => result.status !== 'not-run');
  const bad = SIDES.filter((side) => {
    const end = sides[side];
    return (
      end.cut !== null ||
      end.signal !== null ||
      end.exit !== 0 ||
      (end.output.waiting && !end.output.finished) ||
      // Where nobody knows which cases there are, only its last line says that they all ran.
      (!listed && ran && !end.output.finished)
    );
  });
  if (bad.length === 0 && ran) return null;
  const died = bad.filter((side) => sides[side].cut === 'machine-died');
  const told = bad.map((side) => {
    const end = sides[side];
    const words = end.output.garbage.slice(-3).join(' ');
    if (end.cut === 'machine-died') return { side, text: 'the machine died', rank: 0 };
    const how =
      end.cut === 'timeout'
        ? `no end within ${seconds(end.limitMs)}`
        : end.signal !== null
          ? `killed by ${signalName(end.signal)}`
          : end.exit === 0
            ? 'ended with status 0 and did not say that all tests were executed'
            : `exit status ${end.exit ?? 'unknown'}`;
    return { side, text: [how, words].filter(Boolean).join(': '), rank: SECOND_HAND.test(words) ? 2 : 0 };
  });
  told.sort((a, b) => a.rank - b.rank);
  const first = told[0];
  const shown = told.filter((one) => one === first || one.rank === 0);
  const side = (name: SideName): SideStatus => {
    if (sides[name].cut !== null) return 'unfinished';
    return bad.includes(name) ? 'failed' : ran ? 'ok' : 'not-run';
  };
  return {
    id: WHOLE_PROGRAM,
    name: ran ? AFTER_LAST : BEFORE_FIRST,
    status: died.length > 0 ? 'unknown' : 'fail',
    host: side('host'),
    guest: side('guest'),
    ms: null,
    attempts: 1,
    reason:
      shown.map((one) => `${one.side}: ${one.text}`).join('; ') ||
      'both sides ended with status 0 and ran no case',
  };
}

function longest(host: SideCase | null, guest: SideCase | null): number | null {
  const times = [host?.ms, guest?.ms].filter((ms) => ms !== null && ms !== undefined);
  return times.length === 0 ? null : Math.max(...times);
}

/** What a case printed that did not fail, e.g. why it was skipped. */
function said(host: SideCase | null, guest: SideCase | null): string | null {
  const parts = [
    ...(host?.notes.length ? [`host: ${host.notes.join(' ')}`] : []),
    ...(guest?.notes.length ? [`guest: ${guest.notes.join(' ')}`] : []),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

function signalName(signal: string | null): string {
  return signal !== null && /^\d+$/.test(signal) ? `signal ${signal}` : String(signal);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'its time' : `${Math.round(ms / 1000)} s`;
}
