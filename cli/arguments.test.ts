// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { RespinError } from '../core/errors.ts';
import { GLOBAL_OPTIONS, readArguments, splitCommandLine } from './arguments.ts';
import type { OptionTable } from './command.ts';

const OPTIONS: OptionTable = {
  ...GLOBAL_OPTIONS,
  tree: { type: 'string', value: 'NAME', description: 'the tree' },
  direction: { type: 'string', multiple: true, description: 'the directions' },
};

function failure(work: () => unknown): RespinError {
  try {
    work();
  } catch (error) {
    if (error instanceof RespinError) return error;
    throw error;
  }
  return expect.fail('expected an error');
}

describe('splitCommandLine', () => {
  it.each<[string[], string[], string | null, string[]]>([
    [['run', 'x', '--json'], [], 'run', ['x', '--json']],
    [['-C', 'dir', '-q', 'run'], ['-C', 'dir', '-q'], 'run', []],
    [['-Cdir', 'run', '-v'], ['-Cdir'], 'run', ['-v']],
    [['--directory=run', 'doctor'], ['--directory=run'], 'doctor', []],
    [['--help'], ['--help'], null, []],
    [['--', 'run'], [], 'run', []],
    [['-C'], ['-C'], null, []],
    [[], [], null, []],
  ])('%j', (argv, before, name, after) => {
    expect(splitCommandLine(argv)).toEqual({ before, name, after });
  });
});

describe('readArguments', () => {
  it('reads options, short ones, repeated ones and positionals', () => {
    const parsed = readArguments(
      ['-qv', '--tree=a', 'one', '--direction', 'g2h', '--direction', 'h2g', '--', '--x'],
      OPTIONS,
      'run',
    );
    expect(parsed.values).toMatchObject({ quiet: true, verbose: true, tree: 'a', direction: ['g2h', 'h2g'] });
    expect(parsed.positionals).toEqual(['one', '--x']);
  });

  it('names the nearest options to an unknown one', () => {
    expect(failure(() => readArguments(['--tre', 'x'], OPTIONS, 'run'))).toMatchObject({
      code: 'UNKNOWN_OPTION',
      blame: 'usage',
      message: 'unknown option --tre of respin run',
      hint: 'did you mean --tree?',
    });
  });

  it('sends to the help where nothing is near', () => {
    expect(failure(() => readArguments(['-z'], OPTIONS, 'run')).hint).toBe(
      'respin run --help lists the options',
    );
  });

  it.each([[['--tree']], [['--tree', '--json']], [['--json=yes']]])('refuses %j', (argv) => {
    expect(failure(() => readArguments(argv, OPTIONS, 'run'))).toMatchObject({
      code: 'BAD_OPTION',
      blame: 'usage',
    });
  });

  it('takes a value that begins with a dash when it is joined with =', () => {
    expect(readArguments(['--tree=-x'], OPTIONS, 'run').values).toMatchObject({ tree: '-x' });
  });
});
