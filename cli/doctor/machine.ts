// SPDX-License-Identifier: MIT
/** The questions doctor asks the machine; tests give other answers. */
import { accessSync, constants, existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { arch, availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { RespinError } from '../../core/errors.ts';
import type { Settings } from '../../system/config.ts';
import { run } from '../../system/exec.ts';
import { cachePath } from '../../system/paths.ts';
import { chooseMode, kvmFacts, type ModeChoice } from '../../tools/boot-vm/mode.ts';
import { findQemu, type Qemu } from '../../tools/build-vm/qemu.ts';

export interface Machine {
  /** `x64` */
  arch: string;
  nodeVersion: string;
  cores: number;
  /** Bytes. */
  memory(): Promise<number>;
  /** The cache folder, and the free bytes on its disk. */
  cache(): Promise<{ folder: string; free: number }>;
  /** Stdout and stderr of a program; null when it is not there or fails. */
  ask(command: string, args: string[]): Promise<string | null>;
  /** A file's text; null when it cannot be read. */
  read(file: string): Promise<string | null>;
  exists(file: string): boolean;
  /** Whether this user may read and write it. */
  openable(file: string): boolean;
  /** The QEMU that would be used; throws as findQemu does. */
  qemu(): Promise<Qemu | null>;
  /** The mode a run with this QEMU would start in. */
  vmMode(qemuVersion: string): Promise<ModeChoice>;
}

/** The machine this runs on. */
export function thisMachine(settings: Settings, signal: AbortSignal): Machine {
  return {
    arch: arch(),
    nodeVersion: process.versions.node,
    cores: availableParallelism(),
    memory: async () => await usableMemory(),
    cache: async () => {
      const folder = cachePath();
      // It may not be made yet: ask its nearest folder that is there.
      let there = folder;
      while (!existsSync(there)) there = path.dirname(there);
      const disk = await statfs(there);
      return { folder, free: disk.bavail * disk.bsize };
    },
    ask: async (command, args) => {
      try {
        const result = await run(command, args, { signal, timeout: 10_000 });
        return result.exitCode === 0 ? result.stdout + result.stderr : null;
      } catch (error) {
        if (error instanceof RespinError && error.code === 'TOOL_MISSING') return null;
        throw error;
      }
    },
    read: async (file) => await readFile(file, 'utf8').catch(() => null),
    exists: existsSync,
    openable: (file) => {
      try {
        accessSync(file, constants.R_OK | constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    qemu: async () => await findQemu({ setting: settings.qemu, signal }),
    vmMode: async (qemuVersion) => chooseMode(await kvmFacts(qemuVersion), settings.mode),
  };
}

/** The machine's memory, or what the container it is may use. */
async function usableMemory(): Promise<number> {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
