// SPDX-License-Identifier: MIT
/** The dashboard as its user has it: in a real terminal, by its keys. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../system/paths.ts';
import { ECHO, ECHO_NAME, makeReviewWorld, type ReviewWorld, SEED } from './review-world.ts';
import { noTmux, Terminal } from './tmux.ts';

const RESPIN = path.join(projectRoot, 'bin/respin');
const SEED_NAME = 'virtio-vsock-replace-virtio-vsock-pkt-with-sk';
/** The first comment that is owed, under its line. */
const FIRST = '┌ Stefano Garzarella open ce9922aa';
const SIZES = [
  [80, 24],
  [200, 50],
] as const;

describe.skipIf(noTmux)('the dashboard (skipped without tmux)', () => {
  let world: ReviewWorld;
  const toml = (): string => path.join(world.patches, SEED_NAME, 'review.toml');
  const written = (): string => (existsSync(toml()) ? readFileSync(toml(), 'utf8') : '');
  const owed = async (): Promise<string> =>
    (await world.respin('review', 'status', '--series', SEED_NAME)).stdout;

  beforeAll(async () => {
    world = await makeReviewWorld();
    for (const source of [path.join(ECHO, 'mails'), SEED]) {
      expect((await world.respin('review', 'import', source)).status).toBe(0);
    }
    execFileSync('git', ['config', '--global', 'user.name', 'Ann Author'], { env: world.env });
    execFileSync('git', ['config', '--global', 'user.email', 'ann@example.org'], { env: world.env });
  });
  afterAll(async () => await world[Symbol.asyncDispose]());
  beforeEach(() => writeFileSync(toml(), ''));

  const open = (size: readonly [number, number], words = '', env: NodeJS.ProcessEnv = {}): Terminal =>
    new Terminal(world, `'${RESPIN}' dash ${words}; echo status $?`, size, env);

  /** The list of comments, of which some are owed. */
  const toComments = async (terminal: Terminal, owes = 2): Promise<void> => {
    await terminal.shows(/versions of virtio-vsock/);
    terminal.keys('4');
    await terminal.shows(new RegExp(`comments: ${owes} owed`));
  };
  /** The place in the diff that the first of them is about. */
  const toTheFirst = async (terminal: Terminal): Promise<void> => {
    await toComments(terminal);
    terminal.keys('Enter');
    await terminal.shows(FIRST);
  };

  for (const size of SIZES) {
    it(`${size.join('x')}: open, find the open comment, resolve it, see it gone, undo`, async () => {
      using terminal = open(size);
      await terminal.shows(/▶ series: 2/);
      await terminal.shows(new RegExp(`${SEED_NAME.slice(0, 30)}.*v8`));
      terminal.keys('Enter');
      await toTheFirst(terminal);
      terminal.keys('r');
      await terminal.shows('resolve ce9922aa as:');
      terminal.keys('a');
      await terminal.shows('addressed, why?');
      terminal.type('the helper is used, as of v9');
      terminal.keys('Enter');
      await terminal.shows('Stefano Garzarella addressed ce9922aa');
      expect(written()).toContain('why = "the helper is used, as of v9"');
      expect(written()).toContain('by = "Ann Author"');
      expect(await owed()).not.toContain('ce9922aa');
      terminal.keys('4');
      await terminal.shows(/comments: 1 owed/);
      terminal.keys('u');
      await terminal.shows(/comments: 2 owed/);
      expect(written()).not.toContain('ce9922aa');
      expect(await owed()).toContain('ce9922aa');
      terminal.keys('q');
      await terminal.shows('▶ series: 2');
      terminal.keys('q');
      await terminal.shows('status 0');
      expect(terminal.alternate).toBe(false);
    });
  }

  it('what is decided in another terminal appears', async () => {
    using terminal = open([120, 30], SEED_NAME);
    await toComments(terminal);
    const other = await world.respin('review', 'resolve', 'ce9922aa', '--as', 'moot', '--why', 'gone');
    expect(other.status).toBe(0);
    await terminal.shows(/comments: 1 owed/);
    // It was not done here.
    terminal.keys('u');
    await terminal.shows('nothing was changed here');
  });

  it('search goes to the line, n to the next', async () => {
    using terminal = open([120, 40], SEED_NAME);
    await terminal.shows(/versions of virtio-vsock/);
    terminal.keys('Enter');
    await terminal.shows(/v8 1\/1 .*1\/589/);
    terminal.keys('/');
    terminal.type('virtio_vsock_skb_');
    terminal.keys('Enter');
    const first = /v8 1\/1 .* (\d+)\/589/.exec(await terminal.shows(/v8 1\/1 .* \d{2,}\/589/))?.[1];
    terminal.keys('n');
    await terminal.shows(new RegExp(`v8 1/1 .* (?!${first}/)\\d+/589`));
  });

  it('takes any size at any moment', async () => {
    using terminal = open([200, 50], ECHO_NAME);
    await terminal.shows('versions of vsock-echo');
    terminal.keys('Enter');
    await terminal.shows(/v3 1\/4 /);
    for (const [columns, rows] of [
      [80, 24],
      [250, 70],
      [40, 10],
      [120, 30],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.shows(/▶ v3 1\/4/);
      // The footer is on the last row, the screens on the first.
      await expect.poll(() => terminal.rows.length).toBe(rows);
      await expect.poll(() => terminal.rows[0], { timeout: 30_000 }).toMatch(/^respin/);
      await expect.poll(() => terminal.rows[rows - 1], { timeout: 30_000 }).toMatch(/^Enter/);
    }
  });

  it('killed in the middle it has lost nothing, and opens again', async () => {
    using terminal = open([100, 30], SEED_NAME);
    await toComments(terminal);
    terminal.keys('r');
    terminal.keys('a');
    await terminal.shows('addressed, why?');
    terminal.keys('Enter');
    await terminal.shows(/comments: 1 owed/);
    execFileSync('pkill', ['-KILL', '-P', String(terminal.pid)]);
    await terminal.shows('status 137');
    expect(written()).toContain('state = "addressed"');
    using again = open([100, 30], SEED_NAME);
    await toComments(again, 1);
  });

  it.each([
    ['^C', (terminal: Terminal) => terminal.keys('C-c')],
    ['SIGTERM', (terminal: Terminal) => execFileSync('pkill', ['-TERM', '-P', String(terminal.pid)])],
  ])('%s leaves the terminal as it was', async (_, end) => {
    using terminal = open([100, 30], SEED_NAME);
    await terminal.shows(/versions of virtio-vsock/);
    expect(terminal.alternate).toBe(true);
    end(terminal);
    await terminal.shows(/status (?:0|130)/);
    expect(terminal.alternate).toBe(false);
    expect(terminal.screen).not.toContain('versions of');
  });

  it('a terminal that is closed ends it, without a word of a bug', async () => {
    const [pid, errors] = ['pid', 'errors'].map((name) => path.join(world.folder, name)) as [string, string];
    {
      const words = `'${RESPIN}' dash ${SEED_NAME} 2> '${errors}' & echo $! > '${pid}'; fg`;
      using terminal = new Terminal(world, `set -m; ${words}`, [100, 30]);
      await terminal.shows(/versions of virtio-vsock/);
    }
    const there = (): boolean => existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}`);
    await expect.poll(there, { timeout: 30_000 }).toBe(false);
    expect(readFileSync(errors, 'utf8')).not.toMatch(/INTERNAL|EIO/);
  });

  it('e gives the terminal to the editor, at the line, and takes it back', async () => {
    const tree = path.join(world.folder, 'linux');
    execFileSync('mkdir', ['-p', path.join(tree, 'drivers/vhost')]);
    writeFileSync(path.join(tree, 'drivers/vhost/vsock.c'), 'int x;\n');
    execFileSync('git', ['init', '-q', tree], { env: world.env });
    const words = `-C '${tree}' ${SEED_NAME}`;
    using terminal = open([100, 30], words, { EDITOR: 'echo EDITOR; read answer; echo' });
    await toTheFirst(terminal);
    terminal.keys('e');
    await terminal.shows('EDITOR');
    expect(terminal.alternate).toBe(false);
    terminal.keys('Enter');
    await terminal.shows(FIRST);
    expect(terminal.alternate).toBe(true);
  });

  it('^C in the editor ends the editor, not the dashboard', async () => {
    const tree = path.join(world.folder, 'interrupted');
    execFileSync('mkdir', ['-p', path.join(tree, 'drivers/vhost')]);
    writeFileSync(path.join(tree, 'drivers/vhost/vsock.c'), 'int x;\n');
    execFileSync('git', ['init', '-q', tree], { env: world.env });
    using terminal = open([100, 30], `-C '${tree}' ${SEED_NAME}`, { EDITOR: 'echo EDITOR; sleep 600; echo' });
    await toTheFirst(terminal);
    terminal.keys('e');
    await terminal.shows('EDITOR');
    terminal.keys('C-c');
    await terminal.shows(FIRST);
    terminal.keys('4');
    await terminal.shows(/comments: 2 owed/);
    expect(terminal.alternate).toBe(true);
  });

  it('^Z where there is no shell to go to changes nothing', async () => {
    using terminal = new Terminal(world, `exec '${RESPIN}' dash ${SEED_NAME}`, [100, 30]);
    await terminal.shows(/versions of virtio-vsock/);
    terminal.keys('C-z');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    terminal.keys('4');
    await terminal.shows(/comments: 2 owed/);
  });

  it('^Z gives the terminal to the shell, fg comes back', async () => {
    using terminal = new Terminal(world, 'PS1="shell> " bash --norc --noprofile -i', [100, 30]);
    await terminal.shows('shell>');
    terminal.type(`'${RESPIN}' dash ${SEED_NAME}`);
    terminal.keys('Enter');
    await terminal.shows(/versions of virtio-vsock/);
    terminal.keys('C-z');
    await terminal.shows('Stopped');
    expect(terminal.alternate).toBe(false);
    terminal.type('echo "still $((20 + 1))"');
    terminal.keys('Enter');
    await terminal.shows('still 21');
    terminal.type('fg');
    terminal.keys('Enter');
    await terminal.shows(/▶ versions of virtio-vsock/);
    expect(terminal.alternate).toBe(true);
    terminal.keys('4');
    await terminal.shows(/comments: 2 owed/);
    terminal.keys('C-c');
    await terminal.shows(/^shell>\s*$/m);
    expect(terminal.alternate).toBe(false);
  });

  it('m writes a draft, and does not write over one', async () => {
    using terminal = open([100, 30], SEED_NAME);
    await toComments(terminal);
    terminal.keys('m');
    await terminal.shows('reply-ce9922aa.eml: to edit');
    const draft = readFileSync(path.join(world.folder, 'reply-ce9922aa.eml'), 'utf8');
    expect(draft).toContain('> Here I think we can directly use the new');
    terminal.keys('m');
    await terminal.shows('is there already');
  });

  it('w waives a finding with a reason, in the list and in the diff, u takes it back', async () => {
    const waivers = path.join(world.patches, ECHO_NAME, 'waivers.toml');
    const checked = await world.respin('check', ECHO_NAME, '--no-tree', '-q');
    expect(checked.status, checked.stderr).toBeLessThan(2);
    using terminal = open([160, 40], ECHO_NAME);
    await terminal.shows('versions of vsock-echo');
    terminal.keys('6');
    await terminal.shows(/▶ checks of v3/);
    terminal.keys('w');
    await terminal.shows('waive it, why?');
    terminal.type('it is meant so');
    terminal.keys('Enter');
    await terminal.shows(/waived +\S+/);
    expect(readFileSync(waivers, 'utf8')).toContain('reason = "it is meant so"');
    terminal.keys('u');
    await terminal.shows(/undone: f[0-9a-f]{7} waived/);
    expect(existsSync(waivers)).toBe(false);
  });

  it('without a name nothing is waived, as check --waive has it', async () => {
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    using terminal = open([160, 40], ECHO_NAME, env);
    await terminal.shows('versions of vsock-echo');
    terminal.keys('6');
    await terminal.shows(/▶ checks of v3/);
    terminal.keys('w');
    await terminal.shows('waive it, why?');
    terminal.keys('x', 'Enter');
    await terminal.shows("git does not know who you are, so the waiver would be nobody's");
    expect(existsSync(path.join(world.patches, ECHO_NAME, 'waivers.toml'))).toBe(false);
  });

  it('without colour the cursor still shows', async () => {
    using terminal = open([80, 24], '', { NO_COLOR: '1' });
    await terminal.shows(/▶ series: 2/);
    await terminal.shows(/vsock-echo-bound\S* +v3/);
    // Below the line of screens, which has one chosen too.
    const chosen = (): string =>
      terminal.colored.slice(1).find((row) => /\x1b\[(?:\d+;)*7(?:;\d+)*m/.test(row)) ?? '';
    expect(chosen()).toContain('virtio-vsock-replace');
    terminal.keys('j');
    await expect.poll(chosen, { timeout: 30_000 }).toContain('vsock-echo-bound');
    // SGR 30 to 37 and 90 to 97: no colour anywhere.
    expect(terminal.colored.join('')).not.toMatch(/\x1b\[(?:\d+;)*(?:3|9)[0-7](?:;\d+)*m/);
  });

  it('--linear says each change as a line, and takes the same keys', async () => {
    using terminal = open([80, 24], `--linear ${SEED_NAME}`);
    await terminal.shows(/versions, versions: versions of virtio-vsock/);
    expect(terminal.alternate).toBe(false);
    terminal.keys('4');
    await terminal.shows(/^1: Stefano Garzarella .*open/m);
    terminal.keys('Down');
    await terminal.shows(/^2: Stefano Garzarella .*open/m);
    terminal.keys('r', 'm');
    await terminal.shows(/^moot, why\?/m);
    terminal.type('gone');
    terminal.keys('Enter');
    await terminal.shows(/comments: 1 owed/);
    expect(written()).toContain('why = "gone"');
    terminal.keys('C-c');
    await terminal.shows('status 0');
  });

  it('nothing to show a terminal on is exit 2, with the list', async () => {
    const { status, stdout, stderr } = await world.respin('dash');
    expect(status).toBe(2);
    expect(stdout).toMatch(/virtio-vsock-replace\S* +v8 +1 +not run +not checked +2 /);
    expect(stderr).toContain('error[NO_TERMINAL]');
    const unknown = await world.respin('dash', 'nothing');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('there is no series "nothing"');
  });
});
