// SPDX-License-Identifier: MIT
/** respin check, as its user runs it. Where findings are counted the rules are named: there will be others. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckReport } from '../../core/check.ts';
import { projectRoot } from '../../system/paths.ts';
import { respinWith } from './review-world.ts';
import {
  edit,
  expectError,
  type FakeTree,
  fakeFirmware,
  fakeProgram,
  fakeTree,
  makeWorld,
  noProcessLeft,
  nothingHalfMade,
  sh,
  type World,
} from './world.ts';

const LONG = `net: forty ${'and more '.repeat(10).trim()}`;

let world: World;
let tree: FakeTree;
let patches: string;
/** The one patch of the series `long` in the world's patches/. */
let patch: string;

beforeEach(async () => {
  world = await makeWorld();
  patches = path.join(world.folder, 'patches');
  world.env['RESPIN_PATCHES'] = patches;
  world.env['LC_ALL'] = 'C.UTF-8';
  writeFileSync(
    path.join(world.folder, '.gitconfig'),
    '[user]\n\tname = Ann Author\n\temail = ann@example.org\n',
  );
  tree = fakeTree(world);
  tree.commit(LONG, { 'net/long.c': (text) => text.replace('int statement_40;', 'int forty;') });
  [patch = ''] = tree.mails('patches/long/v1', tree.base, '--signoff');
  tree.reset();
  writeFileSync(path.join(patches, 'long/series.toml'), 'title = "long"\n\n[[versions]]\nversion = "v1"\n');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

describe('one patch out of a series', () => {
  it('piped from a mail reader is checked by what concerns it', async () => {
    const mails = path.join(projectRoot, 'test/fixtures/mails/series-v2');
    const mail = readFileSync(path.join(mails, 'v2-0002-vsock-say-ERANGE.patch'));
    const { status, stdout } = await respinWith(world, mail, 'check', '-', '--no-tree');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^2\/3 vsock: say ERANGE\n {2}message\n {4}error {2}message-empty /);
    expect(stdout).toMatch(/1 error in 1 patch of vsock-say-erange v2 \(netdev rules\)/);
    const alone = await respinWith(
      world,
      mail,
      'check',
      '-',
      '--json',
      '--only',
      'series-numbering,cover-letter',
    );
    expect(JSON.parse(alone.stdout)).toMatchObject({
      exit: 0,
      rules: ['cover-letter', 'series-numbering'].map(() => ({
        state: 'not-for-this',
        why: 'of the series 2/3 alone is here',
      })),
    });
  });

  it('that does not apply by itself is none of its own fault', async () => {
    tree.commit('net: one', { 'net/long.c': (text) => text.replace('statement_40', 'statement_x') });
    tree.commit('net: two', { 'net/long.c': (text) => text.replace('statement_x', 'statement_y') });
    const [, second = ''] = tree.mails('two', tree.base, '--numbered');
    tree.reset();
    const { findings, rules, exit } = await report(second, '--only', 'applies');
    expect(findings).toEqual([]);
    expect(rules).toMatchObject([{ rule: 'applies', state: 'unknown' }]);
    expect(rules[0]?.why).toMatch(/^2\/2 may stand on the patches before it: /);
    expect(exit).toBe(3);
  });
});

it('what holds no patch at all is no finding, but wrong words', async () => {
  writeFileSync(path.join(world.folder, 'README'), 'Words, and not a mail.\n');
  const talk = 'From: ann@example.org\nSubject: ping\n\nAny news?\n';
  writeFileSync(path.join(world.folder, 'talk'), talk);
  for (const [name, code] of [
    ['README', 'MAIL_HEADERS'],
    ['talk', 'SERIES_EMPTY'],
  ] as const) {
    const { status, stdout, stderr } = await world.respin('check', name, '--no-tree');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`error[${code}]: `);
  }
});

const only = ['--only', 'readable,subject-length'];

async function report(...args: string[]): Promise<CheckReport> {
  const { status, stdout, stderr } = await world.respin('check', ...args, '--json');
  const parsed = JSON.parse(stdout) as CheckReport;
  expect(status, stderr).toBe(parsed.exit);
  return parsed;
}

describe('what is printed', () => {
  it('is the finding below its patch, without colour in a pipe', async () => {
    const { status, stdout } = await world.respin('check', 'long', ...only);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^1\/1 net: forty (?:and more ?){10}\n {4}warning {2}subject-length {2}f[0-9a-f]{7}\n/,
    );
    expect(stdout).toContain('      the subject has 100 characters\n      → say it shorter');
    expect(stdout).toMatch(
      /\n1 warning in 1 patch of long v1 \(generic rules\); 2 rules ran, .* left out; [\d.]+s\n$/,
    );
    expect(stdout).not.toContain('\x1b');
  });

  it('is one line when nothing is found', async () => {
    const { status, stdout } = await world.respin('check', 'long', '--only', 'readable');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✓ nothing found in 1 patch of long v1 \(generic rules\); 1 rule ran, .*\n$/);
  });

  it('is ASCII without UTF-8', async () => {
    world.env['LC_ALL'] = 'C';
    expect((await world.respin('check', 'long', ...only)).stdout).toMatch(/^[\n\x20-\x7e]+$/);
  });

  it('is one document of the kind that was asked for', async () => {
    expect(await report('long', ...only)).toMatchObject({
      schema: 'respin.check/1',
      series: {
        name: 'long',
        version: 'v1',
        cover: null,
        patches: [{ index: 1, origin: path.relative(patches, patch) }],
      },
      counts: { error: 0, warning: 1, note: 0 },
      findings: [{ rule: 'subject-length', place: { on: 'subject', patch: 1 } }],
    });
    const sarif = await world.respin('check', 'long', ...only, '--sarif');
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'respin', rules: [{ id: 'readable' }, { id: 'subject-length' }] } },
          results: [
            {
              ruleId: 'subject-length',
              ruleIndex: 1,
              level: 'warning',
              locations: [
                { physicalLocation: { artifactLocation: { uri: path.relative(world.folder, patch) } } },
              ],
            },
          ],
        },
      ],
    });
    const markdown = await world.respin('check', 'long', ...only, '--markdown');
    expect(markdown.stdout).toMatch(/^### respin check: .*\n\n1 warning; 2 rules ran/);
    expect(markdown.stdout).toContain(
      '| **warning** | 1/1 subject | the subject has 100 characters | [subject-length](https://',
    );
  });
});

describe('the shipped series', () => {
  it('has no error under the rules of netdev', async () => {
    delete world.env['RESPIN_PATCHES'];
    const { profile, findings, exit } = await report('vsock-rx-buffers', '--no-tree');
    expect(profile).toBe('netdev');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(exit).not.toBe(1);
  });
});

describe('the exit status', () => {
  const applies = ['--only', 'applies'];

  it('is 0 where it applies, 1 where it does not, 3 where there is no tree to tell', async () => {
    expect((await report('long', ...applies, '--tree', tree.source)).exit).toBe(0);
    const nowhere = await report('long', ...applies, '--tree', `git:${world.folder}/nowhere#HEAD`);
    expect(nowhere).toMatchObject({ exit: 3, findings: [], rules: [{ rule: 'applies', state: 'unknown' }] });
    edit(patch, (text) => text.replace(' int statement_39;', ' int statement_1039;'));
    const moved = await report('long', ...applies, '--tree', tree.source);
    expect(moved).toMatchObject({ exit: 1, findings: [{ rule: 'applies', severity: 'error' }] });
    nothingHalfMade(world);
  });

  it('is 1 for mails that cannot be read, and the other rules could not tell', async () => {
    const mbox = path.join(world.folder, 'bad.mbox');
    // As a mailer that eats the last lines.
    writeFileSync(
      mbox,
      `From x Mon Sep 17 00:00:00 2001\n${readFileSync(patch, 'utf8').split('\n int statement_41')[0]}\n`,
    );
    const bad = await report('bad.mbox', ...only);
    expect(bad).toMatchObject({
      exit: 1,
      counts: { error: 1 },
      findings: [{ rule: 'readable', severity: 'error' }],
    });
    expect(bad.rules.filter(({ state }) => state === 'unknown').map(({ rule }) => rule)).toEqual([
      'subject-length',
    ]);
    const { stdout } = await world.respin('check', 'bad.mbox', ...only);
    expect(stdout).toContain('could not tell\n  subject-length  the series cannot be read\n');
  });

  it.each<[string[], string, RegExp]>([
    [['--only', 'subject-lenght'], 'RULE_UNKNOWN', /did you mean subject-length\?/],
    [['--explain', 'no-such-rule'], 'RULE_UNKNOWN', /--list/],
    [['--only', 'applies', '--no-tree'], 'NO_RULE_LEFT', /leave out/],
    [['--profile', 'nobody'], 'BAD_OPTION', /netdev, generic/],
    [['--sarif', '--markdown'], 'BAD_OPTION', /--help/],
    [['--list', '--waive', 'f1234567'], 'BAD_OPTION', /--help/],
    [['--why', 'because'], 'BAD_OPTION', /--help/],
    [['--waive', 'f1234567'], 'MISSING_OPTION', /--why/],
    [['other'], 'BAD_ARGUMENT', /folder/],
    [['--only', 'inline-in-c,series-length'], 'NO_RULE_LEFT', /--profile netdev/],
    [['--tree', 'nosuch'], 'TREE_SOURCE', /debian:/],
  ])('is 2 for check long %j', async (args, code, hint) => {
    await expectError(world, ['check', 'long', ...args], { code, exit: 2, hint });
  });
});

describe('the rules', () => {
  it('are a table, or JSON, or the page in docs/', async () => {
    expect((await world.respin('check', '--list')).stdout).toMatch(
      /^rule +kind +severity +profile +what must hold\n/,
    );
    const { stdout } = await world.respin('check', '--list', '--only', 'subject-length', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'respin.rules/1',
      rules: [{ id: 'subject-length', needs: 'mails' }],
    });
    expect((await world.respin('check', '--list', '--markdown')).stdout).toContain('### subject-length\n');
  });

  it('are explained one by one', async () => {
    const { status, stdout } = await world.respin('check', '--explain', 'subject-length');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^subject-length: .*\n[\s\S]*\nsee +https:\/\/docs\.kernel\.org\//);
  });
});

describe('a waiver', () => {
  const waivers = (): string => readFileSync(path.join(patches, 'long/waivers.toml'), 'utf8');
  const idOf = async (): Promise<string> => (await report('long', ...only)).findings[0]?.id ?? '';

  it('counts until the line changes, and can be taken back', async () => {
    const id = await idOf();
    const waived = await world.respin(
      'check',
      'long',
      '--waive',
      id,
      '--why',
      'nobody knows a shorter one',
      '--no-tree',
    );
    expect(waived.stdout).toBe(
      `waived  ${id}  subject-length, 1/1 subject: the subject has 100 characters\nin patches/long/waivers.toml\n`,
    );
    expect(waivers()).toContain(`[${id}]\nrule = "subject-length"\n`);
    expect(waivers()).toContain('by = "Ann Author"\n');

    expect(await report('long', ...only)).toMatchObject({
      counts: { warning: 0 },
      waived: 1,
      voidWaivers: [],
    });
    const shown = (await world.respin('check', 'long', ...only)).stdout;
    expect(shown).toMatch(
      new RegExp(`^ {4}waived subject-length ${id}: nobody knows .* \\(Ann Author, `, 'm'),
    );

    edit(patch, (text) => text.replace('and more and', 'or more and'));
    const changed = await report('long', ...only);
    expect(changed).toMatchObject({
      counts: { warning: 1 },
      waived: 0,
      voidWaivers: [{ id, rule: 'subject-length' }],
    });
    expect((await world.respin('check', 'long', ...only)).stdout).toContain('a waiver is void');

    const back = await world.respin('check', 'long', '--unwaive', id, '--json');
    expect(JSON.parse(back.stdout)).toMatchObject({ schema: 'respin.waivers/1', unwaived: [{ id }] });
    expect(await report('long', ...only)).toMatchObject({ voidWaivers: [] });
  });

  it('of a finding that is not there says which there are, and nothing is written', async () => {
    const id = await idOf();
    const args = ['check', 'long', ...only, '--why', 'so', '--waive'];
    await expectError(world, [...args, `${id},f0000000`], {
      ...{ code: 'FINDING_UNKNOWN', exit: 2, hint: /these are there/ },
      detail: new RegExp(`${id}  subject-length, 1/1 subject: `),
    });
    expect(existsSync(path.join(patches, 'long/waivers.toml'))).toBe(false);
    await expectError(world, ['check', 'long', '--unwaive', 'f0000000'], { code: 'WAIVER_UNKNOWN', exit: 2 });
  });

  it('needs a series with a folder, and somebody to give it', async () => {
    const id = await idOf();
    const args = ['check', path.relative(world.folder, patch), ...only, '--why', 'so', '--waive', id];
    await expectError(world, args, { code: 'NO_SERIES_FOLDER', exit: 2, hint: /respin review import/ });
    renameSync(path.join(world.folder, '.gitconfig'), path.join(world.folder, 'gone'));
    await expectError(world, ['check', 'long', ...args.slice(2)], { code: 'NO_IDENTITY', exit: 2 });
  });
});

/** git am waits as long as `slow` is there; `reached` is there once it does. */
function slowAm(): { reached: string; slow: string } {
  const [reached, slow] = [path.join(world.folder, 'reached'), path.join(world.folder, 'slow')];
  const git = sh(world.folder, 'sh', '-c', 'command -v git').trim();
  const wait = `if [ -e ${slow} ]; then touch ${reached}; sleep 1000; fi`;
  fakeProgram(world, 'git', `case " $* " in *" am "*) ${wait} ;; esac\nexec ${git} "$@"`);
  writeFileSync(slow, '');
  return { reached, slow };
}

it('interrupted while the tree is prepared: 130, and nothing is left', async () => {
  const { reached, slow } = slowAm();
  const started = world.start(['check', 'long', '--only', 'applies', '--tree', tree.source]);
  await vi.waitFor(() => expect(existsSync(reached)).toBe(true), { timeout: 60_000, interval: 20 });
  started.child.kill('SIGINT');
  const { status, stdout, stderr } = await started.ended;
  expect(status).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).not.toContain('error[');
  await noProcessLeft(world.folder);
  nothingHalfMade(world);
  rmSync(slow);
  expect((await report('long', '--only', 'applies', '--tree', tree.source)).exit).toBe(0);
});

describe('beside a run', () => {
  it('the counts stand below the verdict, and the report is in the record', async () => {
    fakeFirmware(world);
    const { status, stdout, stderr } = await world.respin(
      'run',
      'long',
      '--tree',
      tree.source,
      '--mode',
      'tcg+svm',
      '--check',
    );
    expect(stdout, stderr).toMatch(/^pass +.*\n(?: .*\n)*record: .*\ncheck {4}1 error, .*\d notes?;/m);
    const runs = path.join(world.state, 'respin/runs');
    const [id = ''] = readdirSync(runs);
    const check = JSON.parse(readFileSync(path.join(runs, id, 'check.json'), 'utf8')) as CheckReport;
    expect(check).toMatchObject({ schema: 'respin.check/1', series: { name: 'long' } });
    expect(check.findings.map(({ rule }) => rule)).toContain('subject-length');
    const record = JSON.parse(readFileSync(path.join(runs, id, 'run.json'), 'utf8')) as {
      exit: number;
      verdict: string;
    };
    expect(record).toMatchObject({ exit: 0, verdict: 'pass' });
    // The run passed; what is wrong is what the check says: its patch has no message.
    expect(check.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual([
      'message-empty',
    ]);
    expect(status).toBe(1);
  });

  it('interrupted: 130, and the record says no more than that', async () => {
    const { reached } = slowAm();
    const started = world.start(['run', 'long', '--tree', tree.source, '--check']);
    await vi.waitFor(() => expect(existsSync(reached)).toBe(true), { timeout: 60_000, interval: 20 });
    started.child.kill('SIGINT');
    expect((await started.ended).status).toBe(130);
    const runs = path.join(world.state, 'respin/runs');
    const files = readdirSync(path.join(runs, readdirSync(runs)[0] ?? ''));
    expect(files).toContain('run.json');
    expect(files).not.toContain('check.json');
    await noProcessLeft(world.folder);
    nothingHalfMade(world);
  });

  it('wants a series', async () => {
    await expectError(world, ['run', '--base', '--check', '--tree', tree.source], {
      code: 'BAD_ARGUMENT',
      exit: 2,
      hint: /leave out/,
    });
  });
});
