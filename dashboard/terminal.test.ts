// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** A program with a bug, which is told of as cli/main.ts does. */
function printedBy(bug: string): string {
  const program = `
    for (const name of ['uncaughtException', 'unhandledRejection'])
      process.on(name, () => { process.stdout.write('told '); process.exit(3); });
    const { restoredForBugs } = await import(${JSON.stringify(new URL('terminal.ts', import.meta.url).href)});
    const done = restoredForBugs(() => process.stdout.write('restored '));
    ${bug}
  `;
  const words = ['--input-type=module', '--no-warnings', '-e', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(status, stderr).toBe(3);
  return stdout;
}

describe('restoredForBugs', () => {
  it('restores before the bug is told of', () => {
    expect(printedBy('setImmediate(() => { throw new Error(); });')).toBe('restored told ');
    expect(printedBy('Promise.reject(new Error());')).toBe('restored told ');
  });

  it('does nothing any more when it was taken back', () => {
    expect(printedBy('done(); setImmediate(() => { throw new Error(); });')).toBe('told ');
  });
});
