// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionsIn } from './directions.ts';
import { testingOf } from './testing.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../test/fixtures/review/v8-review.txt'), 'utf8');
const read = (text: string): unknown[] =>
  testingOf(text, 1).map((claim) => [claim.programs, claim.directions]);

describe('testingOf', () => {
  it('reads the one claim of the page of a web archive', () => {
    expect(testingOf(page, 1)).toEqual([
      {
        text: 'Testing: passed vsock_test h2g and g2h',
        programs: ['vsock_test'],
        directions: ['h2g', 'g2h'],
        patch: 1,
      },
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['Tested with vsock_test and vsock_perf, guest to host.', ['vsock_test', 'vsock_perf'], ['g2h']],
    [
      'Tested on x86-64 in both directions with tools/testing/vsock/vsock_test.',
      ['vsock_test'],
      ['g2h', 'h2g'],
    ],
    ['All vsock_test tests pass, host->guest and loopback.', ['vsock_test'], ['h2g', 'loopback']],
    ['The selftests and the sockmap tests still pass.', ['selftests', 'sockmap'], []],
    ['tests pass', [], []],
    ['I ran ./vsock_diag_test and iperf3 without a failure as a test.', ['vsock_diag_test', 'iperf3'], []],
    ['This was boot-tested.', [], []],
    ['Verified with uperf (64 threads) g2h/h2g.', ['uperf'], ['g2h', 'h2g']],
    ['vsock_uring_test passes with no regressions in uperf', ['vsock_uring_test', 'uperf'], []],
    ['Testing was done with run_kselftest.sh and my_own_test', ['my_own_test'], []],
    ['- Tested with vsock_test,\n  host to guest', ['vsock_test'], ['h2g']],
  ])('%j', (text, programs, directions) => {
    expect(read(text)).toEqual([[programs, directions]]);
  });

  it('reads lists and paragraphs below a heading', () => {
    const claims = [
      [['vsock_test'], ['g2h']],
      [['uperf'], ['h2g']],
    ];
    expect(read('Testing:\n- vsock_test g2h\n- uperf h2g\n\nThe lock of vsock_test is gone.')).toEqual(
      claims,
    );
    expect(read('Testing\n=======\n\n* vsock_test g2h\n* uperf h2g')).toEqual(claims);
    expect(read('Testing:\nvsock_test g2h shows nothing.\n\nMore words on uperf.')).toEqual([
      [['vsock_test'], ['g2h']],
    ]);
  });

  it('keeps what was not tested as words only', () => {
    for (const text of [
      'Not tested.',
      'This is untested: I have no vsock_test here.',
      'Compile tested only.',
      'Build-tested only, vsock_test not run.',
      'I have not tested vsock_test h2g.',
      "I haven't tested vsock_test h2g yet.",
      'vsock_test h2g was not tested.',
    ]) {
      expect(testingOf(text, 0), text).toEqual([{ text, programs: [], directions: [], patch: 0 }]);
    }
  });

  it('leaves out what a sentence excepts', () => {
    expect(read('Tested with vsock_test g2h, but not h2g.')).toEqual([[['vsock_test'], ['g2h']]]);
    expect(read('Tested with vsock_test g2h, uperf was not run.')).toEqual([[['vsock_test'], ['g2h']]]);
    expect(read('Passed all selftests except vsock_uring_test.')).toEqual([[['selftests'], []]]);
  });

  it.each([
    'Add a test for the helper.',
    'This fixes vsock_test.',
    'It needs more testing.',
    'This should be tested with vsock_test.',
    'Please test it with uperf.',
    'Tested-by: Ann Example <ann@example.org>',
    'Test: 64KB, g2h\nBefore: 1 Gb/s\nAfter: 2 Gb/s',
    'Test Runs: 5, mean of results',
    'Changes in v2:\n- fix build_skb() for vsockmon (tested)\n- tested with vsock_test',
    ' tools/testing/vsock/vsock_test.c | 3 ++-',
    'diff --git a/a b/a\n+ Tested with vsock_test',
    'The pointer is passed to the helper.',
    '',
  ])('finds no claim in %j', (text) => {
    expect(testingOf(text, 1)).toEqual([]);
  });

  it('tells sentences apart', () => {
    expect(
      testingOf('The lock is gone. Tested with vsock_test. It is\nfaster.', 1).map(({ text }) => text),
    ).toEqual(['Tested with vsock_test.']);
  });

  it('reads anything, quickly', () => {
    const token = fc.constantFrom(
      'Testing:',
      'tested ',
      'vsock_test ',
      'not ',
      'g2h',
      '. ',
      '\n',
      '- ',
      'pass ',
      'Changes in v2:\n',
      '(',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string()), { maxLength: 30 }), (parts) => {
        for (const claim of testingOf(parts.join(''), 1)) expect(claim.text).not.toMatch(/\n|^$/);
      }),
    );
    for (const text of [
      'tested '.repeat(200_000),
      'test '.repeat(200_000),
      'tested\n'.repeat(100_000),
      '. A'.repeat(400_000),
      '- test\n\n'.repeat(50_000),
      `Testing:${' '.repeat(1_000_000)}x`,
    ]) {
      const start = performance.now();
      testingOf(text, 1);
      expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(30_000);
    }
  });
});

it.each<[string, string[]]>([
  ['h2g and g2h', ['h2g', 'g2h']],
  ['g2h/h2g', ['g2h', 'h2g']],
  ['guest to host', ['g2h']],
  ['guest-to-host', ['g2h']],
  ['from guest to the host', ['g2h']],
  ['host->guest', ['h2g']],
  ['host -> guest', ['h2g']],
  ['host → guest', ['h2g']],
  ['guest <-> host', ['g2h', 'h2g']],
  ['in both directions', ['g2h', 'h2g']],
  ['G2H, Loopback', ['g2h', 'loopback']],
  ['vsock_loopback.c, ag2h', []],
])('directionsIn(%j)', (text, directions) => {
  expect(directionsIn(text)).toEqual(directions);
});
