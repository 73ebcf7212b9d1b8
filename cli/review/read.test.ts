// SPDX-License-Identifier: MIT
/** The seed page of a web archive, as a user imports and reads it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '../../core/review.ts';
import { projectRoot } from '../../system/paths.ts';

const PAGE = path.join(projectRoot, 'test/fixtures/review/v8-review.txt');
const RESPIN = path.join(projectRoot, 'bin/respin');

const folder = mkdtempSync(path.join(tmpdir(), 'respin-read-'));
const env = {
  ...process.env,
  RESPIN_PATCHES: path.join(folder, 'patches'),
  XDG_CACHE_HOME: path.join(folder, 'cache'),
  XDG_CONFIG_HOME: path.join(folder, 'config'),
};

function review(...args: string[]): string {
  return execFileSync(RESPIN, ['review', ...args], { env, encoding: 'utf8', cwd: folder });
}

beforeAll(() => {
  review('import', PAGE);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('show has what a maintainer looks for', () => {
  const text = review('show');
  for (const line of [
    'version  v8, net-next, 2022-12-15',
    'missing  patch 1/1 itself: only what a reply quotes of it is there',
    'patch 1/1: virtio/vsock: replace virtio_vsock_pkt with sk_buff',
    '    only a part of its diff is known: 38 changed lines, the diffstat counts 126 changed lines',
    '    none of its diff is known; the diffstat counts 422 changed lines',
    '  Testing: passed vsock_test h2g and g2h',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).toMatch(/^ {2}drivers\/vhost\/vsock\.c +\+89 -124 {2}16 hunks {2}1 comment$/m);
  expect(text).toMatch(
    /^ {4}@@ -108,40 \+107,33 @@ .*\n {6}c[0-9a-f]{7} {2}Stefano Garzarella, line 121, open\n.*virtio_vsock_skb_dequeue\(\)/m,
  );
  expect(text).toMatch(/^ {2}16B {3}g2h {8}11\.86 Mb\/s {2}17\.41 Mb\/s {5}\+46% {4}\+46\.8%$/m);
  expect(text).toMatch(
    /^ {2}Reviewed-by {2}Stefano Garzarella <.*> {2}v8 {2}patch 1 {2}conditional {2}"With that fixed/m,
  );
  expect(text).not.toContain('WRONG');
});

it('status lists both comments and the condition, and ends in a count', () => {
  const text = review('status');
  expect(text).toMatch(
    /^ {2}drivers\/vhost\/vsock\.c\n {4}c[0-9a-f]{7} {2}Stefano Garzarella on v8, line 121\n/m,
  );
  expect(text).toMatch(
    /^ {2}include\/linux\/virtio_vsock\.h\n {4}c[0-9a-f]{7} {2}Stefano Garzarella on v8, line 47\n/m,
  );
  expect(text).toContain(
    'conditional: Reviewed-by of Stefano Garzarella, on v8 for patch 1; "With that fixed',
  );
  expect(text.trimEnd().split('\n').at(-1)).toBe('2 open comments, on v8; 1 conditional trailer');
});

it('a closed comment is closed everywhere', () => {
  const [first] = (JSON.parse(review('show', '--json')) as Review).comments;
  const id = first?.id ?? '';
  review('resolve', id, '--as', 'addressed', '--why', 'the helper is used in v9');
  try {
    expect(review('status')).not.toContain(id);
    expect(review('status', '--all')).toMatch(
      new RegExp(`${id} {2}addressed, Stefano Garzarella on v8, line 121`),
    );
    expect(review('comment', id.slice(0, 4))).toMatch(
      /^state {4}addressed by .*: the helper is used in v9$/m,
    );
    expect(review('show')).toContain('line 121, addressed');
  } finally {
    review('reopen', id);
  }
});

it('comment quotes the lines it is about', () => {
  const text = review('comment', 'ce9');
  expect(text).toContain('line 121 of the new file, below the quoted lines 107-121');
  expect(text).toContain('+               skb = __skb_dequeue(&vsock->send_pkt_queue);\n');
  expect(text).toContain('\nHere I think we can directly use the new virtio_vsock_skb_dequeue().\n');
});

it('changelog has v8 to v2 and marks the remarks', () => {
  const text = review('changelog');
  expect(text.match(/^v\d+/gm)).toEqual(['v8', 'v7', 'v6', 'v5', 'v4', 'v3', 'v2']);
  expect(text.match(/^ {2}- /gm)).toHaveLength(3 + 1 + 2 + 1 + 7 + 13 + 5);
  expect(text).toContain(
    '\n  note: I only ran a few g2h tests to check that this change had no perf impact.',
  );
  expect(text).toContain('\nv7  as v8 tells it\n');
});

describe('--json', () => {
  const WORDS = ['show', 'show v8', 'status', 'changelog', 'trailers', 'comment ce9'];
  it.each(WORDS)('%s is a review', (words) => {
    const args = words.split(' ');
    const json = JSON.parse(review(...args, '--json')) as Review;
    expect(json).toMatchObject({ schema: 'respin.review/1', versions: [{ version: 'v8' }] });
    expect(json.comments).toHaveLength(args[0] === 'comment' ? 1 : 2);
  });
});

it('names the versions there are, and takes no option that is of another verb', () => {
  for (const [args, message] of [
    [['show', 'v7'], 'it has v8'],
    [['status', '--version', '7'], 'it has v8'],
    [['comment', 'c'], 'is the beginning of 2 ids'],
    [['trailers', '--all'], '--all is not for review trailers'],
  ] as const) {
    const { status, stderr, stdout } = spawnSync(RESPIN, ['review', ...args], {
      env,
      encoding: 'utf8',
      cwd: folder,
    });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  }
});
