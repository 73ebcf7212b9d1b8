// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseResult, CaseStatus, Splat, SuiteResult, VmMode } from '../../core/run.ts';
import { WHOLE_PROGRAM } from './combine.ts';
import {
  addResults,
  type BootHistory,
  type CaseHistory,
  type RunHistory,
  settledCase,
  settledSuites,
  statusOf,
  withDeaths,
} from './history.ts';
import { type NextStep, nextStep, verdictExit } from './verdict.ts';

function result(name: string, status: CaseStatus, reason: string | null = null): CaseResult {
  const id = name.startsWith('(') ? WHOLE_PROGRAM : name.charCodeAt(0) - 97;
  const side = status === 'pass' ? 'ok' : status === 'skip' ? 'skipped' : 'failed';
  return { id, name, status, host: side, guest: side, ms: 5, attempts: 1, reason };
}

function suite(cases: CaseResult[]): SuiteResult {
  return {
    program: 'vsock_test',
    direction: 'g2h',
    cases,
    logs: { host: 'h.log', guest: 'g.log' },
    skipped: null,
  };
}

function splat(kind: string, where: string, parts: Partial<Splat> = {}): Splat {
  return {
    machine: 'host',
    kind,
    title: `${kind} title`,
    where: `${where}+0x1/0x2`,
    text: '',
    log: 'host.console.log',
    line: 7,
    boot: 1,
    ...parts,
  };
}

function boot(parts: Partial<BootHistory> = {}): BootHistory {
  return {
    number: 1,
    purpose: 'first',
    mode: 'kvm+kvm',
    outcome: 'ok',
    firstByte: true,
    hostInit: true,
    guestInit: true,
    testsDone: true,
    machine: null,
    detail: null,
    splats: [],
    rests: 0,
    qemuFailed: false,
    ...parts,
  };
}

/** Each row is what a case showed in a boot: `[boot, status, reason]`. */
function cases(rows: Record<string, [number, CaseStatus, string?][]>): CaseHistory[] {
  let all: CaseHistory[] = [];
  for (const [name, attempts] of Object.entries(rows)) {
    all = addResults(all, 1, suite([{ ...result(name, 'not-run') }]));
    attempts.forEach(([number, status, reason], i) => {
      all = addResults(
        all,
        number,
        suite([result(name, status, reason ?? null)]),
        i === 0 ? null : result(name, status),
      );
    });
  }
  return all;
}

const PASS = cases({ a: [[1, 'pass']], b: [[1, 'pass']] });
function history(boots: BootHistory[], found = PASS, more: Partial<RunHistory> = {}): RunHistory {
  return { boots, cases: found, directions: ['g2h'], cannotStart: null, ...more };
}

const svm = (number: number, parts: Partial<BootHistory> = {}): BootHistory =>
  boot({ mode: 'tcg+svm', number, purpose: number === 1 ? 'first' : 'same', ...parts });
const confirm = (number: number, parts: Partial<BootHistory> = {}): BootHistory =>
  svm(number, { purpose: 'confirm', ...parts });
const oops = (where: string): Partial<BootHistory> => ({
  outcome: 'died',
  splats: [splat('null-deref', where)],
});
const slow = 'host: accept timed out';
const wrong = 'guest: expected connect(2) failure, got 0';
const noByte: Partial<BootHistory> = {
  outcome: 'timeout',
  firstByte: false,
  hostInit: false,
  guestInit: false,
  testsDone: false,
};
const ownBoot: Partial<BootHistory> = {
  outcome: 'died',
  guestInit: false,
  testsDone: false,
  splats: [splat('panic', 'vsock_init', { machine: 'guest', title: 'Kernel panic - not syncing: x' })],
};

const noGuest: Partial<BootHistory> = {
  outcome: 'timeout',
  machine: 'guest',
  guestInit: false,
  testsDone: false,
};
const wentOff: Partial<BootHistory> = {
  outcome: 'died',
  machine: 'guest',
  testsDone: false,
  detail: "the guest's QEMU ended: status 0",
};
const killed: Partial<BootHistory> = {
  outcome: 'died',
  machine: 'host',
  testsDone: false,
  qemuFailed: true,
  detail: 'status 137',
};
const stall = (where: string, number: number): Partial<BootHistory> => ({
  splats: [splat('rcu-stall', where, { machine: 'guest', boot: number })],
});

type Row = [title: string, history: RunHistory, step: Partial<Record<string, unknown>>, why: RegExp];
const TABLE: Row[] = [
  [
    'all passed',
    history([boot()]),
    { do: 'done', verdict: 'pass' },
    /^2 cases passed in g2h only, and the consoles are clean$/,
  ],
  [
    'skips are no failure',
    history([boot()], cases({ a: [[1, 'pass']], b: [[1, 'skip']] })),
    { verdict: 'pass' },
    /^1 case passed, 1 skipped/,
  ],
  [
    'what the kernel is known for is no failure, and is counted',
    history([boot()], cases({ a: [[1, 'pass']], b: [[1, 'xfail', 'known']] })),
    { verdict: 'pass' },
    /^1 case passed, 1 failed as this kernel is known to in g2h only/,
  ],
  [
    'nor is it a pass of vsock_test',
    history([boot()], cases({ a: [[1, 'xfail', 'known']] })),
    { verdict: 'unknown' },
    /^no case of vsock_test passed in g2h/,
  ],
  [
    'nothing passed at all',
    history([boot()], cases({ a: [[1, 'skip']] })),
    { verdict: 'unknown' },
    /no case of vsock_test passed in g2h/,
  ],
  ['no cases', history([boot()], []), { verdict: 'unknown' }, /vsock_test did not run in g2h/],
  [
    'some cases alone: any program will do, and it is said that there was nothing else',
    history(
      [boot()],
      cases({ a: [[1, 'pass']] }).map((one) => ({ ...one, program: 'probe-user' })),
      { part: true },
    ),
    { verdict: 'pass' },
    /^1 case passed in g2h only, and the consoles are clean; nothing else was run$/,
  ],
  [
    'some cases alone, that are known to fail',
    history([boot()], cases({ a: [[1, 'xfail', 'known']] }), { part: true }),
    { verdict: 'unknown' },
    /^what was run failed as this kernel is known to in g2h$/,
  ],
  [
    'some cases alone, that are skipped',
    history([boot()], cases({ a: [[1, 'skip']] }), { part: true }),
    { verdict: 'unknown' },
    /^none of the chosen cases passed in g2h$/,
  ],
  [
    'some cases alone, skipped in one direction of two',
    history(
      [boot()],
      [
        ...cases({ a: [[1, 'pass']] }),
        ...cases({ a: [[1, 'skip']] }).map((one) => ({ ...one, direction: 'h2g' as const })),
      ],
      { part: true, directions: ['g2h', 'h2g'] },
    ),
    { verdict: 'pass' },
    /^1 case passed, 1 skipped in g2h and h2g only/,
  ],
  [
    'some cases alone, of which one direction has no result',
    history([boot()], cases({ a: [[1, 'pass']] }), { part: true, directions: ['g2h', 'h2g'] }),
    { verdict: 'unknown' },
    /^none of the chosen cases passed in h2g$/,
  ],
  [
    'a case that is skipped when repeated was not repeated: nobody can tell',
    history(
      [boot(), boot({ number: 2 }), boot({ number: 3, purpose: 'confirm' })],
      [
        ...PASS,
        ...cases({
          z: [
            [1, 'fail', 'no'],
            [1, 'skip'],
            [1, 'skip'],
            [2, 'skip'],
            [3, 'skip'],
          ],
        }),
      ],
    ),
    { verdict: 'unknown' },
    /“z” failed and could not be repeated often enough: no$/,
  ],
  [
    'some cases alone, many times',
    history(
      [boot()],
      cases({
        a: [
          [1, 'pass'],
          [1, 'fail', 'no'],
          [1, 'pass'],
        ],
      }),
      { part: true },
    ),
    { verdict: 'flaky' },
    /^all cases passed, but not each time: vsock_test g2h “a” failed 1 of 3 times \(no\)$/,
  ],
  [
    'a direction in which nothing was tested',
    history([boot()], PASS, { directions: ['g2h', 'h2g'] }),
    { verdict: 'unknown' },
    /no case of vsock_test passed in h2g/,
  ],
  [
    'no machine',
    history([], [], { cannotStart: 'qemu-system-x86_64 is not installed' }),
    { verdict: 'unknown' },
    /nothing was tested: qemu-system-x86_64 is not installed/,
  ],
  // Splats
  [
    'a splat fails a run whose cases passed',
    history([boot({ splats: [splat('warning', 'vsock_connect')] })]),
    { verdict: 'fail' },
    /the host kernel reported “warning title” in vsock_connect \(host\.console\.log:7\)/,
  ],
  ['an oops under KVM needs no proof', history([boot(oops('f'))]), { verdict: 'fail' }, /null-deref title/],
  [
    'an oops under emulated SVM is repeated',
    history([svm(1, oops('f'))]),
    { do: 'reboot', mode: 'same' },
    /emulated SVM is not perfect, so this is not yet the series: repeated on fresh machines/,
  ],
  [
    'lockdep is believed under emulated SVM too',
    history([svm(1, { splats: [splat('lockdep', 'f')] })]),
    { verdict: 'fail' },
    /lockdep title/,
  ],
  [
    'the same oops twice is confirmed in another mode',
    history([svm(1, oops('f')), svm(2, oops('f'))]),
    { do: 'reboot', mode: 'confirm' },
    /as in boot 1: to be confirmed with one vcpu and one thread/,
  ],
  [
    'and then it is the series',
    history([svm(1, oops('f')), svm(2, oops('f')), confirm(3, oops('f'))]),
    { verdict: 'fail' },
    /in boot 1 and again in boot 3, the last with one vcpu and one thread/,
  ],
  [
    'twice, but not with one vcpu: nobody can tell here',
    history([svm(1, oops('f')), svm(2, oops('f')), confirm(3)], cases({ a: [[3, 'pass']] })),
    { verdict: 'unknown' },
    /a race, of the series or of the emulation; a machine with KVM can tell/,
  ],
  [
    'another oops elsewhere: one vcpu is tried',
    history([svm(1, oops('f')), svm(2, oops('g'))]),
    { do: 'reboot', mode: 'confirm' },
    /not where the boot before failed/,
  ],
  [
    'three oopses at three places are the machine',
    history([svm(1, oops('f')), svm(2, oops('g')), confirm(3, oops('h'))]),
    { verdict: 'unknown' },
    /no two boots failed at the same place, so the machine may be at fault; boot 1: .*; boot 3: /,
  ],
  [
    'an oops that a fresh machine does not repeat is not hidden',
    history(
      [svm(1, oops('f')), svm(2)],
      cases({
        a: [
          [1, 'unknown'],
          [2, 'pass'],
        ],
      }),
    ),
    { verdict: 'flaky' },
    /in boot 1 the host kernel reported “null-deref title” in f .* which a fresh machine did not repeat/,
  ],
  [
    'out of memory is repeated even under KVM',
    history([boot({ splats: [splat('oom', 'f')] })]),
    { do: 'reboot', mode: 'same' },
    /this may be the machine/,
  ],
  [
    'out of memory again is the series',
    history([
      boot({ splats: [splat('oom', 'f')] }),
      boot({ number: 2, purpose: 'same', splats: [splat('oom', 'f')] }),
    ]),
    { verdict: 'fail' },
    /in boot 1 and again in boot 2/,
  ],
  [
    'a stall is repeated under KVM too: a machine that was suspended makes one',
    history([boot(stall('virtio_transport_rx_work', 1))]),
    { do: 'reboot', mode: 'same' },
    /this may be the machine/,
  ],
  [
    'at the same place again, it is the series',
    history([
      boot(stall('virtio_transport_rx_work', 1)),
      boot({ number: 2, ...stall('virtio_transport_rx_work', 2) }),
    ]),
    { verdict: 'fail' },
    /in boot 1 and again in boot 2/,
  ],
  [
    'stalls in which a processor only slept too long have no place in common',
    history([
      svm(1, stall('rcu_gp_fqs_loop', 1)),
      svm(2, stall('rcu_gp_fqs_loop', 2)),
      confirm(3, stall('rcu_gp_fqs_loop', 3)),
    ]),
    { verdict: 'unknown' },
    /no two boots failed at the same place/,
  ],
  [
    'an idle processor that slept too long twice is no place either, by whatever function its stack is named',
    history([svm(1, stall('rest_init', 1)), svm(2, stall('rest_init', 2)), confirm(3)]),
    { verdict: 'flaky' },
    /which a fresh machine did not repeat/,
  ],
  [
    'what every boot showed counts, whatever else each of them showed',
    history([
      svm(1, { splats: [splat('rcu-stall', 'x', { machine: 'guest' }), splat('null-deref', 'f')] }),
      svm(2, { splats: [splat('warning', 'y', { boot: 2 }), splat('null-deref', 'f', { boot: 2 })] }),
      confirm(3, { splats: [splat('oops', 'z', { boot: 3 }), splat('null-deref', 'f', { boot: 3 })] }),
    ]),
    { verdict: 'fail' },
    /null-deref title.*, in boot 1 and again in boot 3/,
  ],
  // Cases
  [
    'a failing case is repeated alone',
    history([boot({ outcome: 'up' })], cases({ a: [[1, 'fail', wrong]], b: [] })),
    { do: 'repeat-case' },
    /vsock_test g2h “a” failed \(guest: expected connect\(2\) failure, got 0\): repeated alone/,
  ],
  [
    'and a second time',
    history(
      [boot({ outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
        ],
      }),
    ),
    { do: 'repeat-case' },
    /repeated alone/,
  ],
  [
    'the rest of a program is not run for ever',
    history([boot({ outcome: 'up', rests: 8 })], cases({ a: [[1, 'pass']], b: [] })),
    { do: 'reboot', mode: 'same' },
    /1 case did not run/,
  ],
  [
    'twice at most',
    history(
      [boot({ outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [1, 'fail', wrong],
        ],
      }),
    ),
    { verdict: 'fail' },
    /“a” failed 3 times, the last alone: guest: expected connect/,
  ],
  [
    'one that passes then is flaky',
    history(
      [boot()],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'pass'],
        ],
        b: [[1, 'pass']],
      }),
    ),
    { verdict: 'flaky' },
    /“a” failed and passed when repeated \(host: accept timed out\)/,
  ],
  [
    'what it kept from running is run',
    history(
      [boot({ outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'pass'],
        ],
        b: [],
      }),
    ),
    { do: 'run-rest' },
    /1 case of vsock_test g2h did not run/,
  ],
  [
    'on fresh machines when these are off',
    history([boot()], cases({ a: [[1, 'pass']], b: [] })),
    { do: 'reboot', mode: 'same' },
    /1 case did not run/,
  ],
  [
    'a time limit missed three times under emulation is confirmed',
    history(
      [svm(1, { outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'fail', slow],
          [1, 'fail', slow],
        ],
      }),
    ),
    { do: 'reboot', mode: 'confirm' },
    /ran into a time limit 3 times; to be confirmed/,
  ],
  [
    'missed there once, it is repeated',
    history(
      [svm(1), confirm(2, { outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'fail', slow],
          [1, 'fail', slow],
          [2, 'fail', slow],
        ],
      }),
    ),
    { do: 'repeat-case' },
    /failed \(host: accept timed out\): repeated alone/,
  ],
  [
    'missed there three times as well, it is the series',
    history(
      [svm(1), confirm(2, { outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'fail', slow],
          [1, 'fail', slow],
          [2, 'fail', slow],
          [2, 'fail', slow],
          [2, 'fail', slow],
        ],
      }),
    ),
    { verdict: 'fail' },
    /failed 6 times in 2 boots: host: accept timed out/,
  ],
  [
    'met there, it is flaky',
    history(
      [svm(1), confirm(2)],
      cases({
        a: [
          [1, 'fail', slow],
          [1, 'fail', slow],
          [1, 'fail', slow],
          [2, 'pass'],
        ],
      }),
    ),
    { verdict: 'flaky' },
    /failed and passed when repeated/,
  ],
  [
    'a wrong answer three times in one emulated machine is asked of another',
    history(
      [svm(1, { outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [1, 'fail', wrong],
        ],
      }),
    ),
    { do: 'reboot', mode: 'same' },
    /failed 3 times; emulated SVM is not perfect/,
  ],
  [
    'and where that gives it as well, it is a failure',
    history(
      [svm(1), svm(2, { outcome: 'up' })],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [2, 'fail', wrong],
        ],
      }),
    ),
    { verdict: 'fail' },
    /4 times in 2 boots/,
  ],
  [
    'where it does not, the machine may have been at fault',
    history(
      [svm(1), svm(2)],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [2, 'pass'],
        ],
      }),
    ),
    { verdict: 'flaky' },
    /passed when repeated/,
  ],
  [
    'failures in a machine whose memory is in doubt prove nothing',
    history(
      [svm(1, oops('f'))],
      cases({
        a: [
          [1, 'fail', wrong],
          [1, 'fail', wrong],
          [1, 'fail', wrong],
        ],
      }),
    ),
    { do: 'reboot', mode: 'same' },
    /emulated SVM/,
  ],
  // Boots
  [
    'no byte: does the base print?',
    history([svm(1, noByte)], []),
    { do: 'prove-base' },
    /never printed a byte: does the base come up here/,
  ],
  [
    'no byte, nothing known of the base: the machine could not tell',
    history([svm(1, noByte)], [], { baseBoots: null }),
    { verdict: 'unknown' },
    /never printed a byte.*respin run --base tells/,
  ],
  [
    'no byte from the base either',
    history([svm(1, noByte)], [], { baseBoots: false }),
    { verdict: 'unknown' },
    /the base does not come up/,
  ],
  [
    'no byte where the base boots: once more',
    history([svm(1, noByte)], [], { baseBoots: true }),
    { do: 'reboot', mode: 'same' },
    /never printed a byte/,
  ],
  [
    'no byte twice where the base boots',
    history([svm(1, noByte), svm(2, noByte)], [], { baseBoots: true }),
    { verdict: 'fail' },
    /in boot 1 and again in boot 2, though the base comes up in this mode/,
  ],
  [
    'a panic in its own boot: once more',
    history([svm(1, ownBoot)], []),
    { do: 'reboot', mode: 'same' },
    /the guest kernel reported/,
  ],
  [
    'a panic in its own boot, twice: does the base come up?',
    history([svm(1, ownBoot), svm(2, ownBoot)], []),
    { do: 'prove-base' },
    /Kernel panic.*does the base come up here/,
  ],
  [
    'a panic in its own boot, twice, where the base comes up',
    history([svm(1, ownBoot), svm(2, ownBoot)], [], { baseBoots: true }),
    { verdict: 'fail' },
    /Kernel panic.*again in boot 2, though the base comes up/,
  ],
  [
    'a panic in its own boot, twice, where the base does not come up either',
    history([svm(1, ownBoot), svm(2, ownBoot)], [], { baseBoots: false }),
    { verdict: 'unknown' },
    /Kernel panic.*the base does not come up/,
  ],
  [
    'a guest that never comes up, twice, on a machine nobody knows',
    history([boot(noGuest), boot({ number: 2, purpose: 'same', ...noGuest })], [], { baseBoots: null }),
    { verdict: 'unknown' },
    /before the guest came to its init.*is not known/,
  ],
  // QEMU
  [
    'a QEMU that is killed is tried again',
    history([boot(killed)]),
    { do: 'reboot', mode: 'same' },
    /QEMU failed while the tests ran \(status 137\): repeated on fresh machines/,
  ],
  [
    'a QEMU that is killed each time is the machine, not the series',
    history([boot(killed), boot({ number: 2, purpose: 'same', ...killed })]),
    { verdict: 'unknown' },
    /in boot 1 and again: no kernel makes QEMU fail/,
  ],
  [
    'a machine that dies without a word is tried again',
    history([boot({ outcome: 'died', testsDone: false })], cases({ a: [[1, 'unknown']] })),
    { do: 'reboot', mode: 'same' },
    /the machine ended without a word in “a” \(vsock_test, g2h\)/,
  ],
  [
    'a machine that goes the same way three times is the series, whatever ran then',
    history(
      [svm(1, wentOff), svm(2, wentOff), confirm(3, wentOff)],
      cases({ a: [[1, 'unknown']], b: [[2, 'unknown']], c: [[3, 'unknown']] }),
    ),
    { verdict: 'fail' },
    /the guest ended without a word .*status 0.*, in boot 1 and again in boot 3/,
  ],
  [
    'stuck at power-off under emulation twice is confirmed',
    history([
      svm(1, { outcome: 'timeout', machine: 'guest' }),
      svm(2, { outcome: 'timeout', machine: 'guest' }),
    ]),
    { do: 'reboot', mode: 'confirm' },
    /the guest got stuck when it was to power off/,
  ],
];

describe('nextStep', () => {
  it.each(TABLE)('%s', (_title, seen, step, why) => {
    const next = nextStep(seen);
    expect(next).toMatchObject(step);
    expect(next.why).toMatch(why);
  });

  it('comes to an end whatever the machines do, within three boots', () => {
    const status = fc.constantFrom<CaseStatus>('pass', 'fail', 'fail', 'skip', 'unknown', 'not-run');
    const answer = fc.record({
      outcome: fc.constantFrom('up', 'up', 'ok', 'died', 'timeout') as fc.Arbitrary<BootHistory['outcome']>,
      statuses: fc.array(status, { minLength: 3, maxLength: 3 }),
      reason: fc.constantFrom(slow, wrong),
      splat: fc.option(fc.constantFrom('oops', 'oom', 'lockdep', 'warning'), { freq: 6 }),
      where: fc.constantFrom('f', 'g', 'h'),
      firstByte: fc.boolean(),
    });
    const mode = fc.constantFrom<VmMode>('kvm+kvm', 'kvm+tcg', 'tcg+svm', 'tcg+tcg');
    fc.assert(
      fc.property(
        mode,
        fc.option(fc.boolean()),
        fc.array(answer, { minLength: 1, maxLength: 8 }),
        (vm, base, answers) => {
          let asked = 0;
          const reply = () => answers[asked++ % answers.length] as (typeof answers)[number];
          const seen: RunHistory = { boots: [], cases: [], directions: ['g2h'], cannotStart: null };
          const play = (purpose: BootHistory['purpose']) => {
            const one = reply();
            seen.boots.push(
              boot({
                number: seen.boots.length + 1,
                purpose,
                mode: vm,
                outcome: one.outcome,
                firstByte: one.firstByte,
                splats: one.splat === null ? [] : [splat(one.splat, one.where)],
              }),
            );
            const found = one.statuses.map((s, i) =>
              result('abc'.charAt(i), s, s === 'fail' ? one.reason : null),
            );
            seen.cases = addResults(seen.cases, seen.boots.length, suite(found));
          };
          play('first');
          let step: NextStep = nextStep(seen);
          for (let i = 0; step.do !== 'done'; i++) {
            expect(i).toBeLessThan(60);
            expect(step.why).not.toBe('');
            const last = seen.boots.at(-1) as BootHistory;
            if (step.do === 'prove-base') seen.baseBoots = base;
            else if (step.do === 'reboot') play(step.mode === 'same' ? 'same' : 'confirm');
            else {
              const one = reply();
              const alone = step.do === 'repeat-case' ? step.case : null;
              const names = step.do === 'repeat-case' ? [step.case.name] : step.cases.map((c) => c.name);
              const found = names.map((n, k) => result(n, one.statuses[k % 3] ?? 'pass', one.reason));
              if (step.do === 'run-rest') last.rests += 1;
              seen.cases = addResults(seen.cases, last.number, suite(found), alone);
            }
            step = nextStep(seen);
          }
          expect(seen.boots.length).toBeLessThanOrEqual(3);
          if (step.verdict !== 'pass') return;
          expect(seen.boots.flatMap((one) => one.splats)).toEqual([]);
          expect(seen.boots.map(({ outcome }) => outcome)).not.toContain('died');
          expect(seen.boots.map(({ outcome }) => outcome)).not.toContain('timeout');
          for (const one of seen.cases) expect(['pass', 'skip']).toContain(statusOf(one));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the history of a case', () => {
  it('keeps the reason of what failed when a repeat passed', () => {
    const [one] = cases({
      a: [
        [1, 'fail', slow],
        [1, 'pass'],
      ],
    });
    expect(one && settledCase(one)).toMatchObject({ status: 'flaky', attempts: 2, reason: slow, host: 'ok' });
  });

  it('names the logs of the attempt it tells of', () => {
    const repeat = { ...suite([result('a', 'fail', wrong)]), logs: { host: 'h-2.log', guest: 'g-2.log' } };
    const first = addResults([], 1, suite([result('a', 'fail', slow)]));
    const [once] = first;
    const [twice] = addResults(first, 1, repeat, result('a', 'fail'));
    expect(once && settledCase(once).logs).toBeUndefined();
    expect(twice && settledCase(twice)).toMatchObject({ reason: wrong, logs: repeat.logs });
  });

  it('leaves out what a repeat left out', () => {
    const first = addResults([], 1, suite([result('a', 'fail', slow), result('b', 'not-run')]));
    const then = addResults(first, 1, suite([result('a', 'pass'), result('b', 'skip')]), result('a', 'pass'));
    expect(then.map(statusOf)).toEqual(['flaky', 'not-run']);
  });

  it('two cases of one name are two', () => {
    const twin = (status: CaseStatus): CaseResult => ({ ...result('b', status), name: 'a' });
    const first = addResults([], 1, suite([result('a', 'pass'), twin('fail')]));
    expect(first.map(statusOf)).toEqual(['pass', 'fail']);
    const then = addResults(first, 1, suite([result('a', 'skip'), twin('pass')]), twin('fail'));
    expect(then.map(statusOf)).toEqual(['pass', 'flaky']);
  });

  it('a program that failed as a whole and ran through later passed on a repeat', () => {
    const name = '(before the first case)';
    const first = addResults(
      [],
      1,
      suite([result(name, 'fail', 'guest: exit status 1'), result('a', 'not-run')]),
    );
    const then = addResults(first, 1, suite([result('a', 'pass')]));
    expect(then.map(statusOf)).toEqual(['flaky', 'pass']);
    expect(settledSuites([suite([])], then)[0]?.cases.map((one) => one.name)).toEqual([name, 'a']);
  });
});

it('exit codes', () => {
  const exits = (strict: boolean) =>
    (['pass', 'flaky', 'fail', 'unknown'] as const).map((verdict) => verdictExit(verdict, { strict }));
  expect(exits(false)).toEqual([0, 0, 1, 3]);
  expect(exits(true)).toEqual([0, 1, 1, 3]);
});

describe('a case that failed beside one that is proven', () => {
  const up = boot({ outcome: 'up' });
  const three: [number, CaseStatus, string?][] = [
    [1, 'fail', wrong],
    [1, 'fail', wrong],
    [1, 'fail', wrong],
  ];

  it('is repeated as long as the machines are up: it may be flaky', () => {
    const step = nextStep(history([up], cases({ a: three, b: [[1, 'fail', wrong]] })));
    expect(step).toMatchObject({ do: 'repeat-case', case: { name: 'b' } });
  });

  it('does not change the verdict, and does not put it off for ever', () => {
    for (const b of [
      three,
      [
        [1, 'fail', wrong],
        [1, 'pass'],
      ] as [number, CaseStatus, string?][],
    ]) {
      expect(nextStep(history([up], cases({ a: three, b })))).toMatchObject({ do: 'done', verdict: 'fail' });
    }
  });

  it('is left as it is when the machines are off, or its time limit would be waited for again', () => {
    const found = cases({ a: three, b: [[1, 'fail', wrong]] });
    expect(nextStep(history([boot()], found))).toMatchObject({ do: 'done', verdict: 'fail' });
    const late = cases({ a: three, b: [[1, 'fail', slow]] });
    expect(nextStep(history([up], late))).toMatchObject({ do: 'done', verdict: 'fail' });
  });
});

describe('a case in which a machine dies each time', () => {
  const dead = result('b', 'unknown', 'the guest died while this case ran');
  const seen = (...boots: [number, CaseResult][]): CaseHistory[] =>
    boots.reduce<CaseHistory[]>(
      (cases, [number, last]) => addResults(cases, number, suite([result('a', 'pass'), last])),
      [],
    );
  const settled = (cases: CaseHistory[]) =>
    withDeaths(settledSuites([suite([])], cases), cases)[0]?.cases.map(({ status, failed }) => [
      status,
      failed,
    ]);

  it('is a failing one, where the series is at fault', () => {
    expect(settled(seen([1, dead], [2, dead]))).toEqual([
      ['pass', undefined],
      ['fail', 2],
    ]);
    // A boot that never came to it says nothing.
    const other = result('b', 'unknown', 'the host could not be reached');
    expect(settled(seen([1, dead], [2, other], [3, dead]))?.[1]).toEqual(['fail', 2]);
  });

  it('once is not enough', () => {
    expect(settled(seen([1, dead]))?.[1]).toEqual(['unknown', undefined]);
  });

  it('nor is it said where another case is at fault', () => {
    const cases = addResults(seen([1, dead], [2, dead]), 3, suite([result('c', 'fail', wrong)]));
    expect(settled(cases)?.[1]).toEqual(['unknown', undefined]);
  });

  it('it need not be the same case each time', () => {
    const cases = addResults(
      seen([1, dead]),
      2,
      suite([result('a', 'unknown', 'the guest died while this case ran'), result('b', 'not-run')]),
    );
    expect(settled(cases)).toEqual([
      ['pass', undefined],
      ['fail', 1],
    ]);
  });

  it('what passed in between is no such case', () => {
    expect(settled(seen([1, dead], [2, dead], [3, result('b', 'pass')]))?.[1]).toEqual(['pass', undefined]);
  });
});
