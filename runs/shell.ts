// SPDX-License-Identifier: MIT
/** Host and guest booted as for a run, for a person to work in. */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emitting } from '../core/channel.ts';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import type { LogFolder } from '../core/logs.ts';
import type { Machine } from '../core/run.ts';
import type { Program } from '../tools/boot-vm/agent.ts';
import { Machines, type Trouble } from '../tools/boot-vm/machines.ts';
import { planFor } from '../tools/boot-vm/plan.ts';
import { type Prepared, prepare, type RunRequest } from './prepare.ts';

export interface OpenShell extends AsyncDisposable {
  /** Starts the shell; its output goes to `onOutput`. */
  start(rows: number, columns: number, onOutput: (data: Buffer) => void): Program;
  /** Resolves when a machine dies under it. */
  trouble: Promise<Trouble>;
  /** Where the consoles' logs are while it is open. */
  logs: string;
}

/**
 * Prepares and boots; gives a shell that can be started in `machine`.
 * @throws RespinError MACHINE_NOT_UP (machine), and what `prepare` throws
 */
export async function* openShell(
  request: RunRequest,
  machine: Machine,
  signal: AbortSignal,
): Steps<OpenShell> {
  const done: Prepared = {};
  const ready = yield* prepare(request, done, signal);
  return yield* emitting<RespinEvent, OpenShell>(async (emit) => {
    const began = performance.now();
    emit({ type: 'stage', stage: 'boot', title: `boot host and guest (${ready.choice.mode})` });
    const folder = await mkdtemp(path.join(tmpdir(), 'respin-shell-'));
    const machines = await Machines.start({
      number: 1,
      plan: planFor(ready.choice.mode),
      qemu: ready.qemu,
      images: ready.images,
      logs: plainLogs(folder),
      emit,
      signal,
    });
    const dispose = async (): Promise<void> => {
      await machines[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const trouble = (await machines.bringUpHost()) ?? (await machines.bringUpGuest());
      if (trouble !== null) {
        throw new RespinError({
          code: 'MACHINE_NOT_UP',
          blame: 'machine',
          message: trouble.what,
          detail: trouble.detail,
          hint: 'respin run tells whether the series is at fault',
        });
      }
    } catch (error) {
      await dispose();
      throw error;
    }
    emit({
      type: 'stage-end',
      stage: 'boot',
      outcome: 'done',
      ms: performance.now() - began,
      detail: 'both are up',
    });
    return {
      start: (rows, columns, onOutput) => {
        const agent = machine === 'host' ? machines.host : machines.guest;
        const shell = agent.start(['/bin/busybox', 'sh', '-l'], { mode: 'terminal', onOutput });
        shell.resize(rows, columns);
        return shell;
      },
      trouble: machines.trouble,
      logs: folder,
      [Symbol.asyncDispose]: async () => {
        await machines.powerOff();
        await dispose();
      },
    };
  });
}

function plainLogs(folder: string): LogFolder {
  return {
    log: (name) => {
      const stream = createWriteStream(path.join(folder, name));
      return { write: (chunk) => void stream.write(chunk), close: () => void stream.end() };
    },
  };
}
