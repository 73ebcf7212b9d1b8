// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import { displayWidth } from '../core/table.ts';
import { GLOBAL_OPTIONS } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { follow } from './follow.ts';
import { commandHelp, topHelp } from './help.ts';
import { ndjsonPrinter } from './ndjson.ts';

describe.each(COMMANDS.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  it('loads, and its options do not collide with the global ones', async () => {
    const command = await entry.load();
    const shorts = new Set(
      Object.values(GLOBAL_OPTIONS).flatMap((spec) => ('short' in spec ? [spec.short] : [])),
    );
    for (const [option, spec] of Object.entries(command.options)) {
      expect(option in GLOBAL_OPTIONS, option).toBe(false);
      expect(spec.short !== undefined && shorts.has(spec.short as 'q'), option).toBe(false);
      expect(option).toMatch(/^[a-z][a-z0-9-]*$/);
    }
  });

  it('has help that fits and shows every option', async () => {
    const command = await entry.load();
    const help = commandHelp(entry, command);
    for (const usage of entry.usage) expect(usage.split(' ')[0]).toBe(name);
    for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
    for (const line of help.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(110);
  });
});

it('the first help lists every command', () => {
  const help = topHelp(COMMANDS);
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
