// SPDX-License-Identifier: MIT
/** The agent's two halves together: agent.c as a program of this machine, its ports Unix sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runOk } from '../../system/exec.ts';
import type { HostPort } from '../build-vm/qemu-command.ts';
import { Agent, type Program } from './agent.ts';
import { type Listening, listenFor } from './listen.ts';

const SOURCE = path.resolve(import.meta.dirname, '../build-vm/guest-files/agent.c');

let folder: string;
let binary: string;
let ports: Listening;
let child: ChildProcess;
let agent: Agent;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'respin-agent-'));
  binary = path.join(folder, 'agent');
  await runOk('gcc', ['-O1', '-Wall', '-Wextra', '-Werror', '-o', binary, SOURCE]);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  ports = await listenFor(['agent', 'console']);
  await begin(ports.path('agent'));
});

afterEach(async () => {
  child.kill('SIGKILL');
  await ports[Symbol.asyncDispose]();
});

async function begin(port: string): Promise<void> {
  child = spawn(binary, [port], { stdio: 'ignore' });
  agent = new Agent(await ports.connection('agent'));
  await agent.ready;
}

/** A program in the shell, all it has printed, and its relay's port when it has one. */
function shell(script: string, relays: readonly string[] = []): { program: Program; printed: () => string } {
  let text = '';
  const program = agent.start(['sh', '-c', script], {
    relays: relays as HostPort[],
    onOutput: (data) => {
      text += data.toString();
    },
  });
  return { program, printed: () => text };
}

async function rest(port: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  port.on('data', (chunk: Buffer) => chunks.push(chunk));
  port.resume();
  // A port that was reset may be closed by now.
  if (!port.closed) await once(port, 'close');
  return Buffer.concat(chunks).toString();
}

/** What seq prints. */
function numbers(last: number): string {
  return Array.from({ length: last }, (_, i) => `${i + 1}\n`).join('');
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

describe('a relay', () => {
  it('gives all that its peer has written and left behind, however late it is read', async () => {
    const { program } = shell('seq 1 60000 >&3', [ports.path('console')]);
    const port = await ports.connection('console');
    port.pause();
    expect(await program.end).toEqual({ how: 'status', status: 0 });
    await sleep(100);
    expect(await rest(port)).toBe(numbers(60_000));
  });

  it('gives them before the machine is powered off', async () => {
    const { printed } = shell('seq 1 60000 >&3; echo written; exec sleep 60', [ports.path('console')]);
    const port = await ports.connection('console');
    port.pause();
    await until(() => printed() === 'written\n');
    agent.powerOff();
    await sleep(200);
    expect(await rest(port)).toBe(numbers(60_000));
  });

  it('does not keep a machine from being powered off when nobody reads it', async () => {
    shell('exec seq 1 1000000 >&3', [ports.path('console')]);
    (await ports.connection('console')).pause();
    await sleep(100);
    const before = performance.now();
    agent.powerOff();
    await agent.gone;
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('costs no time when its peer is gone and nobody reads', async () => {
    const { program } = shell('seq 1 60000 >&3', [ports.path('console')]);
    (await ports.connection('console')).pause();
    await program.end;
    const used = async (): Promise<number> => {
      const stat = await runOk('cat', [`/proc/${child.pid}/stat`]);
      const fields = stat.stdout.split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    };
    const before = await used();
    await sleep(1000);
    // Hundredths of a second.
    expect((await used()) - before).toBeLessThan(20);
  });

  it('goes both ways', async () => {
    const { program, printed } = shell('head -n 1 <&3; echo back >&3', [ports.path('console')]);
    const port = await ports.connection('console');
    port.write('there\n');
    expect(await rest(port)).toBe('back\n');
    await program.end;
    expect(printed()).toBe('there\n');
  });
});

describe('a program', () => {
  it('that is fed while it prints gets all of it, and the others are served', async () => {
    const { program, printed } = shell('yes 0123456789 | head -c 2000000; wc -c');
    program.input(Buffer.from(`${'0123456789\n'.repeat(20_000)}\x04`));
    expect(await agent.run(['echo', 'served'])).toEqual({
      output: 'served\n',
      end: { how: 'status', status: 0 },
    });
    expect(await program.end).toEqual({ how: 'status', status: 0 });
    expect(printed().length).toBeGreaterThan(2_000_000);
    expect(printed().slice(2_000_000).trim()).toBe('220000');
  });

  it('that reads nothing keeps nobody waiting, and forgets its input when it ends', async () => {
    const { program } = shell('exec sleep 60');
    program.input(Buffer.from('0123456789\n'.repeat(20_000)));
    expect((await agent.run(['echo', 'served'])).output).toBe('served\n');
    program.kill(15);
    expect(await program.end).toEqual({ how: 'signal', signal: 15 });
    expect((await agent.run(['echo', 'served'])).output).toBe('served\n');
  });

  it('that never stops printing keeps nobody waiting', async () => {
    const { program } = shell('exec yes');
    expect((await agent.run(['echo', 'served'])).output).toBe('served\n');
    program.kill(15);
    expect(await program.end).toEqual({ how: 'signal', signal: 15 });
  });

  it('is ended by a broken pipe, as anywhere', async () => {
    const { output } = await agent.run(['grep', 'SigIgn', '/proc/self/status']);
    expect(Number.parseInt(output.split(/\s+/)[1] ?? '', 16) & 0x1000).toBe(0);
  });

  it('gets a signal that comes before it has begun', async () => {
    for (let i = 0; i < 30; i++) {
      const program = agent.start(['sleep', '60']);
      program.kill(9);
      expect(await program.end).toEqual({ how: 'signal', signal: 9 });
    }
  });
});

describe('a command that cannot be carried out', () => {
  it('takes its lines with it', async () => {
    agent.send(`start 900 pty 0 300\n${'poweroff\n'.repeat(300)}`);
    agent.send(`start 901 pty -1 2\n${'poweroff\n'.repeat(2)}`);
    agent.send(`resize ${'9'.repeat(10_000)}poweroff\n`);
    expect((await agent.run(['echo', 'there'])).output).toBe('there\n');
  });

  it('says so when a word is too long, instead of running half of it', async () => {
    expect(await agent.run(['echo', 'x'.repeat(5000)])).toMatchObject({ end: { how: 'lost' } });
    expect((await agent.run(['echo', 'there'])).output).toBe('there\n');
  });

  it('leaves nothing open', async () => {
    const open = (): number => readdirSync(`/proc/${child.pid}/fd`).length;
    await agent.run(['true']);
    const before = open();
    const { program } = shell('true', [ports.path('console'), '/nonexistent/port']);
    expect(await program.end).toMatchObject({
      how: 'lost',
      why: expect.stringContaining('/nonexistent/port'),
    });
    // The answer goes out before the last of them is closed.
    await expect.poll(open).toBe(before);
    const port = await ports.connection('console');
    expect(await rest(port)).toBe('');
  });
});

it('waits for a port that is not there yet', async () => {
  const late = path.join(folder, 'late');
  child.kill('SIGKILL');
  await ports[Symbol.asyncDispose]();
  ports = await listenFor(['agent', 'console']);
  const ready = begin(late);
  await sleep(300);
  await symlink(ports.path('agent'), late);
  await ready;
  expect((await agent.run(['echo', 'there'])).output).toBe('there\n');
});
