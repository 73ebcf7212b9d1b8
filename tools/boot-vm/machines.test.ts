// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RespinEvent } from '../../core/events.ts';
import { type Behaviour, fakeQemu } from './fake-qemu.ts';
import { Machines, type Trouble } from './machines.ts';
import { planFor } from './plan.ts';
import type { Phase } from './time-outs.ts';

let folder: string;
let logs: Map<string, { text: string; open: boolean }>;
let events: RespinEvent[];
const before = process.env['TMPDIR'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-machines-'));
  process.env['TMPDIR'] = folder;
  logs = new Map();
  events = [];
});

afterEach(async () => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  await rm(folder, { recursive: true, force: true });
});

interface Options {
  limits?: Partial<Record<Phase, number>>;
  signal?: AbortSignal;
  binary?: string;
}

async function machines(behaviour: Behaviour, options: Options = {}): Promise<Machines> {
  return await Machines.start({
    number: 1,
    plan: planFor('tcg+svm'),
    qemu: { binary: options.binary ?? fakeQemu(folder, behaviour), dataDirs: [], libraryPath: [] },
    images: { hostKernel: path.join(folder, 'bzImage'), hostRoot: folder },
    logs: {
      log: (name) => {
        const log = { text: '', open: true };
        logs.set(name, log);
        return {
          write: (chunk) => {
            log.text += Buffer.from(chunk as Uint8Array).toString('latin1');
          },
          close: () => {
            log.open = false;
          },
        };
      },
    },
    emit: (event) => void events.push(event),
    signal: options.signal ?? new AbortController().signal,
    limit: (phase) => options.limits?.[phase] ?? 20_000,
  });
}

async function upTo(behaviour: Behaviour, options: Options = {}): Promise<Trouble | null> {
  await using running = await machines(behaviour, options);
  return (await running.bringUpHost()) ?? (await running.bringUpGuest());
}

/** Processes with the test's folder in their command line. */
function left(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [line] : [];
      } catch {
        return [];
      }
    });
}

function nothingIsLeft(): void {
  expect(left()).toEqual([]);
  expect(readdirSync(folder).filter((name) => !name.startsWith('qemu-'))).toEqual([]);
  expect([...logs].filter(([, log]) => log.open).map(([name]) => name)).toEqual([]);
}

const SHORT = { start: 700, 'first-byte': 700, init: 700, 'power-off': 700 };

describe('a QEMU', () => {
  test('that works: both come up and power off', async () => {
    {
      await using running = await machines('good');
      expect(await running.bringUpHost()).toBeNull();
      expect(await running.bringUpGuest()).toBeNull();
      expect(await running.powerOff()).toEqual(expect.any(Number));
    }
    const phases = events.flatMap((event) =>
      event.type === 'machine' ? [`${event.machine} ${event.phase}`] : [],
    );
    expect(phases).toEqual([
      ...['host started', 'host first-byte', 'host init', 'guest first-byte', 'guest init'],
      ...['guest powered-off', 'host powered-off'],
    ]);
    nothingIsLeft();
  });

  test('that ends at once says why, and is not the kernel', async () => {
    expect(await upTo('exit')).toMatchObject({
      kind: 'died',
      machine: 'host',
      what: "the host's QEMU ended (status 1)",
      detail: expect.stringContaining('Cannot allocate memory'),
      qemuFailed: true,
    });
    nothingIsLeft();
  });

  test('that is not there', async () => {
    const trouble = await upTo('good', { binary: path.join(folder, 'nowhere') });
    expect(trouble).toMatchObject({
      kind: 'died',
      what: expect.stringContaining('not installed'),
      qemuFailed: true,
    });
    nothingIsLeft();
  });

  test('that never connects is given up', async () => {
    const trouble = await upTo('deaf', { limits: SHORT });
    expect(trouble).toMatchObject({ kind: 'timeout', machine: 'host', phase: 'start', qemuFailed: true });
    nothingIsLeft();
  });

  test('whose kernel never prints', async () => {
    const trouble = await upTo('silent', { limits: SHORT });
    expect(trouble).toMatchObject({
      kind: 'timeout',
      machine: 'host',
      phase: 'first-byte',
      what: expect.stringContaining('no console byte'),
      qemuFailed: false,
    });
    nothingIsLeft();
  });

  test('with garbage on console and agent port: no init, and nothing breaks', async () => {
    const trouble = await upTo('garbage', { limits: { init: 1000 } });
    expect(trouble).toMatchObject({ machine: 'host', phase: 'init', qemuFailed: false });
    expect(logs.get('host-console.log')?.text).toHaveLength(20_000);
    nothingIsLeft();
  });

  test('that floods the console is ended by the limit all the same', async () => {
    const trouble = await upTo('flood', { limits: { init: 300 } });
    expect(trouble).toMatchObject({ kind: 'timeout', machine: 'host', phase: 'init' });
    expect(trouble?.detail.split('\n').length).toBeLessThan(30);
    nothingIsLeft();
  });

  test('whose kernel panics: its last words are read before it counts as dead', async () => {
    await using running = await machines('panic');
    expect(await running.bringUpHost()).toMatchObject({
      kind: 'died',
      machine: 'host',
      detail: expect.stringContaining('Unable to mount root fs'),
      qemuFailed: false,
    });
    expect(running.printed('host')).toBe(true);
    await running[Symbol.asyncDispose]();
    expect(running.splats.map(({ kind }) => kind)).toEqual(['panic']);
    nothingIsLeft();
  });
});

describe('a death under a program', () => {
  test("is the host's when the host died, and the report before it is not lost", async () => {
    const running = await machines('killed');
    expect((await running.bringUpHost()) ?? (await running.bringUpGuest())).toBeNull();
    const program = running.guest.start(['/programs/vsock_test']);
    expect(await running.trouble).toMatchObject({ kind: 'died', machine: 'host', phase: 'test' });
    expect((await program.end).how).toBe('lost');
    expect(logs.get('host-console.log')?.text).toContain('NULL pointer dereference');
    await running[Symbol.asyncDispose]();
    expect(running.splats).toHaveLength(1);
    nothingIsLeft();
  });

  test('a host that goes down while the guest is to power off is no power-off', async () => {
    const running = await machines('good');
    expect((await running.bringUpHost()) ?? (await running.bringUpGuest())).toBeNull();
    // The host goes first, as a panic would have it.
    running.guest.powerOff = () => running.host.powerOff();
    expect(await running.powerOff()).toMatchObject({ kind: 'died', machine: 'host', phase: 'power-off' });
    await running[Symbol.asyncDispose]();
    nothingIsLeft();
  });
});

describe('an interrupt', () => {
  test.each<[string, Behaviour]>([
    ['before QEMU connects', 'deaf'],
    ['before the first byte', 'silent'],
    ['before the init', 'flood'],
  ])('%s ends everything', async (_, behaviour) => {
    const stop = new AbortController();
    const running = await machines(behaviour, { signal: stop.signal });
    const up = running.bringUpHost();
    if (behaviour === 'flood')
      await expect.poll(() => running.printed('host'), { timeout: 20_000 }).toBe(true);
    stop.abort();
    await expect(up).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await running[Symbol.asyncDispose]();
    nothingIsLeft();
  });
});

test('what cannot be logged leaves no sockets', async () => {
  const failing = Machines.start({
    number: 1,
    plan: planFor('tcg+svm'),
    qemu: { binary: '/nowhere', dataDirs: [], libraryPath: [] },
    images: { hostKernel: '', hostRoot: '' },
    logs: {
      log: () => {
        throw new Error('no place for logs');
      },
    },
    emit: () => {},
    signal: new AbortController().signal,
  });
  await expect(failing).rejects.toThrow('no place for logs');
  nothingIsLeft();
});
