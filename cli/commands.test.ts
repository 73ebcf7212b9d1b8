// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { follow } from '../core/follow.ts';
import { displayWidth } from '../core/table.ts';
import { GLOBAL_OPTIONS, readArguments, splitCommandLine } from './arguments.ts';
import type { CommandEntry, CommandWithVerbs, Verb } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, topHelp } from './help.ts';
import { ndjsonPrinter } from './ndjson.ts';
import { allOptions, expectArguments } from './verb.ts';

describe.each(COMMANDS.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  it('loads, and its options do not collide with the global ones', async () => {
    const command = await entry.load();
    const shorts = new Set(
      Object.values(GLOBAL_OPTIONS).flatMap((spec) => ('short' in spec ? [spec.short] : [])),
    );
    for (const [option, spec] of Object.entries(allOptions(command))) {
      expect(option in GLOBAL_OPTIONS, option).toBe(false);
      expect(spec.short !== undefined && shorts.has(spec.short as 'q'), option).toBe(false);
      expect(option).toMatch(/^[a-z][a-z0-9-]*$/);
    }
  });

  it('has help that fits and shows every option', async () => {
    const command = await entry.load();
    const help = commandHelp(entry, command);
    for (const usage of entry.usage ?? []) expect(usage.split(' ')[0]).toBe(name);
    for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
    expectToFit(help);
  });

  it('has its usage either here or in verbs', async () => {
    expect('verbs' in (await entry.load())).toBe(entry.usage === undefined);
  });

  it('with verbs loads nothing that its help can do without', async () => {
    if (!('verbs' in (await entry.load()))) return;
    const text = readFileSync(path.join(import.meta.dirname, `commands/${name}.ts`), 'utf8');
    const imports = [...text.matchAll(/^import .* from '(.*)';$/gm)].map((match) => match[1]);
    expect(imports).toContain('../command.ts');
    expect(
      imports.filter((file) => !/^\.\.\/command\.ts$|^\.\.\/\.\.\/(?:core|system)\//.test(file ?? '')),
    ).toEqual([]);
  });
});

describe.each(await verbsOfAll())('%s %s', (name, word, entry, command) => {
  const { args, options = {}, details, examples, summary } = command.verbs[word] as Verb;

  it('has help of its own: usage, what it does, its options, an example', () => {
    const help = commandHelp(entry, command, word);
    expect(help).toContain(`usage: respin ${[name, word, ...args].join(' ')}`);
    expect(help).toContain(details);
    for (const option of Object.keys({ ...options, ...command.options })) {
      expect(help).toMatch(new RegExp(`^ +--${option} `, 'm'));
    }
    expect(details.split('\n').length).toBeLessThanOrEqual(4);
    expectToFit(help);
    expect(commandHelp(entry, command)).toContain(summary);
  });

  it('has examples that it takes', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const { before, name: first, after } = splitCommandLine(wordsOf(example));
      expect([before, first]).toEqual([[], name]);
      const { positionals } = readArguments(
        after,
        { ...GLOBAL_OPTIONS, ...command.options, ...options },
        name,
      );
      expect(positionals[0]).toBe(word);
      expectArguments(word, positionals.slice(1), args);
    }
  });

  it('shares the names of options only where they are read the same', () => {
    for (const [option, { type, multiple }] of Object.entries(options)) {
      expect(option in command.options, option).toBe(false);
      expect(allOptions(command)[option], option).toMatchObject(
        multiple === undefined ? { type } : { type, multiple },
      );
    }
  });

  it('can be loaded', async () => {
    expect(await (command.verbs[word] as Verb).load()).toBeTypeOf('function');
  });
});

async function verbsOfAll(): Promise<[string, string, CommandEntry, CommandWithVerbs][]> {
  const loaded = await Promise.all(COMMANDS.map(async (entry) => ({ entry, command: await entry.load() })));
  return loaded.flatMap(({ entry, command }) =>
    'verbs' in command
      ? Object.keys(command.verbs).map((word): [string, string, CommandEntry, CommandWithVerbs] => {
          return [entry.name, word, entry, command];
        })
      : [],
  );
}

function expectToFit(help: string): void {
  for (const line of help.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
}

/** As a shell splits them, as far as examples need it. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|[^ ]+/g)].map(([word, quoted]) => quoted ?? word);
}

it('help knows no verb that a command does not have', async () => {
  const entry = COMMANDS.find(({ name }) => name === 'series') as CommandEntry;
  const command = await entry.load();
  expect(() => commandHelp(entry, command, 'lsit')).toThrow("there is no command 'respin series lsit'");
});

it('the first help lists every command', () => {
  const help = topHelp(COMMANDS);
  expectToFit(help);
  for (const entry of COMMANDS) expect(help).toMatch(new RegExp(`^  ${entry.name} +\\S`, 'm'));
});

async function* steps(): Steps<number> {
  yield { type: 'stage', stage: 'tree', title: 't' };
  yield { type: 'note', level: 'info', text: 'n' };
  return 7;
}

describe('follow', () => {
  it('hands on every event and gives what the step returns', async () => {
    const events: RespinEvent[] = [];
    expect(await follow(steps(), (event) => events.push(event))).toBe(7);
    expect(events.map((event) => event.type)).toEqual(['stage', 'note']);
  });

  it('throws what the step throws', async () => {
    async function* failing(): Steps<void> {
      yield { type: 'note', level: 'info', text: 'n' };
      throw new RespinError({ code: 'X', blame: 'machine', message: 'x' });
    }
    await expect(follow(failing(), () => {})).rejects.toMatchObject({ code: 'X' });
  });
});

it('--ndjson is one object a line, with the time since the start', async () => {
  let text = '';
  let now = 1000;
  const print = ndjsonPrinter(
    {
      write: (more) => {
        text += more;
      },
    },
    () => now,
  );
  await follow(steps(), (event) => {
    now += 10.4;
    print(event);
  });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toEqual([
    { at: 10, type: 'stage', stage: 'tree', title: 't' },
    { at: 21, type: 'note', level: 'info', text: 'n' },
  ]);
});
