// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { countReport } from '../run.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'x',
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

describe('countReport', () => {
  it.each([
    ['all passed', [file('passed', 'passed', 'passed')], true, 0, [2, 0, 0]],
    ['one failed', [file('failed', 'passed', 'failed'), file('passed', 'passed')], false, 1, [2, 1, 0]],
    ['a file that did not load', [file('failed'), file('passed', 'passed')], false, 1, [1, 1, 0]],
    ['an error outside of any test', [file('passed', 'passed')], false, 1, [1, 1, 0]],
    ['skipped ones', [file('passed', 'passed', 'skipped', 'pending', 'todo')], true, 0, [1, 0, 3]],
    ['no tests', [], true, 0, [0, 0, 0]],
  ])('%s', (_, testResults, success, status, [passed, failed, skipped]) => {
    expect(countReport({ success, testResults }, status)).toEqual({ passed, failed, skipped });
  });
});
