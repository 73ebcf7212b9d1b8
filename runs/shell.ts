// SPDX-License-Identifier: MIT
/** Host and guest booted as for a run, for a person to work in. */

import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { emitting } from '../core/channel.ts';
import { RespinError } from '../core/errors.ts';
import type { RespinEvent, Steps } from '../core/events.ts';
import type { LogFolder } from '../core/logs.ts';
import type { Machine } from '../core/run.ts';
import { temporaryFolder } from '../system/temporary-folder.ts';
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
    // Disposed of in the other order: the logs' folder goes once nothing writes into it.
    await using open = new AsyncDisposableStack();
    const folder = open.use(await temporaryFolder()).path;
    const machines = open.use(
      await Machines.start({
        number: 1,
        plan: planFor(ready.choice.mode),
        qemu: ready.qemu,
        images: ready.images,
        logs: plainLogs(folder, emit),
        emit,
        signal,
      }),
    );
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
    emit({
      type: 'stage-end',
      stage: 'boot',
      outcome: 'done',
      ms: performance.now() - began,
      detail: 'both are up',
    });
    const stays = open.move();
    return {
      start: (rows, columns, onOutput) => {
        const agent = machine === 'host' ? machines.host : machines.guest;
        // Two shells that look alike are soon mixed up.
        const prompt = `PS1=${machine}:\\w# `;
        const words = ['/bin/busybox', 'env', prompt, '/bin/busybox', 'sh', '-l'];
        const shell = agent.start(words, { mode: 'terminal', onOutput });
        shell.resize(rows, columns);
        return shell;
      },
      trouble: machines.trouble,
      logs: folder,
      [Symbol.asyncDispose]: async () => {
        try {
          // An interrupt ends the waiting for it: then both are ended as they are.
          if (!signal.aborted) await machines.powerOff();
        } finally {
          await stays.disposeAsync();
        }
      },
    };
  });
}

/** A log that cannot be written does not end the shell. It is said during the boot; then the terminal is the shell's. */
function plainLogs(folder: string, emit: (event: RespinEvent) => void): LogFolder {
  return {
    log: (name) => {
      const file = path.join(folder, name);
      const stream = createWriteStream(file);
      stream.on('error', ({ message }) =>
        emit({ type: 'note', level: 'warning', text: `${file} is not written any more: ${message}` }),
      );
      return { write: (chunk) => void stream.write(chunk), close: () => void stream.end() };
    },
  };
}
