// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { CommandWithVerbs, Context, Verb } from './command.ts';
import { allOptions, runCommand } from './verb.ts';

const ran: string[][] = [];
const verb = (name: string, args: string[], options: Verb['options'] = {}): Verb => ({
  ...{ args, options, summary: name, details: name, examples: [] },
  load: async () => async (_, given) => {
    ran.push([name, ...given]);
    return 0;
  },
});
const TREE: CommandWithVerbs = {
  options: { in: { type: 'string', description: 'where' } },
  verbs: {
    list: verb('list', [], { all: { type: 'boolean', description: 'all' } }),
    show: verb('show', ['SOURCE']),
    remove: verb('remove', ['ID…']),
    diff: verb('diff', ['[A]', '[B]']),
  },
};

const run = async (words: string[], values: Context['values'] = {}): Promise<string[] | undefined> => {
  await runCommand('tree', TREE, { positionals: words, values } as unknown as Context);
  return ran.at(-1);
};

describe('a command with verbs', () => {
  it.each([[['show', 'x']], [['list']], [['remove', 'a', 'b', 'c']], [['diff']], [['diff', 'a', 'b']]])(
    'runs the verb in %j',
    async (words) => expect(await run(words)).toEqual(words),
  );

  it.each([
    [[], 'MISSING_ARGUMENT', 'respin tree needs one of: list, show, remove, diff'],
    [['shwo', 'x'], 'UNKNOWN_COMMAND', "there is no command 'respin tree shwo'"],
    [['constructor'], 'UNKNOWN_COMMAND', "there is no command 'respin tree constructor'"],
    [['show'], 'MISSING_ARGUMENT', 'respin tree show needs SOURCE'],
    [['remove'], 'MISSING_ARGUMENT', 'respin tree remove needs ID…'],
    [['list', 'x'], 'TOO_MANY_ARGUMENTS', "respin tree list does not take 'x'"],
    [['diff', 'a', 'b', 'c'], 'TOO_MANY_ARGUMENTS', "respin tree diff does not take 'c'"],
  ])('refuses %j', async (words, code, message) => {
    await expect(run(words)).rejects.toMatchObject({ code, blame: 'usage', message });
  });

  it('takes the options of the verb and the command, and says whose another one is', async () => {
    expect(Object.keys(allOptions(TREE))).toEqual(['all', 'in']);
    expect(await run(['list'], { all: true, in: 'x' })).toEqual(['list']);
    await expect(run(['show', 'x'], { all: true })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: '--all is not for tree show',
      hint: 'it is for tree list; respin tree show --help lists the options',
    });
  });
});
