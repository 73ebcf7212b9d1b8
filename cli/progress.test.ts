// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import type { RespinEvent } from '../core/events.ts';
import { type ProgressOptions, progressPrinter } from './progress.ts';

function printer(options: Partial<ProgressOptions> & { isTTY?: boolean; columns?: number } = {}) {
  let text = '';
  const clock = { now: 0 };
  const { isTTY = false, columns = 60, ...rest } = options;
  const progress = progressPrinter({
    output: {
      write: (more) => {
        text += more;
      },
      isTTY,
      columns,
    },
    quiet: false,
    verbose: false,
    color: false,
    unicode: true,
    now: () => clock.now,
    ...rest,
  });
  const send = (...events: RespinEvent[]): void => {
    for (const event of events) progress.handle(event);
  };
  return { progress, clock, send, text: () => text };
}

/** What a terminal shows after all of it: the settled lines and the live one. */
function shown(text: string): string[] {
  return text.split('\n').map((line) => line.split('\r\x1b[K').at(-1) ?? '');
}

const STAGE: RespinEvent = { type: 'stage', stage: 'build', title: '6.12.117 fast' };
const END: RespinEvent = {
  type: 'stage-end',
  stage: 'build',
  outcome: 'done',
  ms: 252_000,
  detail: '6.12.117 fast, 1160 objects',
};
const progressed = (done: number): RespinEvent => ({
  type: 'progress',
  stage: 'build',
  what: 'compiling',
  done,
  total: 1160,
  unit: 'objects',
});

const WARNING: RespinEvent = {
  type: 'note',
  level: 'warning',
  text: 'not added: patch 1: Reviewed-by: B <b@example.org>: it was given on v1, and the patch changed a lot since\x1b[2J',
};

it('a warning is wrapped with an indent on a terminal, and one line elsewhere', () => {
  const terminal = printer({ isTTY: true, columns: 50, color: true });
  terminal.send(WARNING);
  expect(terminal.text()).toBe(`\x1b[33mwarning:\x1b[0m not added: patch 1: Reviewed-by: B
  <b@example.org>: it was given on v1, and the
  patch changed a lot since\\x1b[2J
`);
  const log = printer();
  log.send(WARNING);
  expect(log.text()).toMatch(/^warning: not added: .*since\\x1b\[2J\n$/);
});

describe('on a terminal', () => {
  it('a stage is one live line that settles', () => {
    const { send, text, clock } = printer({ isTTY: true });
    send(STAGE);
    clock.now = 3000;
    send(progressed(7));
    expect(shown(text())).toEqual(['… build  compiling  7/1160 objects  3.0s']);
    send(END);
    expect(shown(text())).toEqual(['✓ build  6.12.117 fast, 1160 objects  4m12s', '']);
  });

  it('a tick moves the clock, and only while something runs', () => {
    const { progress, send, text, clock } = printer({ isTTY: true });
    progress.tick();
    expect(text()).toBe('');
    send(STAGE);
    clock.now = 61_000;
    progress.tick();
    expect(shown(text())).toEqual(['… build  6.12.117 fast  1m01s']);
  });

  it('never draws a live line wider than the terminal', () => {
    const { send, text } = printer({ isTTY: true, columns: 30 });
    send({ type: 'stage', stage: 'apply', title: 'a very long title of a very long series' });
    for (const line of shown(text())) expect([...line].length).toBeLessThanOrEqual(29);
  });

  it('takes 80 columns where the terminal does not know its width', () => {
    const { send, text } = printer({ isTTY: true, columns: 0 });
    send(STAGE);
    expect(shown(text())).toEqual(['… build  6.12.117 fast  0.0s']);
  });

  it('a warning stands above the live line', () => {
    const { send, text } = printer({ isTTY: true });
    send(STAGE, { type: 'note', level: 'warning', text: 'QEMU is old' });
    expect(shown(text())).toEqual(['warning: QEMU is old', '… build  6.12.117 fast  0.0s']);
  });

  it('a stage that ends within or beside another leaves its live line', () => {
    const { send, text } = printer({ isTTY: true });
    send({ type: 'stage', stage: 'check', title: 'a series' }, STAGE, progressed(7), END);
    expect(shown(text()).at(-1)).toBe('… check  a series  0.0s');
    send(STAGE, { type: 'stage-end', stage: 'check', outcome: 'done', ms: 1, detail: '1 error' });
    expect(shown(text()).slice(1)).toEqual(['✓ check  1 error  0.0s', '… build  6.12.117 fast  0.0s']);
  });

  it('clear leaves nothing of the live line', () => {
    const { progress, send, text } = printer({ isTTY: true });
    send(STAGE);
    progress.clear();
    expect(shown(text())).toEqual(['']);
  });
});

describe('not on a terminal', () => {
  it('prints a line at the start, at the end, and every ten seconds while something moves', () => {
    const { send, text, clock } = printer();
    send(STAGE);
    for (clock.now = 1000; clock.now <= 25_000; clock.now += 1000) send(progressed(clock.now / 1000));
    send(END);
    expect(text()).toBe(
      'build  6.12.117 fast\n  build  compiling  10/1160 objects\n  build  compiling  20/1160 objects\n' +
        '✓ build  6.12.117 fast, 1160 objects  4m12s\n',
    );
  });

  it('has words for the marks where the locale has no UTF-8', () => {
    const { send, text } = printer({ unicode: false });
    send(
      { type: 'stage-end', stage: 'tree', outcome: 'cached', ms: 3, detail: '6.12.117' },
      { type: 'stage-end', stage: 'build', outcome: 'failed', ms: 1000, detail: 'net/x.c' },
    );
    expect(text()).toBe('ok tree  6.12.117  cached\nFAILED build  net/x.c  1.0s\n');
  });
});

describe('what is printed', () => {
  const command: RespinEvent = { type: 'command', name: 'host', line: 'qemu-system-x86_64 -M q35' };
  const console: RespinEvent = { type: 'console', machine: 'guest', line: 'ok\x1b[2J' };

  it('commands and console lines come with -v only, control bytes escaped', () => {
    const quiet = printer();
    quiet.send(command, console);
    expect(quiet.text()).toBe('');
    const verbose = printer({ verbose: true });
    verbose.send(command, console);
    expect(verbose.text()).toBe('+ qemu-system-x86_64 -M q35\nguest| ok\\x1b[2J\n');
  });

  it('nothing with -q, not even on a terminal', () => {
    const { progress, send, text } = printer({ quiet: true, isTTY: true });
    send(STAGE, progressed(1), { type: 'note', level: 'warning', text: 'x' }, END);
    progress.tick();
    expect(text()).toBe('');
  });

  it('no escape sequence from a subject reaches the terminal', () => {
    const { send, text } = printer({ isTTY: false, verbose: true });
    send({ type: 'patch-applied', index: 1, total: 2, subject: 'a\x1b]0;x\x07b', commit: 'c' });
    expect(text()).toBe('  patch 1/2 a\\x1b]0;x\\x07b\n');
  });

  it('colour only where it is wanted', () => {
    const plain = printer();
    plain.send(END);
    expect(plain.text()).not.toContain('\x1b');
    const coloured = printer({ color: true });
    coloured.send(END);
    expect(coloured.text()).toContain('\x1b[32m✓\x1b[0m build');
  });
});
