// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { mutantsRecord } from './mutants-fixture.ts';
import { formatMutants, formatMutantsList, hitPhrase, scoreOf, triedMs } from './mutants-table.ts';

it('a score counts what could be tried, and by whom it was killed first', () => {
  expect(scoreOf(mutantsRecord())).toEqual({ tried: 3, unknown: 1, vsockTest: 1, tree: 1, all: 2 });
});

it('a kernel that does not come up is killed by whatever is run', () => {
  const record = mutantsRecord();
  const hit = { program: null, direction: null, case: null, how: 'the guest did not come up', ms: 0 };
  const dead = record.results.map((one) => ({ ...one, outcome: 'killed' as const, hit }));
  expect(scoreOf({ ...record, results: dead })).toMatchObject({ vsockTest: 4, tree: 4, all: 4 });
  expect(hitPhrase(hit)).toBe('the guest did not come up');
});

it('the time is that of all that was tried, and of the tree itself', () => {
  expect(triedMs(mutantsRecord())).toBe(5 * 60_000);
});

it('a line for each, what survived not left out, and the scores below', () => {
  const text = formatMutants(mutantsRecord());
  expect(text).toMatch(
    /^peeks-twice +vmw_vsock\/af_vsock\.c +state +killed +12\.0s +vsock_test g2h “SOCK_STREAM MSG_PEEK”: host: no match$/m,
  );
  expect(text).toMatch(
    /^lent-for-ever .* killed .*probe-user g2h: WARNING at x\.c:1; once only: vsock_test g2h “SOCK_STREAM poll”$/m,
  );
  expect(text).toMatch(/^nobody-sees +vhost\/vsock\.c +state +survived *$/m);
  expect(text).toMatch(/^no-patch .* unknown +it does not apply$/m);
  expect(text).toContain('vsock_test alone          1 of 3 (33 %)');
  expect(text).toContain('with the probes           2 of 3 (67 %)');
  expect(text).toContain('could not be tried        1');
});

it('what was cut short says what is missing', () => {
  const record = mutantsRecord({ mutants: 9 });
  expect(formatMutants(record)).toContain('not tried yet             5');
  expect(formatMutants(mutantsRecord({ results: [] }))).not.toContain('mutant ');
});

it('a list of records', () => {
  expect(formatMutantsList([])).toMatch(/^no mutants were hunted yet/);
  const listed = { id: 'a', state: 'finished', record: mutantsRecord(), trouble: null };
  expect(
    formatMutantsList([listed, { id: 'b', state: 'running', record: null, trouble: 'it goes on' }]),
  ).toMatch(/^a +debian:linux-source-6\.12 +2 of 3 killed, 1 by vsock_test\nb +running: it goes on$/m);
});
