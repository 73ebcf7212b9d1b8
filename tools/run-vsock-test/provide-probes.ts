// SPDX-License-Identifier: MIT
/** The probes, compiled. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { hasDevice, type Qemu } from '../build-vm/qemu.ts';
import { LYING_DEVICE } from '../build-vm/qemu-command.ts';
import { provideStatic } from '../build-vm/static-program.ts';
import { PROBES } from './programs.ts';

const FOLDER = path.join(import.meta.dirname, 'probes');
/** What they share; vring is for those that are a guest themselves, vhost-user for the one that is a device. */
const SHARED = ['probe', 'vring', 'vhost-user'];

export interface Probes {
  /** Equal keys are equal probes. */
  key: string;
  /** Name → the static binary. */
  binaries: Record<string, string>;
  /** Whether this QEMU has what the device that lies is behind. */
  lyingDevice: boolean;
}

/** @throws RespinError OWN_BUILD_FAILED, TOOL_MISSING (machine), INTERRUPTED */
export async function provideProbes(
  qemu: Pick<Qemu, 'binary' | 'libraryPath'>,
  signal: AbortSignal,
): Promise<Probes> {
  const built = PROBES.map(async ({ name }) => {
    const sources = [name.slice('probe-'.length), ...SHARED].map((one) => path.join(FOLDER, `${one}.c`));
    const headers = SHARED.map((one) => path.join(FOLDER, `${one}.h`));
    return [name, await provideStatic({ name, sources, headers }, signal)];
  });
  const binaries = Object.fromEntries(await Promise.all(built));
  const lyingDevice = await hasDevice(qemu, LYING_DEVICE, signal);
  // A binary lies in a folder named by what it was made from.
  const names = Object.values<string>(binaries).map((file) => path.basename(path.dirname(file)));
  const hash = createHash('sha256').update(names.sort().join(' ')).update(String(lyingDevice));
  return { key: hash.digest('hex').slice(0, 32), binaries, lyingDevice };
}
