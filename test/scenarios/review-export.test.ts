// SPDX-License-Identifier: MIT
/** What review export prints to be done with its folder is done: by git itself. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../system/exec.ts';
import { ECHO, importInto, makeReviewWorld, type ReviewWorld } from './review-world.ts';
import { sh } from './world.ts';

/** With the module that it ends for want of where it is not. */
const PRESENT = 'test -e "$(git --exec-path)/git-send-email" && perl -MMail::Address -e 1';
const hasSendEmail = (await run('sh', ['-c', PRESENT])).exitCode === 0;
if (!hasSendEmail) {
  process.stderr.write(
    '\nSKIPPED: nothing is given to git send-email, which is not installed.\n' +
      'As root: apt-get install -y --no-install-recommends git-email libmailtools-perl\n\n',
  );
}

describe('respin review export', () => {
  let world: ReviewWorld;
  let repository: string;
  let lines: string[];
  beforeAll(async () => {
    world = await makeReviewWorld();
    await importInto(world, path.join(ECHO, 'mails'));
    repository = path.join(world.folder, 'linux');
    cpSync(path.join(ECHO, 'base'), repository, { recursive: true });
    sh(repository, 'git', 'init', '-q');
    sh(repository, 'git', 'add', '-A');
    sh(repository, 'git', 'commit', '-q', '-m', 'base');
    const done = await world.respin('review', 'export', 'v3', '-C', repository, '--out', 'to send');
    expect(done.status, done.stderr).toBe(0);
    lines = done.stdout.split('\n');
  });
  afterAll(async () => await world[Symbol.asyncDispose]());

  const command = (title: string): string =>
    lines.find((line) => line.startsWith(title))?.slice(title.length) ?? '';

  it('prints a git am that makes a commit of each patch', () => {
    sh(repository, 'sh', '-c', command('to apply it:'));
    expect(sh(repository, 'git', 'log', '--format=%s', '--reverse').trim().split('\n')).toEqual([
      'base',
      'vsock/echo: count the bytes that are queued',
      'vsock/echo: add echo_queue_has_room()',
      'vsock/echo: refuse packets above the limit',
      'Documentation: vsock: describe the limit of the echo transport',
    ]);
  });

  it.skipIf(!hasSendEmail)(
    'prints a git send-email that takes the folder, and sends five mails to the list',
    async () => {
      const line = command('to send it:').replace('send-email', 'send-email --dry-run --confirm=never');
      const sent = await run('sh', ['-c', line], { cwd: world.folder, env: { ...world.env, ...IDENTITY } });
      expect(sent.exitCode, sent.stderr).toBe(0);
      const subjects = [...sent.stdout.matchAll(/^Subject: (.*)$/gm)].map((match) => match[1]);
      expect(subjects.map((subject) => /^\[PATCH vsock-next v3 \d\/4\]/.exec(subject ?? '')?.[0])).toEqual(
        [0, 1, 2, 3, 4].map((index) => `[PATCH vsock-next v3 ${index}/4]`),
      );
      expect(sent.stdout.match(/^To: vsock@lists\.example\.org$/gm)).toHaveLength(5);
      expect(sent.stdout).toMatch(/^RCPT TO:<rita@example\.org>$/m);
    },
  );
});

const IDENTITY = {
  ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  ...{ GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org' },
};
